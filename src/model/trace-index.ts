import type { Entity } from './entity.ts'
import type { EntityId } from './ids.ts'
import type { Trace, TraceRoot } from './trace.ts'
import { walk } from './walk.ts'

/** An entity, and the root it stands under. A segment is its own root's entity; so is an orphan. */
export type PlacedEntity = { readonly entity: Entity; readonly root: TraceRoot }

/** A trace, with what is needed to go from one segment to another. */
export type TraceIndex = {
  readonly trace: Trace
  /** The real segments, in the order of the roots. */
  readonly segments: readonly TraceRoot[]
  /** All subsegments, orphans included, in the order of the roots, parents first. */
  readonly subsegments: readonly PlacedEntity[]
  /** The root under which the entity with this id stands; a subsegment before a segment (spec/ingest §3.1). */
  readonly rootHolding: (id: EntityId) => TraceRoot | undefined
  /** Whether a real segment names this id as its parent. */
  readonly hasChildSegment: (id: EntityId) => boolean
}

/** Indexes a trace. Linear time, not recursive. */
export function indexTrace(trace: Trace): TraceIndex {
  const segments = trace.roots.filter(({ kind }) => kind === 'segment')
  const subsegments: PlacedEntity[] = []
  for (const root of trace.roots) {
    for (const entity of walk(root.entity)) {
      if (entity !== root.entity || root.kind === 'orphan') subsegments.push({ entity, root })
    }
  }
  const segmentById = new Map(segments.map((root) => [root.entity.id, root]))
  const subsegmentById = new Map(subsegments.map(({ entity, root }) => [entity.id, root]))
  const parentIds = new Set(segments.map(({ parentId }) => parentId))
  return {
    trace,
    segments,
    subsegments,
    rootHolding: (id) => subsegmentById.get(id) ?? segmentById.get(id),
    hasChildSegment: (id) => parentIds.has(id),
  }
}
