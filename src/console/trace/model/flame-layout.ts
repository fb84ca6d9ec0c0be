import { OUTLINE_FLAGS } from '../../../wire/own/outline.ts'
import { durationOf, isProblem, serviceOf, type TraceModel } from './trace-model.ts'

/** Frames of a flame graph, each parent before its children, as arrays by frame. */
export type FlameLayout = {
  readonly count: number
  readonly lanes: number
  /** From the top. Frames of a lane do not overlap, but for the most crowded traces. */
  readonly lane: Int32Array
  /** Microseconds: by time, from the start of the trace; merged, an amount that is as wide as the time it stands for. */
  readonly from: Float64Array
  readonly to: Float64Array
  /** -1 for none. */
  readonly parent: Int32Array
  /** The node that it is; of merged ones, the longest. */
  readonly node: Int32Array
  /** How many nodes it is. */
  readonly calls: Int32Array
  /** How long they took together, and how long nothing below them was at work. */
  readonly sumUs: Float64Array
  readonly selfUs: Float64Array
  /** How many of them are faults, errors or throttles, and which of these bits of `OUTLINE_FLAGS` they have. */
  readonly problems: Int32Array
  readonly trouble: Int32Array
}

const TROUBLE = OUTLINE_FLAGS.fault | OUTLINE_FLAGS.error | OUTLINE_FLAGS.throttle

/** What runs at once stands in lanes of its own, of which so many are looked through. */
const MOST_LANES = 300

/** A frame for each node, at its time, below its parent (console §4.6.7). */
export function flameByTime(model: TraceModel, hiddenServices: ReadonlySet<string>): FlameLayout {
  const { parent, node } = framesOf(model, hiddenServices)
  const count = node.length
  const lane = new Int32Array(count)
  const ends: number[] = []
  for (let frame = 0; frame < count; frame++) {
    const at = node[frame] ?? 0
    const above = parent[frame] ?? -1
    const first = above === -1 ? 0 : (lane[above] ?? 0) + 1
    let free = first
    while ((ends[free] ?? -Infinity) > (model.start[at] ?? 0) && free - first < MOST_LANES) free += 1
    lane[frame] = free
    ends[free] = Math.max(ends[free] ?? -Infinity, model.end[at] ?? 0)
  }
  const of = (value: (at: number) => number): Float64Array => Float64Array.from(node, value)
  return {
    count,
    lanes: ends.length,
    lane,
    parent,
    node,
    from: of((at) => model.start[at] ?? 0),
    to: of((at) => model.end[at] ?? 0),
    calls: new Int32Array(count).fill(1),
    sumUs: of((at) => durationOf(model, at)),
    selfUs: of((at) => model.self[at] ?? 0),
    problems: Int32Array.from(node, (at) => (isProblem(model, at) ? 1 : 0)),
    trouble: Int32Array.from(node, (at) => (model.flags[at] ?? 0) & TROUBLE),
  }
}

/** Nodes that are shown, and where they stand; those of hidden services give their children to what is above them. */
function framesOf(
  model: TraceModel,
  hiddenServices: ReadonlySet<string>,
): { readonly parent: Int32Array; readonly node: Int32Array } {
  const frameOf = new Int32Array(model.count)
  const [parents, nodes] = [[] as number[], [] as number[]]
  for (let node = 0; node < model.count; node++) {
    const above = model.parent[node] ?? -1
    const holder = above === -1 ? -1 : (frameOf[above] ?? -1)
    const service = serviceOf(model, node)?.name
    if (service !== undefined && hiddenServices.has(service)) {
      frameOf[node] = holder
      continue
    }
    frameOf[node] = nodes.length
    parents.push(holder)
    nodes.push(node)
  }
  return { parent: Int32Array.from(parents), node: Int32Array.from(nodes) }
}

/**
 * A frame for each path of services and names, however often it was taken (console §4.6.7). As wide as the self times of
 * all nodes on it and below it: then children fit into their parents, also where they ran at once. The widest stand left.
 */
export function flameMerged(model: TraceModel, hiddenServices: ReadonlySet<string>): FlameLayout {
  const { parent: parents, node: nodes } = framesOf(model, hiddenServices)
  const names = model.outline.texts.length + 1
  const kinds = new Map<number, number>()
  const found = new Map<number, number>()
  const mergedOf = new Int32Array(nodes.length)
  const [parent, node, calls, problems] = [[] as number[], [] as number[], [] as number[], [] as number[]]
  const [sumUs, selfUs, trouble] = [[] as number[], [] as number[], [] as number[]]
  for (const [frame, at] of nodes.entries()) {
    const above = parents[frame] ?? -1
    const holder = above === -1 ? -1 : (mergedOf[above] ?? -1)
    const what = ((model.service[at] ?? -1) + 1) * names + (model.outline.name[at] ?? 0)
    const kind = kinds.get(what) ?? kinds.size
    kinds.set(what, kind)
    const key = (holder + 1) * (model.count + 1) + kind
    const merged = found.get(key) ?? node.length
    found.set(key, merged)
    mergedOf[frame] = merged
    if (merged === node.length) {
      parent.push(holder)
      node.push(at)
      for (const numbers of [calls, problems, sumUs, selfUs, trouble]) numbers.push(0)
    }
    calls[merged] = (calls[merged] ?? 0) + 1
    problems[merged] = (problems[merged] ?? 0) + (isProblem(model, at) ? 1 : 0)
    trouble[merged] = (trouble[merged] ?? 0) | ((model.flags[at] ?? 0) & TROUBLE)
    sumUs[merged] = (sumUs[merged] ?? 0) + durationOf(model, at)
    selfUs[merged] = (selfUs[merged] ?? 0) + (model.self[at] ?? 0)
    if (durationOf(model, at) > durationOf(model, node[merged] ?? at)) node[merged] = at
  }
  return {
    count: node.length,
    parent: Int32Array.from(parent),
    node: Int32Array.from(node),
    calls: Int32Array.from(calls),
    sumUs: Float64Array.from(sumUs),
    selfUs: Float64Array.from(selfUs),
    problems: Int32Array.from(problems),
    trouble: Int32Array.from(trouble),
    ...placeMerged(parent, selfUs),
  }
}

/** Where merged frames stand: side by side within their parents, the widest first. */
function placeMerged(
  parent: readonly number[],
  selfUs: readonly number[],
): Pick<FlameLayout, 'lanes' | 'lane' | 'from' | 'to'> {
  const count = parent.length
  const width = Float64Array.from(selfUs)
  for (let frame = count - 1; frame > 0; frame--) {
    const above = parent[frame] ?? -1
    if (above !== -1) width[above] = (width[above] ?? 0) + (width[frame] ?? 0)
  }
  const lane = new Int32Array(count)
  for (let frame = 0; frame < count; frame++) {
    const above = parent[frame] ?? -1
    lane[frame] = above === -1 ? 0 : (lane[above] ?? 0) + 1
  }
  const order = Array.from({ length: count }, (_, frame) => frame).toSorted(
    (a, b) => (lane[a] ?? 0) - (lane[b] ?? 0) || (width[b] ?? 0) - (width[a] ?? 0) || a - b,
  )
  const [from, to, filled] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)]
  let top = 0
  for (const frame of order) {
    const above = parent[frame] ?? -1
    const start = above === -1 ? top : (filled[above] ?? 0)
    const end = start + (width[frame] ?? 0)
    ;[from[frame], to[frame], filled[frame]] = [start, end, start]
    if (above === -1) top = end
    else filled[above] = end
  }
  return { lanes: lane.reduce((most, own) => Math.max(most, own + 1), 0), lane, from, to }
}

/** The frame at a place, or -1; of several, the one drawn last. */
export function frameAt({ count, lane, from, to }: FlameLayout, row: number, us: number, tolerance: number): number {
  for (let frame = count - 1; frame >= 0; frame--) {
    if (lane[frame] !== row) continue
    if ((from[frame] ?? 0) - tolerance <= us && (to[frame] ?? 0) + tolerance >= us) return frame
  }
  return -1
}

/** Where an arrow key leads: to the parent, the first child, or the next frame of the same parent or lane. */
export function frameBeside(layout: FlameLayout, frame: number, key: string): number {
  const { count, parent, from, lane } = layout
  if (key === 'ArrowUp') return (parent[frame] ?? -1) === -1 ? frame : (parent[frame] ?? frame)
  let best = -1
  for (let other = 0; other < count; other++) {
    if (other === frame) continue
    const isBelow = key === 'ArrowDown' && parent[other] === frame
    const isRight = key === 'ArrowRight' && lane[other] === lane[frame] && isAfter(layout, other, frame)
    const isLeft = key === 'ArrowLeft' && lane[other] === lane[frame] && isAfter(layout, frame, other)
    if (!isBelow && !isRight && !isLeft) continue
    const isCloser = best === -1 || (isLeft ? isAfter(layout, other, best) : (from[other] ?? 0) < (from[best] ?? 0))
    if (isCloser) best = other
  }
  return best === -1 ? frame : best
}

function isAfter({ from }: FlameLayout, a: number, b: number): boolean {
  const [left, right] = [from[b] ?? 0, from[a] ?? 0]
  return right > left || (right === left && a > b)
}
