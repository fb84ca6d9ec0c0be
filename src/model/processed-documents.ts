import { compareByStart } from './compare-by-start.ts'
import type { Entity, SpanLink } from './entity.ts'
import { inferredRoot, type InferredRoot } from './inferred-root.ts'
import { inferSegments } from './infer-segments.ts'
import { withResourceNames } from './resource-names.ts'
import { indexTrace, type TraceIndex } from './trace-index.ts'
import type { Trace, TraceRoot } from './trace.ts'
import { walk } from './walk.ts'

/** Links of one trace; more are dropped (spec/ingest §1.7). */
export const MAX_TRACE_LINKS = 100

/** One entry of `Segments`: what was sent, merged, or a segment that the service made. */
export type ProcessedDocument = TraceRoot | InferredRoot

/**
 * The documents of a trace as they are returned (spec/query §2.6): its roots, with what the service adds
 * (`aws.resource_names`) and without links beyond the limit, and its inferred segments; by start, then id. Not
 * recursive. Entities that do not change are the same objects.
 */
export function processedDocuments(trace: Trace): readonly ProcessedDocument[] {
  const index = indexTrace(trace)
  const inferred = inferSegments(index).map((segment) => inferredRoot(trace.id, segment))
  // Stable: what was sent comes before what was inferred, should start and id be equal.
  return [...returnedRoots(index), ...inferred].toSorted((a, b) => compareByStart(a.entity, b.entity))
}

function returnedRoots({ trace, segments, subsegments }: TraceIndex): readonly TraceRoot[] {
  const returned = new Map<Entity, Entity>()
  const links = keptLinks(trace)
  for (const { entity } of segments) noteOwn(entity, 'segment', links.get(entity), returned)
  for (const { entity } of subsegments) noteOwn(entity, 'subsegment', links.get(entity), returned)
  if (returned.size === 0) return trace.roots
  // Parents come first in the index, so that backwards each entity's subsegments are ready before it is.
  for (const { entity } of subsegments.toReversed()) rebuild(entity, returned)
  for (const { entity } of segments) rebuild(entity, returned)
  return trace.roots.map((root) => ({ ...root, entity: returned.get(root.entity) ?? root.entity }))
}

/** Notes what changes of an entity but for its subsegments. */
function noteOwn(
  entity: Entity,
  kind: 'segment' | 'subsegment',
  links: readonly SpanLink[] | undefined,
  returned: Map<Entity, Entity>,
): void {
  const aws = withResourceNames(entity, kind)
  if (aws === entity.aws && links === undefined) return
  returned.set(entity, {
    ...entity,
    ...(aws === undefined ? {} : { aws }),
    ...(links === undefined ? {} : { links }),
  })
}

function rebuild(entity: Entity, returned: Map<Entity, Entity>): void {
  if (!entity.subsegments.some((subsegment) => returned.has(subsegment))) return
  const subsegments = entity.subsegments.map((subsegment) => returned.get(subsegment) ?? subsegment)
  returned.set(entity, { ...(returned.get(entity) ?? entity), subsegments })
}

/** The links of the entities that lose some, in the order in which the trace is returned. */
function keptLinks({ roots }: Trace): ReadonlyMap<Entity, readonly SpanLink[]> {
  const kept = new Map<Entity, readonly SpanLink[]>()
  let left = MAX_TRACE_LINKS
  for (const root of roots) {
    for (const entity of walk(root.entity)) {
      const { links } = entity
      if (links === undefined) continue
      if (links.length > left) kept.set(entity, links.slice(0, left))
      left = Math.max(0, left - links.length)
    }
  }
  return kept
}
