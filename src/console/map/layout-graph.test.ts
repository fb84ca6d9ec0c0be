import { describe, expect, it } from 'vitest'
import { edgeLine } from './edge-path.ts'
import { layoutGraph } from './layout-graph.ts'

describe('layoutGraph', () => {
  const edges = [
    [0, 1],
    [1, 2],
    [1, 3],
    [3, 1],
    [2, 2],
  ] as const

  it.each([false, true])('puts callers before callees (down: %s)', (isDown) => {
    const { nodes, edges: lines } = layoutGraph({ nodes: 5, edges, isDown })
    const depths = nodes.map(({ x, y }) => (isDown ? y : x))
    expect(depths[0]).toBeLessThan(depths[1] ?? 0)
    expect(depths[1]).toBeLessThan(depths[2] ?? 0)
    expect(lines).toHaveLength(edges.length)
    expect(lines.every((points) => points.length >= 2)).toBe(true)
  })

  it('gives the same places to the same graph', () => {
    const request = { nodes: 5, edges, isDown: false }
    expect(layoutGraph(request)).toEqual(layoutGraph(request))
  })

  it('is content with nothing', () => {
    expect(layoutGraph({ nodes: 0, edges: [], isDown: false })).toEqual({ nodes: [], edges: [] })
  })
})

describe('edgeLine', () => {
  const end = (x: number, y: number) => ({ at: { x, y }, radius: 20 })

  it.each([
    ['straight on', end(0, 0), end(300, 0), [], false, /^M23 0Q/, { x: 146.5, y: 0 }],
    ['back', end(300, 0), end(0, 0), [], false, /^M277 0L30 0$/, { x: 153.5, y: 0 }],
    ['down, from below the name', end(0, 0), end(0, 300), [], true, /^M0 60Q/, { x: 0, y: 165 }],
    ['to itself', end(0, 0), end(0, 0), [], false, /^M-12 -20C/, { x: 0, y: -44 }],
  ])('leads %s', (_, from, to, through, isDown, path, middle) => {
    const line = edgeLine(from, to, through, isDown)
    expect(line.path).toMatch(path)
    expect(line.middle).toEqual(middle)
  })
})
