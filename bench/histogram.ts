/** Counts of durations in buckets that are at most 1 % wide, so that a percentile is exact to 1 %. */
export type Histogram = {
  /** Adds one duration in milliseconds; a negative one counts as zero. */
  readonly record: (ms: number) => void
  /** The duration in milliseconds below or at which this share (0–1) of the records lies; 0 when there are none. */
  readonly percentile: (share: number) => number
  readonly count: () => number
  /** The longest duration recorded, exactly. */
  readonly maxMs: () => number
}

const SMALLEST_MS = 0.001
const LOG_STEP = Math.log(1.01)
/** Reaches beyond an hour. */
const BUCKETS = 2300

/** An empty histogram of durations from 1 µs to an hour. */
export function durationHistogram(): Histogram {
  const counts = new Uint32Array(BUCKETS)
  let count = 0
  let maxMs = 0
  return {
    record: (ms) => {
      const bucket = ms <= SMALLEST_MS ? 0 : Math.ceil(Math.log(ms / SMALLEST_MS) / LOG_STEP)
      const index = Math.min(BUCKETS - 1, bucket)
      counts[index] = (counts[index] ?? 0) + 1
      count++
      if (ms > maxMs) maxMs = ms
    },
    percentile: (share) => {
      const rank = Math.max(1, Math.ceil(share * count))
      let seen = 0
      for (let i = 0; i < BUCKETS; i++) {
        seen += counts[i] ?? 0
        if (count > 0 && seen >= rank) return Math.min(maxMs, SMALLEST_MS * Math.exp(i * LOG_STEP))
      }
      return maxMs
    },
    count: () => count,
    maxMs: () => maxMs,
  }
}

/** The percentiles that every report shows, in milliseconds. */
export type Percentiles = {
  readonly count: number
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** Reads the usual percentiles out of a histogram, rounded to the microsecond. */
export function percentiles(histogram: Histogram): Percentiles {
  const round = (ms: number): number => Math.round(ms * 1000) / 1000
  return {
    count: histogram.count(),
    p50Ms: round(histogram.percentile(0.5)),
    p90Ms: round(histogram.percentile(0.9)),
    p99Ms: round(histogram.percentile(0.99)),
    maxMs: round(histogram.maxMs()),
  }
}

/** The middle one of some figures, the mean of the two middle ones when their number is even; NaN for none. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length % 2 === 1) return sorted[middle] ?? Number.NaN
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}
