import type { Entity } from './entity.ts'
import type { EntityId } from './ids.ts'
import type { Trace, TraceRoot } from './trace.ts'

/** An entity, and where it stands. */
export type PlacedEntity = {
  readonly entity: Entity
  /** The root it stands under: itself, for a segment and for an orphan. */
  readonly root: TraceRoot
  /** What it stands in; absent for roots. */
  readonly parent: PlacedEntity | undefined
}

/** A trace, with what is needed to go from one segment to another. */
export type TraceIndex = {
  readonly trace: Trace
  /** The real segments, in the order of the roots. */
  readonly segments: readonly TraceRoot[]
  /** All subsegments, orphans included, in the order of the roots, parents first. */
  readonly subsegments: readonly PlacedEntity[]
  /** The entity with this id; a subsegment before a segment (spec/ingest §3.1). */
  readonly find: (id: EntityId) => PlacedEntity | undefined
  /** The real segments that name this id as their parent, in the order of the roots. */
  readonly segmentsCalledBy: (id: EntityId) => readonly TraceRoot[]
}

const NONE: readonly TraceRoot[] = []

/** Indexes a trace. Linear time, not recursive, and without generators, for speed. */
export function indexTrace(trace: Trace): TraceIndex {
  const segments: TraceRoot[] = []
  const subsegments: PlacedEntity[] = []
  const segmentById = new Map<EntityId, PlacedEntity>()
  const subsegmentById = new Map<EntityId, PlacedEntity>()
  const called = new Map<EntityId, TraceRoot[]>()
  const waiting: PlacedEntity[] = []
  for (const root of trace.roots) {
    waiting.push({ entity: root.entity, root, parent: undefined })
    for (let placed = waiting.pop(); placed !== undefined; placed = waiting.pop()) {
      const { entity } = placed
      if (placed.parent === undefined && root.kind === 'segment') {
        segments.push(root)
        segmentById.set(entity.id, placed)
        if (root.parentId !== undefined) {
          const siblings = called.get(root.parentId)
          if (siblings === undefined) called.set(root.parentId, [root])
          else siblings.push(root)
        }
      } else {
        subsegments.push(placed)
        subsegmentById.set(entity.id, placed)
      }
      const children = entity.subsegments
      for (let last = children.length - 1; last >= 0; last--) {
        const child = children[last]
        if (child !== undefined) waiting.push({ entity: child, root, parent: placed })
      }
    }
  }
  return {
    trace,
    segments,
    subsegments,
    find: (id) => subsegmentById.get(id) ?? segmentById.get(id),
    segmentsCalledBy: (id) => called.get(id) ?? NONE,
  }
}
