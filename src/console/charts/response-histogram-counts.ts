/** Values in seconds with their counts, ascending, as our own endpoints answer them. */
export type Histogram = readonly (readonly [number, number])[]

/** How many values lie in from ≤ value < to; an end that is undefined is open. */
export function countBetween(histogram: Histogram, from: number | undefined, to: number | undefined): number {
  return histogram.reduce(
    (sum, [seconds, count]) => (seconds >= (from ?? 0) && seconds < (to ?? Infinity) ? sum + count : sum),
    0,
  )
}

/** How many values there are. */
export function countOf(histogram: Histogram): number {
  return countBetween(histogram, undefined, undefined)
}

/** The smallest value that the given fraction of all does not exceed. Undefined when there are none. */
export function percentileOf(histogram: Histogram, fraction: number): number | undefined {
  let left = fraction * countOf(histogram)
  for (const [seconds, count] of histogram) {
    left -= count
    if (left <= 0) return seconds
  }
  return histogram.at(-1)?.[0]
}

/** One histogram of several, ascending. */
export function mergeHistograms(histograms: readonly Histogram[]): Histogram {
  const merged = new Map<number, number>()
  for (const histogram of histograms) {
    for (const [seconds, count] of histogram) merged.set(seconds, (merged.get(seconds) ?? 0) + count)
  }
  return [...merged].toSorted(([a], [b]) => a - b)
}
