import { describe, expect, it } from 'vitest'
import { adjacencyOf, arrowTarget, readingOrder, type Arrow, type Point } from './adjacency.ts'
import { addCounts, type MapGraph } from './map-graph.ts'

// client → web → a, web → b; a → web again, and b calls itself.
const PLACES: Readonly<Record<string, Point>> = {
  client: { x: 0, y: 50 },
  web: { x: 100, y: 50 },
  a: { x: 200, y: 0 },
  b: { x: 200, y: 90 },
  c: { x: 205, y: 300 },
}
const LINES = ['client web', 'web a', 'web b', 'a web', 'b b', 'b c']
const requests = addCounts([])
const graph: MapGraph = {
  nodes: Object.keys(PLACES).map((key) => ({ key, name: key, client: false, active: true, requests })),
  edges: LINES.map((line) => {
    const [from = '', to = ''] = line.split(' ')
    return { from, to, kind: 'call', calls: requests }
  }),
}
const adjacency = adjacencyOf(graph)
const placeOf = (key: string): Point | undefined => PLACES[key]
const turned = (key: string): Point | undefined => {
  const place = PLACES[key]
  return place === undefined ? undefined : { x: place.y, y: place.x }
}

describe('adjacencyOf', () => {
  it('lists callers and callees once, and nobody as its own', () => {
    expect(adjacency.get('web')).toEqual({ callers: ['client', 'a'], callees: ['a', 'b'] })
    expect(adjacency.get('b')).toEqual({ callers: ['web'], callees: ['c'] })
  })
})

describe('readingOrder', () => {
  it.each([
    [false, placeOf],
    [true, turned],
  ])('goes by layer, then across (down: %s)', (isDown, of) => {
    expect(readingOrder(['c', 'b', 'web', 'client', 'a'], of, isDown)).toEqual(['client', 'web', 'a', 'b', 'c'])
  })
})

describe('arrowTarget', () => {
  it.each([
    ['client', 'ArrowRight', 'web'],
    ['web', 'ArrowRight', 'b'],
    ['web', 'ArrowLeft', 'client'],
    ['a', 'ArrowDown', 'b'],
    ['b', 'ArrowUp', 'a'],
    ['b', 'ArrowDown', 'c'],
    ['a', 'ArrowUp', undefined],
    ['client', 'ArrowLeft', undefined],
    ['gone', 'ArrowLeft', undefined],
  ] as const)('from %s, %s leads to %s', (from, arrow, to) => {
    expect(arrowTarget(from, arrow, adjacency, placeOf, false)).toBe(to)
    const other: Readonly<Record<Arrow, Arrow>> = {
      ArrowRight: 'ArrowDown',
      ArrowLeft: 'ArrowUp',
      ArrowDown: 'ArrowRight',
      ArrowUp: 'ArrowLeft',
    }
    expect(arrowTarget(from, other[arrow], adjacency, turned, true)).toBe(to)
  })
})
