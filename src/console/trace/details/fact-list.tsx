import styles from './details.module.css'
import type { Fact } from './read-details.ts'
import { factClause } from './value-clause.ts'
import { ValueView } from './value-view.tsx'

/** Facts, one below the other. `service` is whose they are, for filters. */
export function FactList({
  facts,
  service,
}: {
  readonly facts: readonly Fact[]
  readonly service: string | undefined
}) {
  return (
    <dl className={styles['facts']}>
      {facts.map((fact) => (
        <div key={fact.label} className={styles['fact']}>
          <dt className={styles['key']}>
            <bdi>{fact.label}</bdi>
          </dt>
          <dd>
            <ValueView label={fact.label} text={fact.text} clause={factClause(service, fact)} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
