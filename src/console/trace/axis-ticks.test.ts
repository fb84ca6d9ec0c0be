import { describe, expect, it } from 'vitest'
import { axisTicks } from './axis-ticks.ts'

const labels = (fromUs: number, toUs: number, most = 6) => axisTicks({ fromUs, toUs }, most).map(({ label }) => label)

describe('Ticks of the time axis', () => {
  it.each([
    { fromUs: 0, toUs: 1_204_000, expected: ['0', '500 ms', '1000 ms'], why: 'steps of 1, 2 or 5' },
    { fromUs: 0, toUs: 900_000, expected: ['0', '200 ms', '400 ms', '600 ms', '800 ms'], why: 'milliseconds' },
    { fromUs: 210, toUs: 255, expected: ['210 µs', '220 µs', '230 µs', '240 µs', '250 µs'], why: 'in the middle' },
    { fromUs: -50_000, toUs: 100_000, expected: ['-50 ms', '0', '50 ms', '100 ms'], why: 'before the start' },
    { fromUs: 0, toUs: 6_000_000, expected: ['0', '1 s', '2 s', '3 s', '4 s', '5 s', '6 s'], why: 'seconds' },
    { fromUs: 0, toUs: 600_000_000, expected: ['0', '2 min', '4 min', '6 min', '8 min', '10 min'], why: 'minutes' },
    { fromUs: 0, toUs: 5 * 86_400_000_000, expected: ['0', '24 h', '48 h', '72 h', '96 h', '120 h'], why: 'days' },
  ])('are round: $why', ({ fromUs, toUs, expected }) => {
    expect(labels(fromUs, toUs)).toEqual(expected)
  })

  it('are at most as many as fit, and one at the edge', () => {
    for (const span of [10, 37, 999, 12_345, 86_400_000, 9e9, 4e12]) {
      for (const most of [2, 5, 9]) expect(labels(0, span, most).length).toBeLessThanOrEqual(most + 1)
    }
  })
})
