import type { Point } from './adjacency.ts'
import { NODE_BOX } from './node-box.ts'

/** An edge as it is drawn: its path, its middle, and how long it is. */
export type EdgeLine = { readonly path: string; readonly middle: Point }

/** The distance between the end of an edge and the ring that it points at, so that the head has room. */
const GAP = 3
/** How long the head is. */
const HEAD = 7
/** How far an edge goes straight on. */
const LEAD = 26
const BELOW_NAME = 60

/** An end of an edge: the middle of a node, and the radius of its ring. */
export type EdgeEnd = { readonly at: Point; readonly radius: number }

/**
 * A smooth line from the ring of one node to that of another through the points of a layout, of which the first and last
 * are where the edge leaves the boxes of the nodes. Edges that lead on leave and arrive in the direction of the map, so
 * that they stay clear of the names below the nodes; in a map that goes down they begin below the name.
 */
export function edgeLine(from: EdgeEnd, to: EdgeEnd, through: readonly Point[], isDown: boolean): EdgeLine {
  const [start, end] = [from.at, to.at]
  if (start.x === end.x && start.y === end.y) return loopLine(start, from.radius)
  const inner = through.slice(1, -1)
  const head = to.radius + GAP + HEAD
  const isForward = isDown ? end.y - start.y > NODE_BOX.height : end.x - start.x > NODE_BOX.width / 2
  if (isForward && isDown) {
    const points = [shift(start, 0, BELOW_NAME), ...inner, shift(end, 0, -head - LEAD), shift(end, 0, -head)]
    return { path: smooth(points), middle: middleOf(points) }
  }
  if (isForward) {
    const first = from.radius + GAP
    const points = [
      shift(start, first, 0),
      shift(start, first + LEAD, 0),
      ...inner,
      shift(end, -head - LEAD, 0),
      shift(end, -head, 0),
    ]
    return { path: smooth(points), middle: middleOf(points) }
  }
  const points = [
    towards(start, inner[0] ?? end, from.radius + GAP),
    ...inner,
    towards(end, inner.at(-1) ?? start, head),
  ]
  return { path: smooth(points), middle: middleOf(points) }
}

function smooth(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (first === undefined) return ''
  let path = `M${text(first)}`
  if (rest.length === 1) return `${path}L${text(rest[0] ?? first)}`
  // A quadratic B-spline: through the middles of its sides, with the points between as handles.
  for (let at = 0; at < rest.length - 1; at++) {
    const [point, next] = [rest[at] ?? first, rest[at + 1] ?? first]
    const isLast = at === rest.length - 2
    path += `Q${text(point)} ${text(isLast ? next : between(point, next, 0.5))}`
  }
  return path
}

function loopLine({ x, y }: Point, radius: number): EdgeLine {
  const [left, right] = [
    { x: x - radius * 0.6, y: y - radius },
    { x: x + radius * 0.6, y: y - radius },
  ]
  const top = y - radius * 2.6
  return {
    path: `M${text(left)}C${text({ x: x - radius * 1.6, y: top })} ${text({ x: x + radius * 1.6, y: top })} ${text(right)}`,
    middle: { x, y: y - radius * 2.2 },
  }
}

function middleOf(points: readonly Point[]): Point {
  const lengths = points.slice(1).map((point, at) => distance(points[at] ?? point, point))
  let left = lengths.reduce((sum, length) => sum + length, 0) / 2
  for (const [at, length] of lengths.entries()) {
    const [one, other] = [points[at], points[at + 1]]
    if (one === undefined || other === undefined) break
    if (left <= length) return between(one, other, length === 0 ? 0 : left / length)
    left -= length
  }
  return points[0] ?? { x: 0, y: 0 }
}

function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to)
  return whole === 0 ? from : between(from, to, Math.min(1, length / whole))
}

function between(one: Point, other: Point, share: number): Point {
  return { x: one.x + (other.x - one.x) * share, y: one.y + (other.y - one.y) * share }
}

const shift = ({ x, y }: Point, dx: number, dy: number): Point => ({ x: x + dx, y: y + dy })
const distance = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y)
const text = ({ x, y }: Point): string => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`
