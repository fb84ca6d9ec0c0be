import { expect, it } from 'vitest'
import { Stamps } from './stamps.ts'

it('follows the clock, in microseconds', () => {
  expect(new Stamps(0).take(1, 1_700_000_000_000)).toBe(1_700_000_000_000_000)
})

it('gives each document of a call its own', () => {
  const stamps = new Stamps(0)
  expect([stamps.take(50, 1000), stamps.take(50, 1000), stamps.take(1, 1000)]).toEqual([
    1_000_000, 1_000_050, 1_000_100,
  ])
})

it('never goes back, when the clock does or after a restart', () => {
  const stamps = new Stamps(5_000_000)
  expect([stamps.take(1, 1), stamps.take(1, 6000), stamps.take(1, 2)]).toEqual([5_000_001, 6_000_000, 6_000_001])
})
