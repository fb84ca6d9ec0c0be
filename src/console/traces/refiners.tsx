import { Minus, Plus } from 'lucide-react'
import { useState } from 'react'
import type { OverviewFacet, OverviewValue } from '../../wire/own/overview.ts'
import { Button } from '../frame/button.tsx'
import { OUTCOME_MARKS, OUTCOMES } from '../words/outcome.ts'
import styles from './refiners.module.css'

const FEW = 6
/** Open from the start; the others show how many values they have. */
const OPEN: ReadonlySet<string> = new Set(['service', 'outcome', 'status', 'url'])

/** What the matching traces have in common, each of which can be asked for, or left out, by a clause of the filter. */
export function Refiners({
  facets,
  note,
  onRefine,
}: {
  readonly facets: readonly OverviewFacet[]
  /** That the figures are of a part only. */
  readonly note: string
  readonly onRefine: (clause: string, isWanted: boolean) => void
}) {
  return (
    <section aria-label="Refine" className={styles['refiners']}>
      {note === '' ? undefined : <p className={styles['note']}>{note}</p>}
      {facets.length === 0 ? (
        <p className={styles['note']}>Nothing matches, so there is nothing to refine.</p>
      ) : undefined}
      {facets.map((facet) => (
        <Facet key={facet.field} facet={facet} onRefine={onRefine} />
      ))}
    </section>
  )
}

function Facet({
  facet,
  onRefine,
}: {
  readonly facet: OverviewFacet
  readonly onRefine: (clause: string, isWanted: boolean) => void
}) {
  const [showsAll, setShowsAll] = useState(false)
  const shown = showsAll ? facet.values : facet.values.slice(0, FEW)
  const most = facet.values[0]?.count ?? 1
  const rest = facet.values.length - FEW
  return (
    <details className={styles['facet']} open={OPEN.has(facet.field)}>
      <summary className={styles['summary']}>
        <bdi>{facet.label}</bdi>
        <span className={styles['muted']}>
          {facet.field.startsWith('annotation.') ? 'annotation · ' : ''}
          {facet.values.length === 20 ? '20+' : facet.values.length}
        </span>
      </summary>
      <ul className={styles['values']}>
        {shown.map((value) => (
          <Value key={value.clause} facet={facet} value={value} most={most} onRefine={onRefine} />
        ))}
      </ul>
      {rest <= 0 ? undefined : (
        <Button
          kind="quiet"
          onPress={() => {
            setShowsAll(!showsAll)
          }}
        >
          {showsAll ? 'Fewer' : `${rest} more`}
        </Button>
      )}
    </details>
  )
}

function Value({
  facet,
  value,
  most,
  onRefine,
}: {
  readonly facet: OverviewFacet
  readonly value: OverviewValue
  readonly most: number
  readonly onRefine: (clause: string, isWanted: boolean) => void
}) {
  const outcome = facet.field === 'outcome' ? OUTCOMES.find((one) => one === value.value) : undefined
  return (
    <li className={styles['value']} title={value.value}>
      <span
        className={styles['share']}
        aria-hidden="true"
        style={{ width: `calc(${value.count / most} * (100% - 64px))` }}
      />
      {outcome === undefined ? (
        <bdi className={styles['text']}>{value.value === '' ? '(empty)' : value.value}</bdi>
      ) : (
        <span className={styles['text']}>
          <span className={styles[outcome]} aria-hidden="true">
            {OUTCOME_MARKS[outcome].mark}
          </span>{' '}
          {OUTCOME_MARKS[outcome].word}
        </span>
      )}
      <span className={styles['count']}>{value.count.toLocaleString('en')}</span>
      <button
        type="button"
        className={styles['step']}
        aria-label={`Only ${facet.label} ${value.value}`}
        title={`AND ${value.clause}`}
        onClick={() => {
          onRefine(value.clause, true)
        }}
      >
        <Plus size={12} aria-hidden="true" />
      </button>
      <button
        type="button"
        className={styles['step']}
        aria-label={`Without ${facet.label} ${value.value}`}
        title={`AND !${value.clause}`}
        onClick={() => {
          onRefine(value.clause, false)
        }}
      >
        <Minus size={12} aria-hidden="true" />
      </button>
    </li>
  )
}
