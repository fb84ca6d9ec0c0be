import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryOutline, bigOutline, outlineOf, type OutlineNode } from '../../../../test/fixtures/trace-outline.ts'
import { criticalPath } from './critical-path.ts'
import { buildTraceModel, durationOf, nameOf } from './trace-model.ts'

const root: OutlineNode = { depth: 0, name: 'root', service: 'web', start: 0, end: 100 }
const at = (name: string, start: number, end: number | undefined, depth = 1): OutlineNode => ({
  depth,
  name,
  start,
  ...(end === undefined ? {} : { end }),
})

describe('where the time went', () => {
  test.each<[string, readonly OutlineNode[], Readonly<Record<string, number>>]>([
    ['alone', [root], { root: 100 }],
    ['one after another', [root, at('a', 10, 40), at('b', 50, 90)], { root: 30, a: 30, b: 40 }],
    ['of two at once, the later end', [root, at('a', 10, 90), at('b', 20, 40)], { root: 20, a: 80 }],
    [
      'then the one that ended before it began',
      [root, at('a', 0, 30), at('b', 5, 50), at('c', 60, 100)],
      {
        root: 15,
        b: 45,
        c: 40,
      },
    ],
    ['nested', [root, at('a', 10, 90), at('b', 20, 80, 2)], { root: 20, a: 20, b: 60 }],
    ['what began before its parent is clipped', [root, at('a', 20, 80), at('b', 0, 60, 2)], { root: 40, a: 20, b: 40 }],
    ['nobody waits for what goes on', [root, at('a', 10, 90), at('late', 50, 150)], { root: 20, a: 80 }],
    ['a microsecond late is rounding', [root, at('a', 50, 101)], { root: 50, a: 50 }],
    ['what takes no time holds up nothing', [root, at('a', 50, 50)], { root: 100 }],
    ['two roots', [root, { ...root, name: 'other', start: 40 }], { root: 100, other: 60 }],
  ])('%s', (_, nodes, expected) => {
    const model = buildTraceModel(outlineOf(nodes))
    const { steps, totalUs, reason } = criticalPath(model)
    expect(Object.fromEntries(steps.map(({ node, contributionUs }) => [nameOf(model, node), contributionUs]))).toEqual(
      expected,
    )
    expect(totalUs).toBe(Object.values(expected).reduce((sum, us) => sum + us, 0))
    expect(reason).toBeUndefined()
  })

  test('counts what is left out', () => {
    const model = buildTraceModel(outlineOf([root, at('a', 10, 90), at('late', 50, 150), at('open', 60, undefined)]))
    expect(criticalPath(model).leftOut).toBe(2)
  })

  test('pieces say when everything waited for whom', () => {
    const path = criticalPath(buildTraceModel(outlineOf([root, at('a', 10, 40), at('b', 50, 90)])))
    expect(path.pieces).toEqual([
      [
        { startUs: 90, endUs: 100 },
        { startUs: 40, endUs: 50 },
        { startUs: 0, endUs: 10 },
      ],
      [{ startUs: 10, endUs: 40 }],
      [{ startUs: 50, endUs: 90 }],
    ])
  })

  test('shares by service, the largest first', () => {
    const model = buildTraceModel(outlineOf([root, { ...at('db', 10, 97), service: 'orders-db' }]))
    const shares = criticalPath(model).shares.map(({ service, us, share }) => [
      model.services[service]?.name,
      us,
      share,
    ])
    expect(shares).toEqual([
      ['orders-db', 87, 0.87],
      ['web', 13, 0.13],
    ])
  })

  test.each([
    ['no nodes', []],
    ['no time', [{ ...root, end: 0 }]],
  ])('says why there is none: %s', (_, nodes) => {
    const path = criticalPath(buildTraceModel(outlineOf(nodes)))
    expect([path.steps.length, path.reason]).toEqual([0, expect.stringMatching(/no seg/)])
  })

  test('contributions sum to the roots in any trace', () => {
    fc.assert(
      fc.property(arbitraryOutline, (outline) => {
        const model = buildTraceModel(outline)
        const { steps, pieces, totalUs, onPath, shares } = criticalPath(model)
        const roots = [...model.roots].reduce((sum, node) => sum + durationOf(model, node), 0)
        const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)
        expect(totalUs).toBe(roots)
        expect(sum(steps.map(({ contributionUs }) => contributionUs))).toBe(roots)
        expect(sum(shares.map(({ us }) => us))).toBe(roots)
        expect(sum(pieces.flat().map(({ startUs, endUs }) => endUs - startUs))).toBe(roots)
        expect(sum([...onPath])).toBe(steps.length)
        for (const { node } of steps) {
          const above = model.parent[node] ?? -1
          expect(above === -1 || onPath[above] === 1).toBe(true)
        }
      }),
    )
  })

  test.each([
    [100_000, 'scattered'],
    [60_000, 'chain'],
  ] as const)('%i nodes, %s', (count, shape) => {
    const model = buildTraceModel(bigOutline(count, shape))
    const { steps, totalUs } = criticalPath(model)
    expect(totalUs).toBe(durationOf(model, 0))
    if (shape === 'chain') expect(steps).toHaveLength(count)
  })
})
