import { useQuery } from '@tanstack/react-query'
import { explainQuery } from '../data/explain-query.ts'
import { windowParameters, writeWindow, type TimeWindow } from '../data/time-window.ts'
import { Button } from '../frame/button.tsx'
import { EmptyState, ErrorState } from '../frame/states.tsx'
import { lengthWords } from './list-truth.ts'
import styles from './nothing-matches.module.css'
import { widerWindows } from './wider-windows.ts'

/** Why no trace matches: which clause removes everything, and what can be done (console §4.11). */
export function NothingMatches({
  filter,
  dialect,
  window,
  onDrop,
  onWindow,
}: {
  /** The group's clause included. */
  readonly filter: string
  readonly dialect: 'aws' | 'extended'
  readonly window: TimeWindow
  /** Drops a clause, counted from 0. */
  readonly onDrop: (index: number) => void
  readonly onWindow: (t: string) => void
}) {
  if (filter === '') {
    return (
      <EmptyState title={`No traces in ${lengthWords(window)}`}>
        <p>Traces exist in this range: no. Nothing was sent, or it was sent for another time.</p>
        <Widen window={window} onWindow={onWindow} />
      </EmptyState>
    )
  }
  return (
    <EmptyState title="Nothing matches">
      <Clauses filter={filter} dialect={dialect} window={window} onDrop={onDrop} />
      <Widen window={window} onWindow={onWindow} />
    </EmptyState>
  )
}

function Clauses({
  filter,
  dialect,
  window,
  onDrop,
}: {
  readonly filter: string
  readonly dialect: 'aws' | 'extended'
  readonly window: TimeWindow
  /** Drops a clause, counted from 0. */
  readonly onDrop: (index: number) => void
}) {
  const explained = useQuery(explainQuery({ filter, dialect, ...windowParameters(window) }))
  if (explained.error !== null) {
    return <ErrorState error={explained.error} onRetry={() => void explained.refetch()} />
  }
  if (explained.data === undefined) return <p>Counting what each clause matches…</p>
  const { scanned, complete, clauses } = explained.data
  const hasZero = clauses.some((clause) => clause.matched === 0)
  return (
    <>
      <p>
        Traces exist in this range: <strong>{scanned === 0 ? 'no' : 'yes'}</strong>
        {scanned === 0 ? '.' : `, ${complete ? '' : 'more than '}${scanned.toLocaleString('en')}.`}
        {scanned > 0 && !hasZero && clauses.length > 1
          ? ' Each clause matches some of them, but no trace satisfies all.'
          : ''}
      </p>
      {scanned === 0 ? undefined : (
        <ul className={styles['clauses']} aria-label="Traces that satisfy each clause alone">
          {clauses.map(({ clause, matched }, index) => (
            <li key={`${index} ${clause}`} className={matched === 0 ? styles['zero'] : ''}>
              <code className={styles['clause']}>
                {index === 0 ? '' : 'AND '}
                <bdi>{clause}</bdi>
              </code>
              <span className={styles['count']}>
                {matched === 0 ? <strong>0</strong> : matched.toLocaleString('en')}
                <span className="visually-hidden"> traces</span>
              </span>
              <Button
                label={`Drop this clause: ${clause}`}
                onPress={() => {
                  onDrop(index)
                }}
              >
                Drop this clause
              </Button>
            </li>
          ))}
        </ul>
      )}
      {complete || scanned === 0 ? undefined : <p>Counted over the newest {scanned.toLocaleString('en')} traces.</p>}
    </>
  )
}

function Widen({ window, onWindow }: { readonly window: TimeWindow; readonly onWindow: (t: string) => void }) {
  const wider = widerWindows(window, Date.now())
  return (
    <p className={styles['widen']}>
      {wider.map((next) => (
        <Button
          key={writeWindow(next)}
          onPress={() => {
            onWindow(writeWindow(next))
          }}
        >
          Widen to {lengthWords(next)}
        </Button>
      ))}
    </p>
  )
}
