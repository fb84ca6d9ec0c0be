import { RawNumber } from '../../../model/raw-number.ts'
import styles from './details.module.css'
import type { DetailAnnotation } from './read-details.ts'
import { annotationClause } from './value-clause.ts'
import { ValueView } from './value-view.tsx'

/** The annotations of a segment, which filters can ask for. */
export function AnnotationsTab({ annotations }: { readonly annotations: readonly DetailAnnotation[] }) {
  if (annotations.length === 0) return <p className={styles['none']}>No annotations.</p>
  return (
    <dl className={styles['facts']}>
      {annotations.map((annotation) => (
        <div key={annotation.key} className={styles['fact']}>
          <dt className={styles['key']}>
            <bdi className="mono">{annotation.key}</bdi>
          </dt>
          <dd>
            <ValueView
              label={annotation.key}
              text={annotation.value instanceof RawNumber ? annotation.value.lexeme : String(annotation.value)}
              clause={annotationClause(annotation)}
            />
          </dd>
        </div>
      ))}
    </dl>
  )
}
