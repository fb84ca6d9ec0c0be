import type { SegmentDocument } from './entity.ts'
import type { EntityId, TraceId } from './ids.ts'
import type { Read } from './outcome.ts'
import type { SearchFacts } from './search-facts.ts'

/** A segment is one service handling one request; a subsegment here is an independent one, sent on its own. */
export type DocumentKind = SegmentDocument['kind']

/** What ingest needs to know of an accepted document: its identity, its times, and the text it came as. */
export type IncomingDocument = {
  readonly kind: DocumentKind
  readonly traceId: TraceId
  readonly id: EntityId
  readonly parentId?: EntityId
  readonly name: string
  /** Epoch seconds, the double as it was sent. */
  readonly startTime: number
  /** Epoch seconds; absent while the entity is in progress. */
  readonly endTime?: number
  /** False while in progress. A complete document replaces one in progress, never the reverse (spec/ingest §3.2). */
  readonly complete: boolean
  /** Made by a tracing service, not by the application: acknowledged, not stored (spec/ingest §2.4 `inferred`). */
  readonly inferred: boolean
  /** The JSON text to keep: as it arrived, but for passwords in `sql` (spec/ingest §2.12). */
  readonly raw: string
  /** What searches narrow by. */
  readonly search: SearchFacts
}

/**
 * Reads one document text as a client sent it. The answer has one entry for a segment or subsegment, and one for each
 * element of an array document, in order (spec/ingest §2.1).
 */
export type DocumentReader = (text: string, nowSeconds: number) => readonly Read<IncomingDocument>[]

/** A document as the store gives it back. */
export type StoredDocument = {
  readonly kind: DocumentKind
  readonly id: EntityId
  readonly complete: boolean
  /** Microseconds since the epoch, unique in the store and increasing in the order of acknowledgement. */
  readonly received: number
  /** Microseconds since the epoch. */
  readonly startUs: number
  /** Microseconds since the epoch; absent while it is in progress. */
  readonly endUs?: number
  readonly raw: string
}
