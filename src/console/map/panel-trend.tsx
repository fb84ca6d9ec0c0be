import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { OwnTrend } from '../../wire/own/graph.ts'
import { Sparkline } from '../charts/sparkline.tsx'
import type { SparklineSeries } from '../charts/sparkline-plot.tsx'
import { trendQuery, type GraphQuestion, type TrendSubject } from '../data/graph-query.ts'
import { ErrorState, LoadingState } from '../frame/states.tsx'
import { TimeText } from '../words/time-text.tsx'
import { timeText } from './map-words.ts'
import { formatRate, formatShare, problemShare } from './outcome-shares.ts'
import styles from './panel.module.css'
import { trendColumns, type TrendColumns } from './trend-columns.ts'

/** How a node or an edge fared over time: requests with what went wrong, and p95. */
export function Trend({ question, subject }: { readonly question: GraphQuestion; readonly subject: TrendSubject }) {
  const { data, error, refetch } = useQuery(trendQuery(question, subject))
  if (data === undefined)
    return error === null ? (
      <LoadingState label="Loading the trend" rows={3} />
    ) : (
      <ErrorState error={error} onRetry={() => void refetch()} />
    )
  return <TrendCharts trend={data} />
}

function TrendCharts({ trend }: { readonly trend: OwnTrend }) {
  const [cursor, setCursor] = useState<number>()
  const columns = useMemo(() => trendColumns(trend), [trend])
  const rates = useMemo<readonly SparklineSeries[]>(
    () => [
      { token: '--muted', values: columns.rates, isFilled: true },
      { token: '--fault', values: columns.problemRates, isFilled: true },
    ],
    [columns],
  )
  const times = useMemo<readonly SparklineSeries[]>(() => [{ token: '--accent', values: columns.p95 }], [columns])
  if (trend.points.length === 0) return undefined
  const peak = Math.max(0, ...columns.rates)
  const slowest = Math.max(0, ...columns.p95.map((value) => value ?? 0))
  const [first, last] = [columns.times[0], columns.times.at(-1)]
  return (
    <section className={styles['section']} aria-label="Over time">
      <div className={styles['trend']}>
        <div className={styles['trendLine']}>
          <span>Per minute, and what went wrong</span>
          <Reading columns={columns} cursor={cursor} text={rateReading} otherwise={`up to ${formatRate(peak)}`} />
        </div>
        <Sparkline
          summary={`Requests per minute: up to ${formatRate(peak)}`}
          times={columns.times}
          series={rates}
          height={48}
          sync="map trend"
          onCursor={setCursor}
        />
        <div className={styles['trendLine']}>
          <span>p95</span>
          <Reading columns={columns} cursor={cursor} text={timeReading} otherwise={`up to ${timeText(slowest)}`} />
        </div>
        <Sparkline
          summary={`95th percentile of response times: up to ${timeText(slowest)}`}
          times={columns.times}
          series={times}
          height={40}
          sync="map trend"
        />
        <div className={styles['trendLine']}>
          {first === undefined ? undefined : <TimeText seconds={first} isTimeOfDay hasZone={false} />}
          {last === undefined ? undefined : <TimeText seconds={last} isTimeOfDay />}
        </div>
      </div>
      <TrendData trend={trend} />
    </section>
  )
}

function rateReading(columns: TrendColumns, at: number): string {
  const rate = formatRate(columns.rates[at] ?? 0)
  return `${rate}/min, ${formatShare((columns.problemRates[at] ?? 0) / (columns.rates[at] || 1))} wrong`
}

function timeReading(columns: TrendColumns, at: number): string {
  return timeText(columns.p95[at] ?? undefined)
}

/** What is pointed at, and when; else the most there was. */
function Reading({
  columns,
  cursor,
  text,
  otherwise,
}: {
  readonly columns: TrendColumns
  readonly cursor: number | undefined
  readonly text: (columns: TrendColumns, at: number) => string
  readonly otherwise: string
}) {
  const time = cursor === undefined ? undefined : columns.times[cursor]
  if (cursor === undefined || time === undefined) return <span>{otherwise}</span>
  return (
    <span>
      <TimeText seconds={time} isTimeOfDay hasZone={false} /> · {text(columns, cursor)}
    </span>
  )
}

function TrendData({ trend }: { readonly trend: OwnTrend }) {
  return (
    <details className={styles['data']}>
      <summary>Show data</summary>
      <div className={styles['dataScroll']} tabIndex={0} role="region" aria-label="Data of the trend">
        <table>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Per minute</th>
              <th scope="col">Wrong</th>
              <th scope="col">p50</th>
              <th scope="col">p95</th>
            </tr>
          </thead>
          <tbody>
            {trend.points.map((point) => (
              <tr key={point.time}>
                <td>
                  <TimeText seconds={point.time} isTimeOfDay hasZone={false} />
                </td>
                <td>{formatRate(point.total / (trend.period / 60))}</td>
                <td>{formatShare(problemShare(point))}</td>
                <td>{timeText(point.responseTimes.p50)}</td>
                <td>{timeText(point.responseTimes.p95)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
