import { expect, test } from 'vitest'
import type { Anomalies, Boost } from './sampling-boost.ts'
import { boostToBegin } from './sampling-boost.ts'

const rule = { fixedRate: 0.05, boost: { maxRate: 0.5, cooldownWindowMinutes: 5 } }
const boost = (startSeconds: number): Boost => ({ rate: 0.5, startSeconds, endSeconds: startSeconds + 60 })

test.each<[why: string, anomalies: Anomalies, last: Boost | undefined, nowSeconds: number, rate: number | undefined]>([
  ['nothing is wrong', { anomalies: 0, sampled: 0 }, undefined, 1000, undefined],
  ['ten of a hundred are wanted', { anomalies: 100, sampled: 3 }, undefined, 1000, 0.1],
  ['all of a few are wanted, and the rule allows a half', { anomalies: 4, sampled: 0 }, undefined, 1000, 0.5],
  ['never below the rate that the rule has anyway', { anomalies: 1000, sampled: 0 }, undefined, 1000, 0.05],
  ['ten are enough', { anomalies: 100, sampled: 10 }, undefined, 1000, undefined],
  ['all of a few are enough', { anomalies: 4, sampled: 4 }, undefined, 1000, undefined],
  ['one is under way', { anomalies: 100, sampled: 0 }, boost(950), 1000, undefined],
  ['it is over, but the rule rests', { anomalies: 100, sampled: 0 }, boost(1000), 1299, undefined],
  ['the rule has rested', { anomalies: 100, sampled: 0 }, boost(1000), 1300, 0.1],
])('%s', (_, anomalies, last, nowSeconds, rate) => {
  const begun = boostToBegin(rule, anomalies, last, nowSeconds)
  const expected = { rate, startSeconds: nowSeconds, endSeconds: nowSeconds + 60 }
  expect(begun).toEqual(rate === undefined ? undefined : expected)
})

test('without a rest to keep, the next begins when the last has ended', () => {
  const restless = { fixedRate: 0.05, boost: { maxRate: 0.5, cooldownWindowMinutes: 0 } }
  expect(boostToBegin(restless, { anomalies: 100, sampled: 0 }, boost(1000), 1059)).toBeUndefined()
  expect(boostToBegin(restless, { anomalies: 100, sampled: 0 }, boost(1000), 1060)?.rate).toBe(0.1)
})
