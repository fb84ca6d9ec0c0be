import type { OwnTrend } from '../../wire/own/graph.ts'

/** A trend as columns of equal length, for a chart. */
export type TrendColumns = {
  /** Epoch seconds, ascending; every period of the time, also those in which nothing was counted. */
  readonly times: readonly number[]
  readonly rates: readonly number[]
  readonly problemRates: readonly number[]
  /** Seconds; null where nothing was counted. */
  readonly p95: readonly (number | null)[]
}

/** The most columns that are worth drawing. */
const MOST_COLUMNS = 5_000

/** A trend of which the periods that were left out, for nothing was counted in them, are back as zeros. */
export function trendColumns({ startTime, endTime, period, points }: OwnTrend): TrendColumns {
  const byTime = new Map(points.map((point) => [point.time, point]))
  const first = Math.min(Math.floor(startTime / period) * period, points[0]?.time ?? Infinity)
  const periods = Math.min(MOST_COLUMNS, Math.max(1, Math.ceil((endTime - first) / period)))
  const times = Array.from({ length: periods }, (_, at) => first + at * period)
  const minutes = period / 60
  return {
    times,
    rates: times.map((time) => (byTime.get(time)?.total ?? 0) / minutes),
    problemRates: times.map((time) => {
      const point = byTime.get(time)
      return point === undefined ? 0 : (point.fault + point.error + point.throttle) / minutes
    }),
    p95: times.map((time) => byTime.get(time)?.responseTimes.p95 ?? null),
  }
}
