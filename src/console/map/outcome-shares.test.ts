import { describe, expect, it } from 'vitest'
import { formatCount, formatRate, formatShare, isProblem, problemShare, worstOf } from './outcome-shares.ts'

const counts = (ok: number, throttle: number, error: number, fault: number) => ({
  total: ok + throttle + error + fault,
  ok,
  throttle,
  error,
  fault,
})

describe('worstOf', () => {
  it.each([
    [counts(0, 0, 0, 0), undefined],
    [counts(5, 0, 0, 0), undefined],
    [counts(8, 0, 1, 1), { outcome: 'fault', share: 0.1 }],
    [counts(7, 0, 2, 1), { outcome: 'error', share: 0.2 }],
    [counts(0, 4, 0, 0), { outcome: 'throttle', share: 1 }],
  ])('of %j is %j', (of, is) => {
    expect(worstOf(of)).toEqual(is)
  })
})

describe('problems', () => {
  it.each([
    [counts(0, 0, 0, 0), 0, false],
    [counts(99, 0, 0, 1), 0.01, false],
    [counts(98, 1, 0, 1), 0.02, true],
  ])('of %j are %d', (of, share, is) => {
    expect([problemShare(of), isProblem(of)]).toEqual([share, is])
  })
})

describe('words for numbers', () => {
  it.each([
    [0, '0 %'],
    [0.000_4, '< 0.1 %'],
    [0.021, '2.1 %'],
    [0.02, '2 %'],
    [0.155, '16 %'],
    [0.9964, '99.6 %'],
    [0.999_99, '99.9 %'],
    [1, '100 %'],
  ])('a share of %d is %s', (share, text) => {
    expect(formatShare(share)).toBe(text)
  })

  it.each([
    [0, '0'],
    [0.001, '< 0.01'],
    [0.0667, '0.067'],
    [9.94, '9.9'],
    [9.96, '10'],
    [411.6, '412'],
    [12_345, '12.3 k'],
  ])('a rate of %d is %s', (rate, text) => {
    expect(formatRate(rate)).toBe(text)
  })

  it.each([
    [9_999, '9999'],
    [999_499, '999 k'],
    [999_500, '1 M'],
    [3_140_000, '3.14 M'],
  ])('a count of %d is %s', (count, text) => {
    expect(formatCount(count)).toBe(text)
  })
})
