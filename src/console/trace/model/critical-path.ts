import { durationOf, type TraceModel } from './trace-model.ts'

/** Where the time of a trace went (console §4.6.5). Times are microseconds. */
export type CriticalPath = {
  /** Each node that held up the end of a root, in pre-order, and for how long nothing below it did. */
  readonly steps: readonly CriticalStep[]
  /** 1 by node that is on it. */
  readonly onPath: Uint8Array
  /** When each of `steps` was what everything waited for, by step, the latest first. */
  readonly pieces: readonly (readonly CriticalPiece[])[]
  /** How long all roots took. */
  readonly totalUs: number
  /** How many children went on after their parent had ended: nobody waited for them. */
  readonly leftOut: number
  /** Positions in the model's services (-1 for none), largest share first. Shares are of `totalUs`. */
  readonly shares: readonly { readonly service: number; readonly us: number; readonly share: number }[]
  /** Why there is none, in words. */
  readonly reason?: string
}
export type CriticalStep = { readonly node: number; readonly contributionUs: number }
export type CriticalPiece = { readonly startUs: number; readonly endUs: number }

/** Part of a walk: who is waited for, back from `cursor` to `from`, and which of its children come next. */
type Frame = {
  readonly node: number
  readonly from: number
  cursor: number
  /** The latest end first. */
  readonly children: readonly number[]
  next: number
}

/** What a microsecond of rounding may make late. */
const ROUNDING_US = 1

/**
 * From the end of each root back in time, always on to the child that ended last before the cursor. Children are clipped
 * to their parents; contributions sum to the durations of the roots.
 */
export function criticalPath(model: TraceModel): CriticalPath {
  const onPath = new Uint8Array(model.count)
  const contributions = new Float64Array(model.count)
  const pieces = new Map<number, CriticalPiece[]>()
  let totalUs = 0
  let leftOut = 0
  const enter = (node: number, from: number, cursor: number): Frame => {
    onPath[node] = 1
    const { waited, late } = waitedFor(model, node)
    leftOut += late
    return { node, from, cursor, children: waited, next: 0 }
  }
  const take = (node: number, startUs: number, endUs: number) => {
    if (endUs <= startUs) return
    contributions[node] = (contributions[node] ?? 0) + endUs - startUs
    const own = pieces.get(node)
    if (own === undefined) pieces.set(node, [{ startUs, endUs }])
    else own.push({ startUs, endUs })
  }
  for (const root of model.roots) {
    const duration = durationOf(model, root)
    if (duration <= 0) continue
    totalUs += duration
    const stack = [enter(root, model.start[root] ?? 0, model.end[root] ?? 0)]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const child = nextChild(model, top)
      if (child === undefined) {
        take(top.node, top.from, top.cursor)
        stack.pop()
        continue
      }
      const [from, to] = [Math.max(model.start[child] ?? 0, top.from), Math.min(model.end[child] ?? 0, top.cursor)]
      take(top.node, to, top.cursor)
      top.cursor = from
      stack.push(enter(child, from, to))
    }
  }
  return { ...inOrder(model, onPath, contributions, pieces), onPath, totalUs, leftOut, ...reasonOf(model, totalUs) }
}

/** The one that ended last before the cursor and took any time there. */
function nextChild({ start, end }: TraceModel, frame: Frame): number | undefined {
  for (; frame.next < frame.children.length; frame.next++) {
    const child = frame.children[frame.next]
    if (child === undefined) break
    // An end a rounding after that of the parent counts as the parent's.
    const to = end[child] ?? 0
    const isBefore = to <= frame.cursor || (frame.next === 0 && to <= frame.cursor + ROUNDING_US)
    if (!isBefore || Math.min(to, frame.cursor) <= Math.max(start[child] ?? 0, frame.from)) continue
    frame.next += 1
    return child
  }
  return undefined
}

/** Its children, the latest end first, but those that outlive it. */
function waitedFor(model: TraceModel, node: number): { readonly waited: readonly number[]; readonly late: number } {
  const { end, size } = model
  const waited: number[] = []
  let late = 0
  let isSorted = true
  let last = -Infinity
  const limit = (end[node] ?? 0) + ROUNDING_US
  const behind = node + (size[node] ?? 1)
  for (let child = node + 1; child < behind; child += size[child] ?? 1) {
    const to = end[child] ?? 0
    if (to > limit) {
      late += 1
      continue
    }
    isSorted &&= to >= last
    last = to
    waited.push(child)
  }
  // Calls one after another, which is most of them, are in order already.
  if (isSorted) waited.reverse()
  else waited.sort((a, b) => (end[b] ?? 0) - (end[a] ?? 0) || a - b)
  return { waited, late }
}

function inOrder(
  model: TraceModel,
  onPath: Uint8Array,
  contributions: Float64Array,
  found: ReadonlyMap<number, readonly CriticalPiece[]>,
): Pick<CriticalPath, 'steps' | 'pieces' | 'shares'> {
  const steps: CriticalStep[] = []
  const pieces: (readonly CriticalPiece[])[] = []
  const byService = new Map<number, number>()
  let total = 0
  for (let node = 0; node < model.count; node++) {
    if (onPath[node] === 0) continue
    const contributionUs = contributions[node] ?? 0
    const service = model.service[node] ?? -1
    byService.set(service, (byService.get(service) ?? 0) + contributionUs)
    total += contributionUs
    steps.push({ node, contributionUs })
    pieces.push(found.get(node) ?? [])
  }
  const shares = [...byService].map(([service, us]) => ({ service, us, share: total > 0 ? us / total : 0 }))
  return { steps, pieces, shares: shares.toSorted((a, b) => b.us - a.us || a.service - b.service) }
}

function reasonOf(model: TraceModel, totalUs: number): { readonly reason?: string } {
  if (model.count === 0) return { reason: 'the trace has no segments' }
  if (totalUs > 0) return {}
  return { reason: 'no segment at the top of the trace took any time: each ends when it starts, or before' }
}
