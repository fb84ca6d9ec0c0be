import type { SegmentSpan, TraceRow } from '../../src/store/trace-row.ts'
import { newTenant, nextStamp, NOW_SECONDS, traceId } from './spool-file.ts'

/** A row of now with a version of its own; `fields` replace. The version tells the rows apart. */
export function traceRow(fields: Partial<TraceRow> = {}): TraceRow {
  return {
    tenant: newTenant(),
    id: traceId(),
    timeSeconds: NOW_SECONDS,
    version: nextStamp(),
    spans: [span(0, 0.5)],
    names: [],
    terms: [],
    urls: [],
    ...fields,
  }
}

/** A segment that ran between these seconds after now; one without an end is in progress. */
export function span(startSeconds: number, endSeconds?: number): SegmentSpan {
  const us = (seconds: number): number => Math.round((NOW_SECONDS + seconds) * 1e6)
  return endSeconds === undefined ? { startUs: us(startSeconds) } : { startUs: us(startSeconds), endUs: us(endSeconds) }
}
