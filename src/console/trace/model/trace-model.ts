import { OUTLINE_FLAGS, type TraceOutline } from '../../../wire/own/outline.ts'
import { outcomeOf, type Outcome } from '../../words/outcome.ts'
import { sortServices, type TraceService } from './trace-services.ts'

/**
 * A trace as arrays, one value for each segment and subsegment (a *node*, named by its position in pre-order). Times are
 * microseconds from the start of the trace. What is below a node stands right behind it: at `node + 1` to
 * `node + size[node] - 1` (console §4.6.1).
 */
export type TraceModel = {
  readonly id: string
  readonly revision: number
  /** Epoch seconds. */
  readonly startTime: number
  readonly durationUs: number
  readonly inProgress: boolean
  readonly limitExceeded: boolean
  readonly count: number
  /** -1 for roots and orphans. */
  readonly parent: Int32Array
  /** 0 for roots and orphans. */
  readonly depth: Int32Array
  /** How many nodes its sub-tree has, itself included. */
  readonly size: Int32Array
  /** As reported: may be before its parent's. Negative only for mistakes. */
  readonly start: Float64Array
  /** That of the trace while in progress. Never before `start`. */
  readonly end: Float64Array
  /** How long nothing below it was at work; children are clipped to their parent. */
  readonly self: Float64Array
  /** Bits of `OUTLINE_FLAGS`. */
  readonly flags: Int32Array
  /** How many nodes below it, without itself, are faults, errors or throttles. */
  readonly problems: Int32Array
  /** The first of those, or -1. */
  readonly firstProblem: Int32Array
  readonly roots: Int32Array
  /** Position in `services`, -1 in an orphan whose segment is missing. */
  readonly service: Int32Array
  /** By name; the same for every viewer. */
  readonly services: readonly TraceService[]
  /** By orphan, the id of the parent that is not in the trace. */
  readonly missingParents: ReadonlyMap<number, string>
  /** What it was made from: texts and links. */
  readonly outline: TraceOutline
}

const PROBLEM = OUTLINE_FLAGS.fault | OUTLINE_FLAGS.error | OUTLINE_FLAGS.throttle

/** An outline, ready to be drawn, folded and searched. Takes a few dozen milliseconds for 50,000 nodes, however deep. */
export function buildTraceModel(outline: TraceOutline): TraceModel {
  const count = outline.ids.length
  const { services, positions } = sortServices(outline.services)
  const columns = {
    parent: Int32Array.from(outline.parent),
    start: Float64Array.from(outline.start),
    flags: Int32Array.from(outline.flags),
    service: Int32Array.from(outline.service, (at) => positions[at] ?? -1),
  }
  const durationUs = Math.round(outline.duration * 1e6)
  const end = endsOf(outline, columns.start, columns.flags, durationUs)
  return {
    id: outline.id,
    revision: outline.revision,
    startTime: outline.startTime,
    durationUs,
    inProgress: outline.inProgress,
    limitExceeded: outline.limitExceeded,
    count,
    ...columns,
    end,
    ...shapeOf(columns.parent),
    ...problemsBelow(columns.parent, columns.flags),
    self: selfTimes(columns.parent, columns.start, end),
    services,
    missingParents: new Map(outline.missingParents.map(({ at, parentId }) => [at, parentId])),
    outline,
  }
}

/** What has not ended goes on to the end of the trace; what ends before it starts is a mistake, and takes no time. */
function endsOf({ end }: TraceOutline, start: Float64Array, flags: Int32Array, durationUs: number): Float64Array {
  const ends = new Float64Array(start.length)
  for (let node = 0; node < start.length; node++) {
    const isOpen = ((flags[node] ?? 0) & OUTLINE_FLAGS.inProgress) !== 0
    ends[node] = Math.max(start[node] ?? 0, isOpen ? durationUs : (end[node] ?? 0))
  }
  return ends
}

/** Parents stand before their children: one way down, one way up. */
function shapeOf(parent: Int32Array): Pick<TraceModel, 'depth' | 'size' | 'roots'> {
  const count = parent.length
  const [depth, size] = [new Int32Array(count), new Int32Array(count).fill(1)]
  const roots: number[] = []
  for (let node = 0; node < count; node++) {
    const above = parent[node] ?? -1
    if (above === -1) roots.push(node)
    else depth[node] = (depth[above] ?? 0) + 1
  }
  for (let node = count - 1; node > 0; node--) {
    const above = parent[node] ?? -1
    if (above !== -1) size[above] = (size[above] ?? 0) + (size[node] ?? 0)
  }
  return { depth, size, roots: Int32Array.from(roots) }
}

function problemsBelow(parent: Int32Array, flags: Int32Array): Pick<TraceModel, 'problems' | 'firstProblem'> {
  const count = parent.length
  const [problems, firstProblem] = [new Int32Array(count), new Int32Array(count).fill(-1)]
  for (let node = count - 1; node > 0; node--) {
    const above = parent[node] ?? -1
    const isProblem = ((flags[node] ?? 0) & PROBLEM) !== 0
    const first = isProblem ? node : (firstProblem[node] ?? -1)
    if (above === -1 || first === -1) continue
    problems[above] = (problems[above] ?? 0) + (problems[node] ?? 0) + (isProblem ? 1 : 0)
    firstProblem[above] = first
  }
  return { problems, firstProblem }
}

/** Siblings stand in the order of their starts, so that one cursor for each parent tells what is covered so far. */
function selfTimes(parent: Int32Array, start: Float64Array, end: Float64Array): Float64Array {
  const self = end.map((ended, node) => ended - (start[node] ?? 0))
  const covered = start.slice()
  for (let node = 0; node < parent.length; node++) {
    const above = parent[node] ?? -1
    if (above === -1) continue
    const from = Math.max(start[node] ?? 0, covered[above] ?? 0)
    const to = Math.min(end[node] ?? 0, end[above] ?? 0)
    if (to <= from) continue
    self[above] = (self[above] ?? 0) - (to - from)
    covered[above] = to
  }
  return self
}

/** Its name: of a segment, that of the service; of a subsegment, the operation's. */
export function nameOf({ outline }: TraceModel, node: number): string {
  return outline.texts[outline.name[node] ?? -1] ?? ''
}

/** The service that did it; none where its segment is missing. */
export function serviceOf(model: TraceModel, node: number): TraceService | undefined {
  return model.services[model.service[node] ?? -1]
}

/** What it did: method and path, operation and table, the beginning of a statement. */
export function detailOf({ outline }: TraceModel, node: number): string | undefined {
  return outline.texts[outline.detail[node] ?? -1]
}

/** The HTTP status. */
export function statusOf({ outline }: TraceModel, node: number): number | undefined {
  const status = outline.status[node] ?? 0
  return status === 0 ? undefined : status
}

/** How it went, by its own flags; while it is in progress, that may change. */
export function outcomeOfNode(model: TraceModel, node: number): Outcome {
  return outcomeOf({
    fault: hasFlag(model, node, 'fault'),
    error: hasFlag(model, node, 'error'),
    throttle: hasFlag(model, node, 'throttle'),
  })
}

/** Whether it is itself a fault, error or throttle. */
export function isProblem({ flags }: TraceModel, node: number): boolean {
  return ((flags[node] ?? 0) & PROBLEM) !== 0
}

export function hasFlag({ flags }: TraceModel, node: number, flag: keyof typeof OUTLINE_FLAGS): boolean {
  return ((flags[node] ?? 0) & OUTLINE_FLAGS[flag]) !== 0
}

/** Microseconds. */
export function durationOf({ start, end }: TraceModel, node: number): number {
  return (end[node] ?? 0) - (start[node] ?? 0)
}

/** 16 hex digits. A segment may have the id of a subsegment. */
export function idOf({ outline }: TraceModel, node: number): string {
  return outline.ids[node] ?? ''
}

const nodesById = new WeakMap<TraceModel, ReadonlyMap<string, number>>()

/** The node of an id, or -1; the subsegment where a segment has the same, as in `/api/traces/{id}/segments/{segment}`. */
export function indexOfId(model: TraceModel, id: string): number {
  const known = nodesById.get(model)
  if (known !== undefined) return known.get(id.toLowerCase()) ?? -1
  const nodes = new Map<string, number>()
  for (const [node, own] of model.outline.ids.entries()) {
    if (!nodes.has(own) || !hasFlag(model, node, 'segment')) nodes.set(own, node)
  }
  nodesById.set(model, nodes)
  return nodes.get(id.toLowerCase()) ?? -1
}

/** Positions of its children, by start. */
export function* childrenOf({ size }: TraceModel, node: number): Generator<number, void, undefined> {
  const end = node + (size[node] ?? 1)
  for (let child = node + 1; child < end; child += size[child] ?? 1) yield child
}
