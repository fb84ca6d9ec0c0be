import type { TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'

/** When one segment of a trace ran, in whole microseconds since the epoch; no end while it is in progress. */
export type SegmentSpan = { readonly startUs: number; readonly endUs?: number }

/** What lists and searches read of a trace, made from all of its documents (design §3). */
export type TraceRow = {
  readonly tenant: Tenant
  readonly id: TraceId
  /** The trace's time (spec/query §0.8), by which rows are ordered: whole epoch seconds from 0 to 2^32 − 1. */
  readonly timeSeconds: number
  /** A stamp as documents have them, greater than those of all documents that the row was made from. */
  readonly version: number
  /** The segments of the trace; where it has none, its orphans stand in. */
  readonly spans: readonly SegmentSpan[]
  /** The summary as text that whoever reads it understands; the store does not look into it. */
  readonly summary: string
}

/** A row that no longer holds: the trace is filed under another time now. */
export type ObsoleteRow = {
  readonly tenant: Tenant
  readonly id: TraceId
  readonly timeSeconds: number
  readonly version: number
}
