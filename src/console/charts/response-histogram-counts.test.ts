import { describe, expect, it } from 'vitest'
import { countBetween, countOf, mergeHistograms, percentileOf } from './response-histogram-counts.ts'

const TIMES = [
  [0.01, 50],
  [0.2, 45],
  [0.4, 4],
  [3, 1],
] as const

describe('countBetween', () => {
  it.each([
    [undefined, undefined, 100],
    [0.2, undefined, 50],
    [0.2, 0.4, 45],
    [undefined, 0.2, 50],
    [5, 6, 0],
  ])('from %s to %s', (from, to, count) => {
    expect(countBetween(TIMES, from, to)).toBe(count)
  })
})

describe('percentileOf', () => {
  it.each([
    [0, 0.01],
    [0.5, 0.01],
    [0.51, 0.2],
    [0.95, 0.2],
    [0.99, 0.4],
    [1, 3],
  ])('of %d', (fraction, seconds) => {
    expect(percentileOf(TIMES, fraction)).toBe(seconds)
  })

  it('of nothing is nothing', () => {
    expect(percentileOf([], 0.5)).toBeUndefined()
  })
})

describe('mergeHistograms', () => {
  it('adds counts of equal values, ascending', () => {
    const merged = mergeHistograms([
      TIMES,
      [
        [0.1, 1],
        [0.2, 5],
      ],
      [],
    ])
    expect(merged).toEqual([
      [0.01, 50],
      [0.1, 1],
      [0.2, 50],
      [0.4, 4],
      [3, 1],
    ])
    expect(countOf(merged)).toBe(106)
  })
})
