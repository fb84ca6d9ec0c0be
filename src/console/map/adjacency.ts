import type { MapEdge, MapGraph } from './map-graph.ts'

/** Where a node is drawn. */
export type Point = { readonly x: number; readonly y: number }

/** An arrow key's direction. */
export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'

/** A node with what calls it and what it calls, itself left out. */
export type Neighbours = { readonly callers: readonly string[]; readonly callees: readonly string[] }

/** The callers and callees of every node of a graph. */
export function adjacencyOf({ nodes, edges }: MapGraph): ReadonlyMap<string, Neighbours> {
  const found = new Map(nodes.map(({ key }) => [key, { callers: new Set<string>(), callees: new Set<string>() }]))
  for (const { from, to } of edges) {
    if (from === to) continue
    found.get(from)?.callees.add(to)
    found.get(to)?.callers.add(from)
  }
  return new Map(
    [...found].map(([key, { callers, callees }]) => [key, { callers: [...callers], callees: [...callees] }]),
  )
}

/** The order in which a map is read: by layer, from the callers on, then down (console §4.15). */
export function readingOrder(
  keys: readonly string[],
  placeOf: (key: string) => Point | undefined,
  isDown: boolean,
): readonly string[] {
  const along = (key: string): Point => {
    const { x, y } = placeOf(key) ?? { x: 0, y: 0 }
    return isDown ? { x: y, y: x } : { x, y }
  }
  return keys.toSorted((a, b) => {
    const [one, other] = [along(a), along(b)]
    return Math.round(one.x - other.x) || one.y - other.y || (a < b ? -1 : 1)
  })
}

/**
 * Where an arrow key leads from a node: along an edge to the nearest callee or caller, or to the next node above or below
 * in the same layer; of a map that goes down, the axes are exchanged. Undefined where there is nothing.
 */
export function arrowTarget(
  from: string,
  arrow: Arrow,
  adjacency: ReadonlyMap<string, Neighbours>,
  placeOf: (key: string) => Point | undefined,
  isDown: boolean,
): string | undefined {
  const here = placeOf(from)
  if (here === undefined) return undefined
  const { callers, callees } = adjacency.get(from) ?? { callers: [], callees: [] }
  const [forward, back, before] = isDown
    ? (['ArrowDown', 'ArrowUp', 'ArrowLeft'] as const)
    : (['ArrowRight', 'ArrowLeft', 'ArrowUp'] as const)
  if (arrow === forward) return nearest(callees, here, placeOf)
  if (arrow === back) return nearest(callers, here, placeOf)
  const across = (point: Point): number => (isDown ? point.x - here.x : point.y - here.y)
  const depth = (point: Point): number => Math.abs(isDown ? point.y - here.y : point.x - here.x)
  const sign = arrow === before ? -1 : 1
  const siblings = [...adjacency.keys()].filter((key) => {
    const place = placeOf(key)
    return key !== from && place !== undefined && depth(place) < SAME_LAYER && across(place) * sign > 0
  })
  return nearest(siblings, here, placeOf)
}

/** The edges that leave a node, which `e` steps through. */
export function edgesFrom(key: string, edges: readonly MapEdge[]): readonly MapEdge[] {
  return edges.filter(({ from }) => from === key)
}

const SAME_LAYER = 40

function nearest(
  keys: readonly string[],
  here: Point,
  placeOf: (key: string) => Point | undefined,
): string | undefined {
  const distance = (key: string): number => {
    const place = placeOf(key)
    return place === undefined ? Infinity : Math.hypot(place.x - here.x, place.y - here.y)
  }
  const [first] = keys.toSorted((a, b) => distance(a) - distance(b))
  return first
}
