import type { Entity } from './entity.ts'
import type { EntityId, TraceId } from './ids.ts'

/** One entry of a trace's `Segments`: a segment, or a subsegment whose parent has not been seen (spec/ingest §3.1). */
export type TraceRoot = {
  readonly kind: 'segment' | 'orphan'
  readonly parentId?: EntityId
  /** With the independent subsegments of the trace attached under their parents. */
  readonly entity: Entity
}

/** All documents of one trace id, merged (spec/ingest §3). Roots are ordered by start time, then id. */
export type Trace = {
  readonly id: TraceId
  /** Grows by one with every acknowledged call that touched the trace; at least 1. */
  readonly revision: number
  readonly roots: readonly TraceRoot[]
  /** The bytes of the documents that are in it, as far as whoever assembled it said (spec/query §2.6 `LimitExceeded`). */
  readonly storedBytes?: number
}
