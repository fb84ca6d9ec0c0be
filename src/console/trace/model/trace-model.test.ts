import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryOutline, bigOutline, outlineOf } from '../../../../test/fixtures/trace-outline.ts'
import {
  buildTraceModel,
  childrenOf,
  detailOf,
  durationOf,
  idOf,
  indexOfId,
  isProblem,
  nameOf,
  outcomeOfNode,
  serviceOf,
  statusOf,
} from './trace-model.ts'

/** gateway → checkout → (DynamoDB, price → round), and an orphan. */
const small = buildTraceModel(
  outlineOf([
    { depth: 0, name: 'gateway', service: 'gateway', start: 0, end: 1_000, status: 500, flags: ['fault'] },
    { depth: 1, name: 'checkout', service: 'checkout', start: 100, end: 900 },
    { depth: 2, name: 'DynamoDB', start: 50, end: 300, detail: 'GetItem carts', flags: ['error', 'throttle'] },
    { depth: 2, name: 'price', start: 250, end: 500 },
    { depth: 3, name: 'round', start: 400, end: 600, flags: ['fault'] },
    { depth: 0, name: 'lost', start: 700, missing: '00000000000000ff' },
  ]),
)

describe('a trace as arrays', () => {
  test('the shape', () => {
    expect({
      parent: [...small.parent],
      depth: [...small.depth],
      size: [...small.size],
      roots: [...small.roots],
      children: [...childrenOf(small, 1)],
    }).toEqual({
      parent: [-1, 0, 1, 1, 3, -1],
      depth: [0, 1, 2, 2, 3, 0],
      size: [5, 4, 1, 2, 1, 1],
      roots: [0, 5],
      children: [2, 3],
    })
  })

  test.each([
    [0, 200, 'the call to checkout is not its own'],
    [1, 400, '100–500 are covered by two that overlap, one of which began too early'],
    [2, 250, 'a leaf is all its own'],
    [3, 150, 'a child that goes on is clipped'],
    [5, 300, 'what has not ended goes on to the end of the trace'],
  ])('node %i: %i µs of its own: %s', (node, us) => {
    expect(small.self[node]).toBe(us)
  })

  test('what is wrong below', () => {
    expect([...small.problems]).toEqual([2, 2, 0, 1, 0, 0])
    expect([...small.firstProblem]).toEqual([2, 2, -1, 4, -1, -1])
  })

  test('texts', () => {
    expect({
      name: nameOf(small, 2),
      service: serviceOf(small, 2)?.name,
      detail: detailOf(small, 2),
      noDetail: detailOf(small, 0),
      status: statusOf(small, 0),
      noStatus: statusOf(small, 1),
      outcomes: [0, 1, 2].map((node) => outcomeOfNode(small, node)),
      orphan: [serviceOf(small, 5), small.missingParents.get(5)],
      id: idOf(small, 3),
      ids: [indexOfId(small, '0000000000000004'), indexOfId(small, 'ffffffffffffffff')],
    }).toEqual({
      name: 'DynamoDB',
      service: 'checkout',
      detail: 'GetItem carts',
      noDetail: undefined,
      status: 500,
      noStatus: undefined,
      outcomes: ['fault', 'ok', 'throttle'],
      orphan: [undefined, '00000000000000ff'],
      id: '0000000000000004',
      ids: [3, -1],
    })
  })

  test('of a segment and a subsegment with one id, the id names the subsegment', () => {
    const model = buildTraceModel(
      outlineOf([
        { depth: 0, name: 'a', service: 'a', start: 0, end: 9 },
        { depth: 1, name: 'call', start: 0, end: 9, id: 'abcdabcdabcdabcd' },
        { depth: 2, name: 'b', service: 'b', start: 0, end: 9, id: 'abcdabcdabcdabcd' },
      ]),
    )
    expect(indexOfId(model, 'ABCDabcdabcdabcd')).toBe(1)
  })

  test('an end before the start is a mistake, and takes no time', () => {
    const model = buildTraceModel(outlineOf([{ depth: 0, name: 'a', service: 'a', start: 50, end: 20 }]))
    expect([durationOf(model, 0), model.self[0]]).toEqual([0, 0])
  })

  test('sums hold in any trace', () => {
    fc.assert(
      fc.property(arbitraryOutline, (outline) => {
        const model = buildTraceModel(outline)
        const nodes = [...model.parent.keys()]
        expect([...model.roots].reduce((sum, root) => sum + (model.size[root] ?? 0), 0)).toBe(model.count)
        for (const node of nodes) {
          const below = nodes.slice(node + 1, node + (model.size[node] ?? 0))
          expect(below.every((other) => (model.depth[other] ?? 0) > (model.depth[node] ?? 0))).toBe(true)
          expect(model.problems[node]).toBe(below.filter((other) => isProblem(model, other)).length)
          expect(model.firstProblem[node]).toBe(below.find((other) => isProblem(model, other)) ?? -1)
          const self = model.self[node] ?? -1
          expect(self >= 0 && self <= durationOf(model, node)).toBe(true)
          // A microsecond of its own is one in which no child was at work.
          const children = [...childrenOf(model, node)]
          const moments = Array.from(
            { length: durationOf(model, node) },
            (_, at) => (model.start[node] ?? 0) + at + 0.5,
          )
          const idle = moments.filter((moment) =>
            children.every((child) => (model.start[child] ?? 0) > moment || (model.end[child] ?? 0) < moment),
          )
          expect(self).toBe(idle.length)
        }
      }),
      { numRuns: 60 },
    )
  })

  test.each([
    [100_000, 'scattered'],
    [60_000, 'chain'],
  ] as const)('%i nodes, %s', (count, shape) => {
    const model = buildTraceModel(bigOutline(count, shape))
    expect(model.size[0]).toBe(count)
    expect(model.depth.at(-1)).toBeGreaterThan(shape === 'chain' ? 50_000 : 0)
  })
})
