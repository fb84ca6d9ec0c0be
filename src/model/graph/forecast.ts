import { totalCount } from './call-counts.ts'
import type { SeriesEntry } from './time-series.ts'

/** The length of the windows whose fault rates are averaged (spec/query §4.2). */
const FAULT_WINDOW_SECONDS = 300

const DAY_SECONDS = 86_400
/** The weight of the newest rate. */
const ALPHA = 0.05
/** The fault rate to be expected before anything is known: one fault in a hundred requests (spec/query §4.2). */
export const PRIOR_RATE = 0.01
/** Standard deviations. */
const BAND = 3

/** How many faults are to be expected: whole numbers, from 0. */
export type FaultForecast = { readonly high: number; readonly low: number }

/**
 * The fault rate (0 to 1) to be expected at a time: the exponentially weighted mean of the five-minute rates of the 24
 * hours before (spec/query §4.2). The past is a series of five-minute buckets, ascending; whoever calls leaves out those
 * within an active insight. Buckets that had not ended at that time, or are too old, do not count, nor do those
 * without requests.
 */
export function expectedFaultRate(past: readonly SeriesEntry[], atSeconds: number): number {
  let rate = PRIOR_RATE
  for (const { startSeconds, counts } of past) {
    const requests = totalCount(counts)
    if (startSeconds < atSeconds - DAY_SECONDS || requests === 0) continue
    if (startSeconds + FAULT_WINDOW_SECONDS > atSeconds) break
    rate = learnRate(rate, requests, counts.fault)
  }
  return rate
}

/** The rate to be expected after another window, which MUST have requests (spec/query §4.2). */
export function learnRate(rate: number, requests: number, faults: number): number {
  return rate + ALPHA * (faults / requests - rate)
}

/** Between which numbers the faults of so many requests are to be expected, at this fault rate (spec/query §4.2). */
export function faultBounds(requests: number, rate: number): FaultForecast {
  const mean = requests * rate
  const band = BAND * Math.sqrt(mean * (1 - rate))
  return { high: Math.ceil(mean + band + 1), low: Math.max(0, Math.floor(mean - band)) }
}

/** The forecast for each bucket of a series, from the series of five-minute buckets of the same selection. */
export function withForecast(
  series: readonly SeriesEntry[],
  past: readonly SeriesEntry[],
): readonly (SeriesEntry & { readonly forecast: FaultForecast })[] {
  return series.map((entry) => {
    const rate = expectedFaultRate(past, entry.startSeconds)
    return { ...entry, forecast: faultBounds(totalCount(entry.counts), rate) }
  })
}
