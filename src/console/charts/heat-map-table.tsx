import type { Overview } from '../../wire/own/overview.ts'
import { formatTime } from '../words/format-time.ts'
import { boundsOf, boxBetween, durationWords } from './heat-map-layout.ts'
import styles from './heat-map.module.css'

const MOST_ROWS = 400

/** The figures of a heat map: the cells that have any, the newest first. */
export function HeatMapTable({
  id,
  overview,
  zone,
}: {
  readonly id: string
  readonly overview: Overview
  readonly zone: string
}) {
  const { cells } = overview.heat
  const shown = cells.toReversed().slice(0, MOST_ROWS)
  return (
    <div className={styles['data']} tabIndex={0} role="region" aria-label="Data of the heat map">
      <table id={id}>
        <caption className="visually-hidden">Traces by time and duration</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Duration</th>
            <th scope="col">Traces</th>
            <th scope="col">Faults</th>
            <th scope="col">Errors</th>
            <th scope="col">Throttles</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(([column, row, ...counts]) => {
            const bounds = boundsOf(overview, boxBetween({ column, row }, { column, row }))
            return (
              <tr key={`${column} ${row}`}>
                <td>{formatTime(bounds.fromMs, zone)}</td>
                <td>{durationWords(bounds)}</td>
                {counts.map((count, at) => (
                  <td key={at}>{count.toLocaleString('en')}</td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
      {cells.length > MOST_ROWS ? (
        <p className={styles['legend']}>
          The newest {MOST_ROWS} of {cells.length.toLocaleString('en')} cells; a shorter time has fewer.
        </p>
      ) : undefined}
    </div>
  )
}
