import type { Entity } from './entity.ts'
import type { TraceIndex } from './trace-index.ts'

/**
 * Whether more of the trace is to come (spec/ingest §3.1, §3.3): something is in progress, the parent of a segment or
 * subsegment is not there, or a call whose other side reports its own segment has no such segment yet.
 */
export function isPartial({ trace, segments, subsegments, find, segmentsCalledBy }: TraceIndex): boolean {
  return (
    trace.roots.some(({ kind }) => kind === 'orphan') ||
    segments.some(({ entity }) => entity.inProgress) ||
    segments.some(({ parentId }) => parentId !== undefined && find(parentId) === undefined) ||
    subsegments.some(
      ({ entity }) => entity.inProgress || (isTraced(entity) && segmentsCalledBy(entity.id).length === 0),
    )
  )
}

/** Whether the called service reports a segment of its own; two spellings are in use (spec/ingest §2.4 `traced`). */
export function isTraced({ traced, http }: Entity): boolean {
  return traced === true || http?.traced === true
}
