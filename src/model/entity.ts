import type { EntityId, TraceId } from './ids.ts'
import type { Json, JsonObject } from './json.ts'
import type { RawNumber } from './raw-number.ts'

/** A value that filter expressions can search for (spec/ingest §2.10). */
export type AnnotationValue = string | number | boolean

/** `http.request` and `http.response` of a segment or subsegment, flattened (spec/ingest §2.5). */
export type Http = {
  readonly method?: string
  readonly url?: string
  readonly userAgent?: string
  readonly clientIp?: string
  readonly xForwardedFor?: boolean
  /** `http.request.traced`: the called service reports a segment of its own. */
  readonly traced?: boolean
  readonly status?: number
  readonly contentLength?: number
}

export type StackFrame = { readonly path?: string; readonly line?: number; readonly label?: string }

/** One exception of a `cause` (spec/ingest §2.9). `cause` is the id of the next exception in the chain. */
export type Exception = {
  readonly id?: string
  readonly message?: string
  readonly type?: string
  readonly remote?: boolean
  readonly truncated?: number
  readonly skipped?: number
  readonly cause?: string
  readonly stack?: readonly StackFrame[]
}

/** Either a reference to an exception or subsegment elsewhere in the trace, or the exceptions themselves. */
export type Cause =
  | { readonly kind: 'reference'; readonly id: string }
  | {
      readonly kind: 'exceptions'
      /** Node's propagated form: the subsegment where the error was first recorded. */
      readonly id?: string
      readonly message?: string
      readonly workingDirectory?: string
      readonly paths?: readonly string[]
      readonly exceptions?: readonly Exception[]
    }

export type Sql = {
  readonly connectionString?: string
  readonly url?: string
  readonly sanitizedQuery?: string
  readonly databaseType?: string
  readonly databaseVersion?: string
  readonly driverVersion?: string
  readonly user?: string
  readonly preparation?: string
}

/** A link to a span of another trace, or of this one (spec/ingest §2.4 `links`). */
export type SpanLink = {
  readonly traceId?: string
  readonly id?: string
  readonly attributes?: JsonObject
}

/**
 * A segment or subsegment, normalised: wrong types, nulls and empty strings are gone, ids are canonical
 * (spec/ingest §2.0). Absent members are absent, never null.
 */
export type Entity = {
  readonly id: EntityId
  readonly name: string
  /** Epoch seconds, the double as it was sent. */
  readonly startTime: number
  /** Epoch seconds; absent while in progress. */
  readonly endTime?: number
  readonly inProgress: boolean
  readonly namespace?: string
  readonly error?: boolean
  readonly throttle?: boolean
  readonly fault?: boolean
  readonly http?: Http
  /** Free-form, null members dropped (spec/ingest §2.6, §2.7). */
  readonly aws?: JsonObject
  readonly cause?: Cause
  /** Present, if only empty, when the document had an `annotations` object (spec/ingest §0). */
  readonly annotations?: ReadonlyMap<string, AnnotationValue | RawNumber>
  /**
   * Namespace → key → anything; a namespace may hold anything, too (spec/ingest §2.11). At any depth there may be a
   * `RawNumber` where JSON has a number.
   */
  readonly metadata?: ReadonlyMap<string, Json>
  readonly sql?: Sql
  readonly precursorIds?: readonly string[]
  /** The subsegment-level spelling; `http.traced` is the other one. */
  readonly traced?: boolean
  readonly links?: readonly SpanLink[]
  readonly user?: string
  readonly origin?: string
  readonly resourceArn?: string
  readonly service?: JsonObject
  readonly subsegments: readonly Entity[]
}

/** The whole tree of one document. */
export type SegmentDocument = {
  /** A segment is one service handling one request; a subsegment here is an independent one, sent on its own. */
  readonly kind: 'segment' | 'subsegment'
  readonly traceId: TraceId
  readonly parentId?: EntityId
  readonly inferred: boolean
  readonly entity: Entity
}
