/** Bits of `TraceOutline.flags`. */
export const OUTLINE_FLAGS = {
  fault: 1,
  error: 1 << 1,
  throttle: 1 << 2,
  inProgress: 1 << 3,
  /** Made by the server for the other side of a call that reports nothing (spec/query §3.2). */
  inferred: 1 << 4,
  /** A call to another service, `namespace: remote`. */
  callsRemote: 1 << 5,
  /** A call to an AWS service, `namespace: aws`. */
  callsAws: 1 << 6,
  hasExceptions: 1 << 7,
  hasSql: 1 << 8,
  /** A segment, one service at work; the others are subsegments. */
  segment: 1 << 9,
  hasLinks: 1 << 10,
  /** Its parent was named, and is not in the trace. */
  orphan: 1 << 11,
} as const

/** A service of a trace: the node that its segments belong to. */
export type OutlineService = { readonly name: string; readonly type?: string; readonly account?: string }

/** A span link of an entity. */
export type OutlineLink = {
  /** Position of the entity. */
  readonly at: number
  readonly traceId: string
  readonly id?: string
}

/**
 * `GET /api/traces/{id}/outline`: a trace as columns, one value for each segment and subsegment, in pre-order: roots by
 * start, children by start, then id. Texts are given once. Times of entities are microseconds from `startTime`.
 */
export type TraceOutline = {
  readonly id: string
  /** Grows whenever a document of the trace comes in; the `ETag` is made of it. */
  readonly revision: number
  /** Epoch seconds: the earliest start of anything in it, but for mistakes of senders (spec/ingest §2.3). */
  readonly startTime: number
  /** Seconds, from there to the latest end that is no mistake. */
  readonly duration: number
  /** Whether anything in it has not ended. */
  readonly inProgress: boolean
  /** It has become so large that no more documents were taken. */
  readonly limitExceeded: boolean
  /** Those that segments of the trace belong to, inferred ones included, each once. */
  readonly services: readonly OutlineService[]
  readonly texts: readonly string[]
  readonly ids: readonly string[]
  /** Position of the parent, which is smaller; -1 for roots and orphans. A segment stands under what called it. */
  readonly parent: readonly number[]
  /** Position in `texts`. */
  readonly name: readonly number[]
  /** Position in `services`: of subsegments, that of the segment they are in; -1 in an orphan. */
  readonly service: readonly number[]
  /** Negative only for mistakes. */
  readonly start: readonly number[]
  /** -1 while in progress; the flag tells it from a mistake. */
  readonly end: readonly number[]
  readonly flags: readonly number[]
  /** HTTP status, 0 where there is none. */
  readonly status: readonly number[]
  /** Position in `texts` of what it did (method and path, operation and table, the statement's beginning); -1 for none. */
  readonly detail: readonly number[]
  /** By position, the id of the parent that is missing. */
  readonly missingParents: readonly { readonly at: number; readonly parentId: string }[]
  readonly links: readonly OutlineLink[]
}

/** `GET /api/traces/{id}/segments/{segment}`: one segment or subsegment. */
export type SegmentAnswer = {
  /** As `BatchGetTraces` returns it, as text, without its subsegments: numbers keep all their digits. */
  readonly document: string
  /** The id of the entry of BatchGetTraces' `Segments` that holds it: of a segment, its own. */
  readonly documentId: string
}

/** `GET /api/traces/{id}/find`: which entities match, by position in the outline of this revision. */
export type FindAnswer = { readonly revision: number; readonly matches: readonly number[] }
