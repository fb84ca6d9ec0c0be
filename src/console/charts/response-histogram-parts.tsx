import { placeOf, tidy, type Bin, type Scale } from './log-scale.ts'
import styles from './response-histogram.module.css'

/** Names of marks closer than this, as a part of the width, are written as one. */
const NEAR = 0.09

/** The names of percentiles above the bars; those that are close share a place: `p95 · p99`. */
export function HistogramMarks({
  scale,
  marks,
}: {
  readonly scale: Scale
  readonly marks: { readonly [name: string]: number | undefined }
}) {
  const written: { text: string; place: number }[] = []
  for (const [name, seconds] of Object.entries(marks)) {
    if (seconds === undefined) continue
    const place = placeOf(scale, seconds)
    const last = written.at(-1)
    if (last !== undefined && place - last.place < NEAR) last.text += ` · ${name}`
    else written.push({ text: name, place })
  }
  return (
    <div className={styles['marks']} aria-hidden="true">
      {written.map(({ text, place }) => (
        <span key={text} style={{ left: `${place * 100}%` }} data-end={endOf(place)}>
          {text}
        </span>
      ))}
    </div>
  )
}

/** Values below the bars. */
export function HistogramAxis({
  scale,
  ticks,
  format,
}: {
  readonly scale: Scale
  readonly ticks: readonly number[]
  readonly format: (seconds: number) => string
}) {
  return (
    <div className={styles['ticks']} aria-hidden="true">
      {ticks.map((tick) => (
        <span key={tick} style={{ left: `${placeOf(scale, tick) * 100}%` }} data-end={endOf(placeOf(scale, tick))}>
          {tick === 0 ? '0' : format(tick)}
        </span>
      ))}
    </div>
  )
}

const endOf = (place: number): string | undefined => (place < 0.04 ? 'left' : place > 0.92 ? 'right' : undefined)

/** The bars as a table. */
export function HistogramData({
  bins,
  noun,
  format,
}: {
  readonly bins: readonly Bin[]
  readonly noun: string
  readonly format: (seconds: number) => string
}) {
  return (
    <details className={styles['data']}>
      <summary>Show data</summary>
      <div className={styles['scroll']} tabIndex={0} role="region" aria-label="Data of the chart">
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">{noun}</th>
            </tr>
          </thead>
          <tbody>
            {bins
              .filter(({ count }) => count > 0)
              .map(({ from, to, count }) => (
                <tr key={from}>
                  <td>{format(tidy(from))}</td>
                  <td>{format(tidy(to))}</td>
                  <td>{count}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
