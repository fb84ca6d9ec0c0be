import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addToHistogram,
  emptyHistogram,
  histogramEntries,
  mergeHistogram,
  percentileSeconds,
  readHistogram,
} from './histogram.ts'

const histogramOf = (values: readonly number[]) => {
  const histogram = emptyHistogram()
  for (const value of values) addToHistogram(histogram, value)
  return histogram
}

const upTo = (count: number, first = 0) => Array.from({ length: count }, (_, number) => first + number)

describe('a histogram', () => {
  test('has each value once, ascending, in seconds', () => {
    expect(histogramEntries(histogramOf([157, 5, 0, 5]))).toEqual([
      { valueSeconds: 0, count: 1 },
      { valueSeconds: 0.005, count: 2 },
      { valueSeconds: 0.157, count: 1 },
    ])
  })

  test('keeps a hundred values as they are', () => {
    expect(histogramEntries(histogramOf(upTo(100, 1_000)))).toHaveLength(100)
  })

  test('puts more into bins of two significant digits, by their lower bounds', () => {
    const values = [...upTo(98), 99, 100, 109, 110, 1_099, 1_100, 123_456]
    expect(histogramEntries(histogramOf(values)).slice(-6)).toEqual([
      { valueSeconds: 0.099, count: 1 },
      { valueSeconds: 0.1, count: 2 },
      { valueSeconds: 0.11, count: 1 },
      { valueSeconds: 1, count: 1 },
      { valueSeconds: 1.1, count: 1 },
      { valueSeconds: 120, count: 1 },
    ])
  })

  test('stays binned, though there are few bins', () => {
    const histogram = histogramOf(upTo(101, 1_000))
    addToHistogram(histogram, 1_999, 3)
    expect(histogramEntries(histogram)).toEqual([
      { valueSeconds: 1, count: 100 },
      { valueSeconds: 1.1, count: 1 },
      { valueSeconds: 1.9, count: 3 },
    ])
  })

  test('takes the greatest number there is', () => {
    const most = Number.MAX_SAFE_INTEGER
    const [last] = histogramEntries(histogramOf([...upTo(100), most])).slice(-1)
    expect(last).toEqual({ valueSeconds: 9_000_000_000_000, count: 1 })
  })

  test('is the same however its values are grouped and ordered', () => {
    const values = fc.array(fc.oneof(fc.nat({ max: 150 }), fc.nat({ max: 100_000 })), { maxLength: 120 })
    fc.assert(
      fc.property(fc.array(values, { maxLength: 4 }), (groups) => {
        const whole = histogramOf(groups.flat())
        const merged = emptyHistogram()
        for (const group of groups.toReversed()) mergeHistogram(merged, histogramOf(group.toReversed()))
        expect(merged).toEqual(whole)

        // As a database merges rows.
        const parts = groups.map(histogramOf)
        const sums = new Map<number, number>()
        for (const { counts } of parts) {
          for (const [key, count] of counts) sums.set(key, (sums.get(key) ?? 0) + count)
        }
        const isBinned = parts.some((part) => part.isBinned)
        expect(readHistogram(isBinned, [...sums.keys()], [...sums.values()])).toEqual(whole)
      }),
      { numRuns: 200 },
    )
  })
})

describe('a percentile', () => {
  test.each<{ values: readonly number[]; fraction: number; seconds: number | undefined; reason: string }>([
    { values: [], fraction: 0.5, seconds: undefined, reason: 'there is nothing' },
    { values: [7], fraction: 0.99, seconds: 0.007, reason: 'one value is all of them' },
    { values: [1, 2, 3, 4], fraction: 0.5, seconds: 0.002, reason: 'half of the values are no greater' },
    { values: [1, 2, 3, 4, 5], fraction: 0.5, seconds: 0.003, reason: 'the middle one' },
    { values: [1, 2, 3, 4], fraction: 0, seconds: 0.001, reason: 'the least' },
    { values: [1, 2, 3, 4], fraction: 1, seconds: 0.004, reason: 'the greatest' },
    { values: [...upTo(99, 1), 1_000], fraction: 0.99, seconds: 0.099, reason: 'one in a hundred is greater' },
  ])('$fraction of $values.length values: $reason', ({ values, fraction, seconds }) => {
    expect(percentileSeconds(histogramOf(values), fraction)).toBe(seconds)
  })
})
