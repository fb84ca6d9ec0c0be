import type { PlacedEntity, TraceIndex } from './trace-index.ts'
import type { ServiceId } from './summary.ts'

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
 * The inferred segments of a trace, in the order of the calls (spec/ingest §3.5, spec/query §2.6): of each call of
 * somebody of whom there is no segment, unless it says that there will be one. They vanish when the real segment
 * arrives. That promise does not run out (docs/adr/007).
 */
export function inferSegments({ subsegments }: TraceIndex): readonly InferredSegment[] {
  const inferred: InferredSegment[] = []
  for (const call of subsegments) {
    if (call.inferred !== undefined) inferred.push({ call, node: call.inferred.service })
  }
  return inferred
}
