import type { Json } from '../../../model/json.ts'
import { RawNumber } from '../../../model/raw-number.ts'
import styles from './details.module.css'
import { JsonTree } from './json-tree.tsx'
import { ValueView } from './value-view.tsx'

/** Metadata by namespace; members of one are listed, what is inside of them is a tree. */
export function MetadataTab({
  metadata,
}: {
  readonly metadata: readonly { readonly namespace: string; readonly value: Json }[]
}) {
  if (metadata.length === 0) return <p className={styles['none']}>No metadata.</p>
  return metadata.map(({ namespace, value }) => (
    <section key={namespace} className={styles['section']}>
      <h3>
        <bdi className="mono">{namespace}</bdi>
      </h3>
      {isContainer(value) && !Array.isArray(value) ? (
        <Members members={Object.entries(value)} />
      ) : (
        <Value name={namespace} value={value} />
      )}
    </section>
  ))
}

function Members({ members }: { readonly members: readonly (readonly [string, Json])[] }) {
  return (
    <dl className={styles['facts']}>
      {members.map(([key, value]) => (
        <div key={key} className={styles['fact']}>
          <dt className={styles['key']}>
            <bdi className="mono">{key}</bdi>
          </dt>
          <dd>
            <Value name={key} value={value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Value({ name, value }: { readonly name: string; readonly value: Json | RawNumber }) {
  if (isContainer(value)) return <JsonTree value={value} />
  return <ValueView label={name} text={value instanceof RawNumber ? value.lexeme : String(value)} />
}

function isContainer(value: Json | RawNumber): value is Extract<Json, object> {
  return typeof value === 'object' && value !== null && !(value instanceof RawNumber)
}
