import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDeferredValue, useEffect, useState } from 'react'
import { slowestQuery, type GraphQuestion } from '../data/graph-query.ts'
import { withClause, withGroup } from '../filter-box/join-clause.ts'
import { CopyButton } from '../frame/copy-button.tsx'
import { ErrorState, LoadingState } from '../frame/states.tsx'
import { formatDuration } from '../words/format-duration.ts'
import { OutcomeMark } from '../words/outcome-mark.tsx'
import { TimeText } from '../words/time-text.tsx'
import styles from './panel.module.css'

/** How long a selection has to rest before its traces are looked for. */
const REST_MS = 250

/** The filter that a selection makes, the way to its traces, and the slowest of them. */
export function SelectedTraces({ question, clause }: { readonly question: GraphQuestion; readonly clause: string }) {
  const rested = useDeferredValue(useRested(clause))
  const filter = withClause(question.q ?? '', rested)
  const { data, error, isPlaceholderData, isFetching, refetch } = useQuery(
    slowestQuery(question.t, withGroup(filter, question.g)),
  )
  const isKnown = data !== undefined && !isPlaceholderData && rested === clause
  return (
    <>
      <section className={styles['section']} aria-label="Traces">
        <div className={styles['filter']}>
          <code dir="ltr">{clause}</code>
          <CopyButton text={clause} label="Copy filter" />
        </div>
        <div className={styles['go']}>
          <Link
            className={styles['primary']}
            to="/traces"
            search={{ t: question.t, g: question.g, q: withClause(question.q ?? '', clause) }}
          >
            {isKnown ? `View ${data.matched} ${data.matched === 1 ? 'trace' : 'traces'}` : 'View traces'}
          </Link>
          {isFetching && !isKnown ? <span className={styles['note']}>counting…</span> : undefined}
        </div>
      </section>
      {error !== null && data === undefined ? <ErrorState error={error} onRetry={() => void refetch()} /> : undefined}
      {data === undefined && error === null ? (
        <LoadingState label="Looking for the slowest traces" rows={5} />
      ) : undefined}
      {data === undefined || data.traces.length === 0 ? undefined : (
        <section className={styles['section']} aria-label="Slowest traces">
          <h3>Slowest traces</h3>
          <ul className={styles['rows']}>
            {data.traces.map((trace) => (
              <li key={trace.id}>
                <Link
                  className={`${styles['row']} ${styles['rowName']}`}
                  to="/traces/$id"
                  params={{ id: trace.id }}
                  search={{ t: question.t, g: question.g }}
                >
                  <span className={styles['duration']}>{formatDuration(trace.duration)}</span>
                  <OutcomeMark outcome={trace.outcome} isShort />
                  <bdi>{`${trace.method} ${trace.url === '' ? trace.entry : pathOf(trace.url)}`.trim()}</bdi>
                </Link>
                <span className={`${styles['rowNumbers']} ${styles['row']}`}>
                  <TimeText seconds={trace.start} isTimeOfDay hasZone={false} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

/** The last value that stayed for a while. */
function useRested(value: string): string {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => {
      setRested(value)
    }, REST_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [value])
  return rested
}

function pathOf(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/]+/i, '').replace(/[?#].*$/, '') || '/'
}
