import { describe, expect, it } from 'vitest'
import { binsOf, placeOf, scaleFor, ticksOf, tidy, valueAt } from './log-scale.ts'

describe('scaleFor', () => {
  it.each([
    ['log', [], { kind: 'log', min: 0.001, max: 2 }],
    ['log', [[0, 3]], { kind: 'log', min: 0.001, max: 0.01 }],
    [
      'log',
      [
        [0.012, 1],
        [1.3, 1],
      ],
      { kind: 'log', min: 0.01, max: 2 },
    ],
    [
      'linear',
      [
        [0.012, 1],
        [1.3, 1],
      ],
      { kind: 'linear', min: 0, max: 2 },
    ],
    ['linear', [[0, 1]], { kind: 'linear', min: 0, max: 0.002 }],
  ] as const)('%s of %j', (kind, histogram, scale) => {
    expect(scaleFor(kind, histogram)).toEqual(scale)
  })
})

describe('places', () => {
  const log = { kind: 'log', min: 0.001, max: 10 } as const
  it.each([
    [log, 0.001, 0],
    [log, 0.1, 0.5],
    [log, 10, 1],
    [log, 0, 0],
    [log, 99, 1],
    [{ kind: 'linear', min: 0, max: 4 } as const, 1, 0.25],
  ])('on %j, %d s is at %d', (scale, seconds, place) => {
    expect(placeOf(scale, seconds)).toBeCloseTo(place, 9)
  })

  it('are turned back into values', () => {
    expect([0, 0.25, 0.5, 1].map((place) => tidy(valueAt(log, place)))).toEqual([0.001, 0.01, 0.1, 10])
  })
})

describe('binsOf', () => {
  it('counts all, values on a border above it', () => {
    const scale = { kind: 'log', min: 0.001, max: 1 } as const
    const bins = binsOf(
      scale,
      [
        [0, 1],
        [0.001, 2],
        [0.01, 4],
        [0.1, 8],
        [0.99, 16],
        [1, 32],
      ],
      3,
    )
    expect(bins.map(({ count }) => count)).toEqual([3, 4, 56])
    expect(bins.map(({ from }) => tidy(from))).toEqual([0.001, 0.01, 0.1])
  })
})

describe('ticksOf', () => {
  it.each([
    [{ kind: 'log', min: 0.001, max: 10 }, [0.001, 0.01, 0.1, 1, 10]],
    [{ kind: 'log', min: 0.02, max: 0.5 }, [0.02, 0.05, 0.1, 0.2, 0.5]],
    [{ kind: 'linear', min: 0, max: 2 }, [0, 0.5, 1, 1.5, 2]],
    [{ kind: 'linear', min: 0, max: 0.005 }, [0, 0.001, 0.002, 0.003, 0.004, 0.005]],
  ] as const)('of %j', (scale, ticks) => {
    expect(ticksOf(scale)).toEqual(ticks)
  })
})
