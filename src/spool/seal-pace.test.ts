import { expect, it } from 'vitest'
import { SealPace } from './seal-pace.ts'

it('lets a burst through, then so many a second', () => {
  const pace = new SealPace(2, 4)
  expect([pace.take(1000, 1), pace.take(1000, 1), pace.take(1000, 1)]).toEqual([0, 0, 250])
  expect([pace.take(1125, 1), pace.take(1250, 1), pace.take(1250, 1)]).toEqual([125, 0, 250])
})

it('lets more small files through', () => {
  const pace = new SealPace(1, 4)
  const waits = Array.from({ length: 6 }, () => pace.take(1000, 0.2))
  expect(waits.slice(0, 5)).toEqual([0, 0, 0, 0, 0])
  expect(waits[5]).toBe(50)
})

it('saves up no more than a burst, and does not mind a clock that stands still', () => {
  const pace = new SealPace(2, 4)
  expect([0, 0, 0].map(() => pace.take(60_000, 1))).toEqual([0, 0, 250])
})
