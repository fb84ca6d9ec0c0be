import { expect, test } from 'vitest'
import { durationHistogram, median, percentiles } from './histogram.ts'

test('percentiles are exact to one per cent', () => {
  const histogram = durationHistogram()
  for (let ms = 1; ms <= 10_000; ms++) histogram.record(ms)
  for (const share of [0.01, 0.5, 0.9, 0.99, 0.999]) {
    const error = histogram.percentile(share) / (share * 10_000)
    expect(error, String(share)).toBeGreaterThanOrEqual(0.9999)
    expect(error, String(share)).toBeLessThanOrEqual(1.0101)
  }
})

test.each([
  ['nothing recorded', [], { count: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0, maxMs: 0 }],
  ['one record is every percentile', [5], { count: 1, p50Ms: 5, p90Ms: 5, p99Ms: 5, maxMs: 5 }],
  ['a clock that went back counts as zero', [-3], { count: 1, p50Ms: 0, p90Ms: 0, p99Ms: 0, maxMs: 0 }],
])('%s', (_, records, expected) => {
  const histogram = durationHistogram()
  for (const ms of records) histogram.record(ms)
  expect(percentiles(histogram)).toEqual(expected)
})

test('beyond the last bucket the maximum stays exact', () => {
  const histogram = durationHistogram()
  histogram.record(1e9)
  expect(histogram.maxMs()).toBe(1e9)
})

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[], Number.NaN],
])('the median of %j is %d', (figures, expected) => {
  expect(median(figures)).toBe(expected)
})
