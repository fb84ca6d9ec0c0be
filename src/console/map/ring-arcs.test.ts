import { describe, expect, it } from 'vitest'
import { arcPath, notchPath, ringArcs } from './ring-arcs.ts'

const counts = (ok: number, throttle: number, error: number, fault: number) => ({
  total: ok + throttle + error + fault,
  ok,
  throttle,
  error,
  fault,
})

describe('ringArcs', () => {
  it.each([
    { reason: 'nothing was counted', of: counts(0, 0, 0, 0), is: [] },
    { reason: 'all went well', of: counts(7, 0, 0, 0), is: [['ok', 0, 360]] },
    { reason: 'all failed', of: counts(0, 0, 0, 3), is: [['fault', 0, 360]] },
    {
      reason: 'half and half',
      of: counts(1, 0, 0, 1),
      is: [
        ['ok', 0, 180],
        ['fault', 180, 360],
      ],
    },
    {
      reason: 'one in a thousand can be seen',
      of: counts(999, 0, 0, 1),
      is: [
        ['ok', 0, 352],
        ['fault', 352, 360],
      ],
    },
    {
      reason: 'the order is fixed, and each has at least 8 degrees',
      of: counts(9_997, 1, 1, 1),
      is: [
        ['ok', 0, 336],
        ['throttle', 336, 344],
        ['error', 344, 352],
        ['fault', 352, 360],
      ],
    },
  ])('$reason', ({ of, is }) => {
    const arcs = ringArcs(of).map(({ outcome, fromDegrees, toDegrees }) => [
      outcome,
      Math.round(fromDegrees * 1e6) / 1e6,
      Math.round(toDegrees * 1e6) / 1e6,
    ])
    expect(arcs).toEqual(is)
  })
})

describe('paths', () => {
  it.each([
    [{ outcome: 'ok', fromDegrees: 0, toDegrees: 360 }, 'M0 -10A10 10 0 1 1 0 10A10 10 0 1 1 0 -10'],
    [{ outcome: 'ok', fromDegrees: 0, toDegrees: 90 }, 'M0 -10A10 10 0 0 1 10 0'],
    [{ outcome: 'ok', fromDegrees: 0, toDegrees: 270 }, 'M0 -10A10 10 0 1 1 -10 0'],
  ] as const)('%j is drawn', (arc, path) => {
    expect(arcPath(arc, 10)).toBe(path)
  })

  it('puts the notch in the middle of its part', () => {
    expect(notchPath({ outcome: 'fault', fromDegrees: 90, toDegrees: 270 }, 10, 4)).toMatch(/L0 6L/)
  })
})
