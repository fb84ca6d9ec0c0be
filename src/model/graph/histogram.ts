/** More distinct values than this are put into bins (spec/query §3.5). */
const MAX_DISTINCT_VALUES = 100

/** From here on a value in milliseconds has more than the two significant digits that a bin keeps. */
const FIRST_BIN_MS = 100

/**
 * How often each time was seen, in whole milliseconds; of more than 100 distinct values, the lower bounds of bins of two
 * significant digits (spec/query §3.5). A histogram depends only on what was added to it and to those merged into it,
 * not on the order or grouping: more than 100 values in a part are more than 100 in the whole. As columns: the keys, the
 * counts, and `isBinned`. A database may merge rows by itself: sum the counts by key, take the greatest `isBinned`, and
 * let `readHistogram` do the rest.
 */
export type Histogram = {
  /** Whether keys from 100 on are lower bounds of bins. */
  isBinned: boolean
  /** Milliseconds → count, in no order. */
  readonly counts: Map<number, number>
}

/** One value of a histogram in seconds, with how often it was seen. */
export type HistogramEntry = { readonly valueSeconds: number; readonly count: number }

/** A histogram of nothing. */
export function emptyHistogram(): Histogram {
  return { isBinned: false, counts: new Map() }
}

/**
 * A histogram from columns: its keys with their counts, in the same order, either of one histogram or summed by key over
 * many. `isBinned` says whether any of them was.
 */
export function readHistogram(isBinned: boolean, keysMs: readonly number[], counts: readonly number[]): Histogram {
  const histogram: Histogram = { isBinned, counts: new Map() }
  for (const [position, keyMs] of keysMs.entries()) addToHistogram(histogram, keyMs, counts[position] ?? 0)
  return histogram
}

/** Adds a time in whole milliseconds, at least 0, as often as `count` says. Changes the histogram. */
export function addToHistogram(histogram: Histogram, valueMs: number, count = 1): void {
  const key = histogram.isBinned ? lowerBoundMs(valueMs) : valueMs
  histogram.counts.set(key, (histogram.counts.get(key) ?? 0) + count)
  if (!histogram.isBinned && histogram.counts.size > MAX_DISTINCT_VALUES) bin(histogram)
}

/** Adds all of another histogram. Changes the first. */
export function mergeHistogram(histogram: Histogram, other: Histogram): void {
  if (other.isBinned && !histogram.isBinned) bin(histogram)
  for (const [valueMs, count] of other.counts) addToHistogram(histogram, valueMs, count)
}

/** The values in ascending order, in seconds of three decimals. */
export function histogramEntries({ counts }: Histogram): readonly HistogramEntry[] {
  return [...counts].toSorted(([a], [b]) => a - b).map(([valueMs, count]) => ({ valueSeconds: valueMs / 1_000, count }))
}

/**
 * The time in seconds that the given fraction (0 to 1) of the values does not exceed: the smallest value with at least
 * that many up to it, which a bin knows by its lower bound alone, up to a tenth too low. Undefined when there are none.
 */
export function percentileSeconds(histogram: Histogram, fraction: number): number | undefined {
  const entries = histogramEntries(histogram)
  const total = entries.reduce((sum, { count }) => sum + count, 0)
  let left = fraction * total
  for (const { valueSeconds, count } of entries) {
    left -= count
    if (left <= 0) return valueSeconds
  }
  return entries.at(-1)?.valueSeconds
}

function bin(histogram: Histogram): void {
  const exact = [...histogram.counts]
  histogram.isBinned = true
  histogram.counts.clear()
  for (const [valueMs, count] of exact) addToHistogram(histogram, valueMs, count)
}

function lowerBoundMs(valueMs: number): number {
  let width = 1
  while (valueMs >= width * FIRST_BIN_MS) width *= 10
  return valueMs - (valueMs % width)
}
