import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryOutline, bigOutline, outlineOf } from '../../../../test/fixtures/trace-outline.ts'
import { flameByTime, flameMerged, frameAt, frameBeside, type FlameLayout } from './flame-layout.ts'
import { buildTraceModel, nameOf } from './trace-model.ts'

const none: ReadonlySet<string> = new Set()
const model = buildTraceModel(
  outlineOf([
    { depth: 0, name: 'web', service: 'web', start: 0, end: 100 },
    { depth: 1, name: 'a', start: 0, end: 50 },
    { depth: 2, name: 'query', service: 'db', start: 10, end: 30, flags: ['fault'] },
    { depth: 1, name: 'b', start: 40, end: 90 },
    { depth: 1, name: 'a', start: 60, end: 80 },
    { depth: 2, name: 'query', service: 'db', start: 60, end: 70 },
  ]),
)
const drawn = (layout: FlameLayout) =>
  Array.from({ length: layout.count }, (_, frame) => [
    nameOf(model, layout.node[frame] ?? -1),
    layout.lane[frame],
    layout.from[frame],
    layout.to[frame],
  ])

describe('flame graphs', () => {
  test('by time: what runs at once stands below', () => {
    expect(drawn(flameByTime(model, none))).toEqual([
      ['web', 0, 0, 100],
      ['a', 1, 0, 50],
      ['query', 2, 10, 30],
      ['b', 2, 40, 90],
      ['a', 1, 60, 80],
      ['query', 3, 60, 70],
    ])
  })

  test('merged: each path once, as wide as its self times', () => {
    const layout = flameMerged(model, none)
    expect(drawn(layout)).toEqual([
      ['web', 0, 0, 130],
      ['a', 1, 0, 70],
      ['query', 2, 0, 30],
      ['b', 1, 70, 120],
    ])
    expect([...layout.calls]).toEqual([1, 2, 2, 1])
    expect([...layout.sumUs]).toEqual([100, 70, 30, 50])
    expect([...layout.selfUs]).toEqual([10, 40, 30, 50])
    expect([...layout.problems]).toEqual([0, 0, 1, 0])
    expect([...layout.trouble]).toEqual([0, 0, 1, 0])
    expect(layout.lanes).toBe(3)
  })

  test('hidden services leave what is below them', () => {
    const hidden = flameByTime(model, new Set(['web']))
    expect(drawn(hidden)).toEqual([
      ['query', 0, 10, 30],
      ['query', 0, 60, 70],
    ])
    expect([...flameMerged(model, new Set(['web'])).calls]).toEqual([2])
  })

  test('hits', () => {
    const layout = flameByTime(model, none)
    expect([frameAt(layout, 2, 20, 0), frameAt(layout, 2, 35, 0), frameAt(layout, 2, 35, 5)]).toEqual([2, -1, 3])
  })

  test.each([
    ['ArrowDown', 0, 1],
    ['ArrowUp', 2, 1],
    ['ArrowUp', 0, 0],
    ['ArrowRight', 1, 4],
    ['ArrowRight', 2, 3],
    ['ArrowLeft', 4, 1],
    ['ArrowLeft', 1, 1],
    ['ArrowDown', 5, 5],
  ])('%s from %i: %i', (key, from, to) => {
    expect(frameBeside(flameByTime(model, none), from, key)).toBe(to)
  })

  test('in any trace frames stand below their parents, and merged ones within them', () => {
    fc.assert(
      fc.property(arbitraryOutline, (outline) => {
        const drawnModel = buildTraceModel(outline)
        for (const layout of [flameByTime(drawnModel, none), flameMerged(drawnModel, none)]) {
          expect(layout.calls.reduce((sum, calls) => sum + calls, 0)).toBe(drawnModel.count)
          for (let frame = 0; frame < layout.count; frame++) {
            const above = layout.parent[frame] ?? -1
            if (above !== -1) expect(layout.lane[frame]).toBeGreaterThan(layout.lane[above] ?? 0)
          }
          expectApart(layout)
        }
        const merged = flameMerged(drawnModel, none)
        for (let frame = 0; frame < merged.count; frame++) {
          const above = merged.parent[frame] ?? -1
          if (above === -1) continue
          expect(merged.from[frame]).toBeGreaterThanOrEqual(merged.from[above] ?? 0)
          expect(merged.to[frame]).toBeLessThanOrEqual(merged.to[above] ?? 0)
        }
      }),
      { numRuns: 60 },
    )
  })

  test.each([
    [100_000, 'scattered'],
    [60_000, 'chain'],
  ] as const)('%i nodes, %s', (count, shape) => {
    const big = buildTraceModel(bigOutline(count, shape))
    expect(flameByTime(big, none).count).toBe(count)
    expect(flameMerged(big, none).lanes).toBeGreaterThan(shape === 'chain' ? 50_000 : 3)
  })
})

function expectApart({ count, lane, from, to }: FlameLayout): void {
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      if (lane[a] !== lane[b]) continue
      const isApart = (to[a] ?? 0) <= (from[b] ?? 0) || (to[b] ?? 0) <= (from[a] ?? 0)
      expect(isApart).toBe(true)
    }
  }
}
