import { calledNode, isCall } from './called-node.ts'
import type { Entity } from './entity.ts'
import { isTraced } from './is-partial.ts'
import type { ServiceId } from './summary.ts'
import type { PlacedEntity, TraceIndex } from './trace-index.ts'

/**
 * A segment that stands in for a service that does not report. What it says is what `call` says, so its times, flags
 * and `aws` are read there; `inferredRoot` makes the document that is returned.
 */
export type InferredSegment = {
  /** The subsegment that it was made of. */
  readonly call: PlacedEntity
  readonly node: ServiceId
}

/**
 * The inferred segments of a trace, in the order of the calls (spec/ingest §3.5, spec/query §2.6). They vanish when the
 * real segment arrives.
 */
export function inferSegments(index: TraceIndex): readonly InferredSegment[] {
  const inferred: InferredSegment[] = []
  for (const call of index.subsegments) {
    if (isInferred(call.entity, index)) inferred.push({ call, node: calledNode(call.entity) })
  }
  return inferred
}

/**
 * Whether the other side of this subsegment is inferred: it calls somebody, of whom there is no segment, and it does
 * not say that there will be one. That promise does not run out (docs/adr/007).
 */
export function isInferred(subsegment: Entity, { segmentsCalledBy }: TraceIndex): boolean {
  return isCall(subsegment) && !isTraced(subsegment) && segmentsCalledBy(subsegment.id).length === 0
}
