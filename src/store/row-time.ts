import type { StoredDocument } from '../model/document.ts'
import type { TraceId } from '../model/ids.ts'
import { traceTimeSeconds } from '../model/trace-time.ts'
import { filedStartUs } from '../spool/document-row.ts'

/** What a row can hold; where the operator allows it, segments claim to be older or newer. */
const MAX_TIME_SECONDS = 2 ** 32 - 1

/** `TraceRow.timeSeconds`, of the first start among a trace's segments, or among its subsegments when it has none. */
export function rowTimeSeconds(id: TraceId, firstStartUs: number): number {
  return Math.max(0, Math.min(MAX_TIME_SECONDS, traceTimeSeconds(id, firstStartUs / 1e6)))
}

/** The time that the row of a trace has when these are its current documents (`currentDocuments`), one at least. */
export function rowTimeOf(id: TraceId, current: readonly StoredDocument[]): number {
  let hasSegments = false
  let firstUs = Infinity
  for (const { kind, startUs, received } of current) {
    const isSegment = kind === 'segment'
    if (hasSegments && !isSegment) continue
    const filedUs = filedStartUs(kind, startUs, received)
    firstUs = isSegment && !hasSegments ? filedUs : Math.min(firstUs, filedUs)
    hasSegments ||= isSegment
  }
  return rowTimeSeconds(id, firstUs)
}
