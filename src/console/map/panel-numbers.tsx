import type { OwnCounts, OwnTimes } from '../../wire/own/graph.ts'
import { OutcomeMark } from '../words/outcome-mark.tsx'
import { OUTCOMES } from '../words/outcome.ts'
import { timeText } from './map-words.ts'
import { formatCount, formatRate, formatShare, shareOf } from './outcome-shares.ts'
import styles from './panel.module.css'

/** How requests went, as a bar and in words with counts. */
export function Shares({ counts }: { readonly counts: OwnCounts }) {
  if (counts.total === 0) return <p className={styles['note']}>Nothing was completed in this time</p>
  const present = OUTCOMES.filter((outcome) => counts[outcome] > 0).toReversed()
  return (
    <div className={styles['section']}>
      <div className={styles['bar']} aria-hidden="true">
        {present.map((outcome) => (
          <span key={outcome} className={styles[outcome]} style={{ flexGrow: counts[outcome] }} />
        ))}
      </div>
      <ul className={styles['shares']}>
        {present.map((outcome) => (
          <li key={outcome} className={styles['share']}>
            <OutcomeMark outcome={outcome} />
            <span>
              <b>{formatShare(shareOf(counts, outcome))}</b> <i>{formatCount(counts[outcome])}</i>
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Rate and percentiles. */
export function Numbers({
  total,
  minutes,
  times,
}: {
  readonly total: number
  readonly minutes: number
  readonly times: OwnTimes
}) {
  return (
    <dl className={styles['numbers']}>
      <div>
        <dt>Per minute</dt>
        <dd title={`${total} in all`}>{formatRate(total / minutes)}</dd>
      </div>
      {(['p50', 'p90', 'p95', 'p99'] as const).map((name) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{timeText(times[name])}</dd>
        </div>
      ))}
    </dl>
  )
}
