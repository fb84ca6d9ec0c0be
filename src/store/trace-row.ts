import type { TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'

/** When one segment of a trace ran, in whole microseconds since the epoch; no end while it is in progress. */
export type SegmentSpan = { readonly startUs: number; readonly endUs?: number }

/** What lists and searches narrow by, made from all documents of a trace (design §3). */
export type TraceRow = {
  readonly tenant: Tenant
  readonly id: TraceId
  /** The trace's time (spec/query §0.8), by which rows are ordered: whole epoch seconds from 0 to 2^32 − 1. */
  readonly timeSeconds: number
  /** A stamp as documents have them, greater than those of all documents that the row was made from. */
  readonly version: number
  /** The segments of the trace; where it has none, its independent subsegments stand in. */
  readonly spans: readonly SegmentSpan[]
  /** The names that its nodes may have, each once. */
  readonly names: readonly string[]
  /** What else it may match: texts that `searchTerm` made, each once. */
  readonly terms: readonly string[]
  /** The URLs of requests that segments answered, each once. */
  readonly urls: readonly string[]
  /** The greatest end of any segment or subsegment, whole microseconds; absent while it is not known. */
  readonly lastEndUs?: number
}

/** A row that no longer holds: the trace is filed under another time now. */
export type ObsoleteRow = {
  readonly tenant: Tenant
  readonly id: TraceId
  readonly timeSeconds: number
  readonly version: number
}
