import { isTraced } from './called-node.ts'
import type { TraceIndex } from './trace-index.ts'

/**
 * Whether more of the trace is to come (spec/ingest §3.1, §3.3): something is in progress, the parent of a segment or
 * subsegment is not there, or a call whose other side reports its own segment has no such segment yet.
 */
export function isPartial({ trace, placedSegments, subsegments }: TraceIndex): boolean {
  if (placedSegments.length < trace.roots.length) return true
  for (const { entity, root, caller } of placedSegments) {
    if (entity.inProgress || (root.parentId !== undefined && caller === undefined)) return true
  }
  for (const { entity, called } of subsegments) {
    if (entity.inProgress || (called.length === 0 && isTraced(entity))) return true
  }
  return false
}
