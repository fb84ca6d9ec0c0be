import { durationOf, hasFlag, type TraceModel } from './trace-model.ts'

/** How far a service's clock seems to be from that of the trace's roots. */
export type ClockSkew = {
  /** Position in the model's services. */
  readonly service: number
  /** What to add to its times, in microseconds: negative where its clock is ahead. */
  readonly shiftUs: number
}

/** A trace with the clocks of its services set to those of their callers. Microseconds, by node. */
export type Alignment = {
  /** Of services whose segments cannot have been when they say; the farthest off first. */
  readonly skews: readonly ClockSkew[]
  readonly start: Float64Array
  readonly end: Float64Array
  /** What was added. */
  readonly shift: Float64Array
}

/** Clocks that differ by less are told by no one. */
const LEAST_US = 1_000

/**
 * Times with each service's clock set right against its caller's: the answer is put in the middle of the call, as if
 * the way there took as long as the way back. Only where most calls between two services say so; what may have run on
 * its own after an asynchronous call is left alone. Raw times stay as they are: this is for drawing (console §4.6).
 */
export function alignedTimes(model: TraceModel): Alignment {
  const offsets = pairOffsets(model)
  const shift = new Float64Array(model.count)
  const byService = new Map<number, number[]>()
  for (let node = 0; node < model.count; node++) {
    const above = model.parent[node] ?? -1
    const inherited = above === -1 ? 0 : (shift[above] ?? 0)
    const own = isCalled(model, node) ? offsets.get(pairOf(model, above, node)) : 0
    shift[node] = own === undefined && isRightAlready(model, node, inherited) ? 0 : inherited + (own ?? 0)
    if (!hasFlag(model, node, 'segment') || hasFlag(model, node, 'inferred')) continue
    const service = model.service[node] ?? -1
    const known = byService.get(service)
    if (known === undefined) byService.set(service, [shift[node] ?? 0])
    else known.push(shift[node] ?? 0)
  }
  const skews = [...byService].flatMap(([service, shifts]) => {
    const shiftUs = median(shifts)
    return service !== -1 && Math.abs(shiftUs) >= LEAST_US ? [{ service, shiftUs }] : []
  })
  return {
    skews: skews.toSorted((a, b) => Math.abs(b.shiftUs) - Math.abs(a.shiftUs) || a.service - b.service),
    start: model.start.map((us, node) => us + (shift[node] ?? 0)),
    end: model.end.map((us, node) => us + (shift[node] ?? 0)),
    shift,
  }
}

/** Whether only its caller's clock is wrong: as it is, it fits where the call really was, and not where it says it was. */
function isRightAlready({ parent, start, end }: TraceModel, node: number, callerShiftUs: number): boolean {
  const caller = parent[node] ?? -1
  const isWithin = (fromUs: number, toUs: number) => (start[node] ?? 0) >= fromUs && (end[node] ?? 0) <= toUs
  const [from, to] = [start[caller] ?? 0, end[caller] ?? 0]
  return callerShiftUs !== 0 && !isWithin(from, to) && isWithin(from + callerShiftUs, to + callerShiftUs)
}

/** A segment that reported itself, called by another service. */
function isCalled(model: TraceModel, node: number): boolean {
  const above = model.parent[node] ?? -1
  if (above === -1 || !hasFlag(model, node, 'segment') || hasFlag(model, node, 'inferred')) return false
  return model.service[above] !== model.service[node]
}

const pairOf = (model: TraceModel, caller: number, callee: number): number =>
  ((model.service[caller] ?? -1) + 1) * (model.services.length + 1) + (model.service[callee] ?? -1) + 1

/** For each pair of services of which most calls are impossible, the median of what would make them possible. */
function pairOffsets(model: TraceModel): ReadonlyMap<number, number> {
  const pairs = new Map<number, { calls: number; readonly offsets: number[] }>()
  for (let node = 0; node < model.count; node++) {
    if (!isCalled(model, node)) continue
    const above = model.parent[node] ?? -1
    const key = pairOf(model, above, node)
    const pair = pairs.get(key) ?? { calls: 0, offsets: [] }
    pairs.set(key, pair)
    pair.calls += 1
    const offset = offsetOf(model, above, node)
    if (offset !== 0) pair.offsets.push(offset)
  }
  const most = [...pairs].filter(([, { calls, offsets }]) => offsets.length * 2 > calls)
  return new Map(most.map(([key, { offsets }]) => [key, median(offsets)]))
}

/** 0 where the times are possible. */
function offsetOf(model: TraceModel, caller: number, callee: number): number {
  const [from, to] = [model.start[caller] ?? 0, model.end[caller] ?? 0]
  const [start, end] = [model.start[callee] ?? 0, model.end[callee] ?? 0]
  const isShorter = durationOf(model, callee) <= durationOf(model, caller)
  const isOpen = hasFlag(model, caller, 'inProgress') || hasFlag(model, callee, 'inProgress')
  const isEarly = from - start >= LEAST_US
  // What goes through a queue may begin when the sender is done; an answer over the network cannot come before the work.
  const isAwaited = start < to || hasFlag(model, caller, 'callsRemote')
  const isLate = end - to >= LEAST_US && isShorter && isAwaited && !isOpen
  if (!isEarly && !isLate) return 0
  return isShorter && !isOpen ? (from + to - start - end) / 2 : from - start
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2
}
