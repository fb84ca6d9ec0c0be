import { calledNode, isCall, isTraced } from './called-node.ts'
import { isError, isFault } from './effective-flags.ts'
import type { Entity } from './entity.ts'
import { recordedExceptions } from './recorded-exceptions.ts'
import { segmentNode } from './node.ts'
import type { FailedStep, RootCause, RootCauseService, ServiceId, SlowStep } from './summary.ts'
import type { TraceIndex } from './trace-index.ts'
import { durationSeconds } from './trace-span.ts'
import type { TraceRoot } from './trace.ts'

const MAX_ROOT_CAUSES = 10

/** A child takes the blame for its parent's time from this part of it on. */
const BLAMED_PART = 0.5

/** One entity on a way down. A segment, real or inferred, has a service; a subsegment is in the one above. */
type Step = {
  readonly entity: Entity
  readonly service: { readonly serviceId: ServiceId; readonly inferred: boolean } | undefined
  readonly up: Step | undefined
}

/**
 * The root causes of faults (spec/query §2.5). The ways begin at the root segment if it has a fault, else wherever an
 * entity has one and its parent has none; they follow the faults down and end where no child has one. An orphan belongs
 * to no service, so nothing begins there. At most ten, each way of names once; linear time, any depth.
 */
export function faultRootCauses(index: TraceIndex, root: TraceRoot | undefined): readonly RootCause<FailedStep>[] {
  return failures(index, root, isFault)
}

/** The same for errors; entities with a fault do not count. */
export function errorRootCauses(index: TraceIndex, root: TraceRoot | undefined): readonly RootCause<FailedStep>[] {
  return failures(index, root, (entity) => isError(entity) && !isFault(entity))
}

/**
 * Where the response time went, for a trace that took at least `slowSeconds` to answer: from the root to the child that
 * took longest, as long as that took half of its parent's time (spec/query §2.5). None or one.
 */
export function responseTimeRootCauses(
  index: TraceIndex,
  root: TraceRoot | undefined,
  slowSeconds: number,
): readonly RootCause<SlowStep>[] {
  const rounded = root && durationSeconds(root.entity)
  if (root === undefined || rounded === undefined || rounded < slowSeconds || rounded === 0) return []
  const responseTime = durationOf(root.entity)
  const steps: Step[] = []
  for (let step: Step | undefined = segmentStep(root, undefined); step !== undefined;) {
    steps.push(step)
    const slowest = slowestOf(childrenOf(step, index, root, hasEnded))
    if (slowest === undefined) break
    const blamed = Math.min(responseTime, Math.max(durationOf(step.entity), durationOf(slowest.entity)))
    step = durationOf(slowest.entity) >= BLAMED_PART * blamed ? slowest : undefined
  }
  const covered = steps.map(({ entity }, position) => {
    const chosen = steps[position + 1]
    const longest = Math.max(durationOf(entity), chosen === undefined ? 0 : durationOf(chosen.entity))
    return Math.round(Math.min(1, longest / responseTime) * 1_000) / 1_000
  })
  const services = servicesOf(steps, (entity, remote, position) => {
    return { name: entity.name, remote, coverage: covered[position] ?? 0 }
  })
  return [{ services, clientImpacting: true }]
}

function durationOf({ startTime, endTime }: Entity): number {
  return endTime === undefined ? 0 : Math.max(0, endTime - startTime)
}

function hasEnded({ endTime }: Entity): boolean {
  return endTime !== undefined
}

/** The first of those that took longest. */
function slowestOf(steps: readonly Step[]): Step | undefined {
  let slowest: Step | undefined
  for (const step of steps) {
    if (slowest === undefined || durationOf(step.entity) > durationOf(slowest.entity)) slowest = step
  }
  return slowest
}

type Has = (entity: Entity) => boolean

function failures(index: TraceIndex, root: TraceRoot | undefined, has: Has): readonly RootCause<FailedStep>[] {
  const isRootCause = root !== undefined && has(root.entity)
  const starts = isRootCause ? [segmentStep(root, undefined)] : startsOf(index, has)
  if (starts.length === 0) return []
  const exceptionsOf = recordedExceptions(index)
  const pathOf = pathNumbers()
  const seen = new Set<number>()
  const causes: RootCause<FailedStep>[] = []
  const waiting = starts
    .map((step) => ({ step, path: step.up === undefined ? pathOf(0, step) : pathOf(pathOf(0, step.up), step) }))
    .toReversed()
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { step, path } = next
    const failed = childrenOf(step, index, root, has)
    for (const child of failed.toReversed()) waiting.push({ step: child, path: pathOf(path, child) })
    if (failed.length > 0 || seen.has(path)) continue
    seen.add(path)
    const services = servicesOf(stepsTo(step), (entity, remote) => {
      return { name: entity.name, remote, exceptions: exceptionsOf(entity) }
    })
    causes.push({ services, clientImpacting: isRootCause })
    if (causes.length === MAX_ROOT_CAUSES) break
  }
  return causes
}

/** Entities that have it while their parents do not. The way to a subsegment starts with the segment it is in. */
function startsOf(index: TraceIndex, has: Has): readonly Step[] {
  const starts: Step[] = []
  for (const { entity, root, caller } of index.placedSegments) {
    if (!has(entity)) continue
    const fromParent = caller?.root.kind === 'segment' && caller.entity !== entity && has(caller.entity)
    if (!fromParent) starts.push(segmentStep(root, undefined))
  }
  for (const { entity, parent, root } of index.subsegments) {
    if (root.kind !== 'segment' || !has(entity) || (parent !== undefined && has(parent.entity))) continue
    starts.push({ entity, service: undefined, up: segmentStep(root, undefined) })
  }
  return starts
}

/**
 * Those that have it of the subsegments, then of the other side of the call: real segments, else the inferred one. The
 * root segment is nobody's child, which cuts the cycle that it may be in; other cycles cannot be reached from outside.
 */
function childrenOf(step: Step, index: TraceIndex, root: TraceRoot | undefined, has: Has): readonly Step[] {
  const { entity, service } = step
  const children: Step[] = []
  if (service?.inferred === true) return children
  for (const subsegment of entity.subsegments) {
    if (has(subsegment)) children.push({ entity: subsegment, service: undefined, up: step })
  }
  const called = index.calledBy.get(entity.id)
  if (called === undefined) {
    const isInferred = service === undefined && isCall(entity) && !isTraced(entity)
    if (!isInferred || !has(entity)) return children
    children.push({ entity, service: { serviceId: calledNode(entity), inferred: true }, up: step })
    return children
  }
  for (const segment of called) {
    // Of a segment and a subsegment of one id, the subsegment is the parent (spec/ingest §3.1).
    if (segment.caller?.entity !== entity || segment.root === root || segment.entity === entity) continue
    if (has(segment.entity)) children.push(segmentStep(segment.root, step))
  }
  return children
}

function segmentStep({ entity }: TraceRoot, up: Step | undefined): Step {
  return { entity, service: { serviceId: segmentNode(entity), inferred: false }, up }
}

function stepsTo(last: Step): readonly Step[] {
  const steps: Step[] = []
  for (let step: Step | undefined = last; step !== undefined; step = step.up) steps.push(step)
  return steps.toReversed()
}

function servicesOf<T>(
  steps: readonly Step[],
  describe: (entity: Entity, remote: boolean, position: number) => T,
): readonly RootCauseService<T>[] {
  const services: (RootCauseService<T> & { readonly entityPath: T[] })[] = []
  for (const [position, { entity, service }] of steps.entries()) {
    if (service !== undefined) {
      services.push({ serviceId: service.serviceId, inferred: service.inferred, entityPath: [] })
    }
    const remote = service === undefined && isCall(entity)
    services.at(-1)?.entityPath.push(describe(entity, remote, position))
  }
  return services
}

/** Numbers the ways by the names on them: equal for equal names, whatever their length, in constant time a step. */
function pathNumbers(): (above: number, step: Step) => number {
  const numbers = new Map<string, number>()
  return (above, { entity }) => {
    const key = `${above} ${entity.name}`
    const number = numbers.get(key) ?? numbers.size + 1
    numbers.set(key, number)
    return number
  }
}
