import type { StoredDocument } from '../model/document.ts'
import type { TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'

/** Health is a value: asking is cheap, and never throws. */
export type Health = { readonly ok: true } | { readonly ok: false; readonly error: Error }

/** What the store holds of one trace. */
export type StoredTrace = {
  readonly id: TraceId
  /** The number of distinct acknowledged calls that brought a document of this trace; at least 1. */
  readonly revision: number
  /**
   * The documents, in no promised order. Of one entity (kind and id) there may be several: an engine MAY drop one that
   * another of the same entity supersedes (complete before in progress, then the later received), and MUST keep the
   * one that supersedes all others.
   */
  readonly documents: readonly StoredDocument[]
}

/** Where a page of traces begins: strictly after this trace in the order of `findTraces`. */
export type TracePosition = { readonly timeSeconds: number; readonly id: TraceId }

/** A half-open window of trace times, `[fromSeconds, toSeconds)`. */
export type FindTraces = {
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly after?: TracePosition
  readonly limit: number
}

/**
 * Where documents live.
 *
 * The contract is tested by `test/contract/store.ts`, which every engine runs; the memory engine is the oracle.
 * All methods but `open` reject before `open` has resolved. Answers belong to the caller, who may change them.
 */
export interface TraceStore extends AsyncDisposable {
  /**
   * Connects, and brings the schema to the version this program knows, forward only. Data of a newer version MUST be
   * refused with a `StoreOpenError` whose message tells the operator what to do. Opening twice is an error.
   */
  open(): Promise<void>

  /**
   * Stores every row of a sealed spool file (`spool/document-row.ts`).
   *
   * Resolves once the rows survive a power failure of the machine that stores them; only then may the caller delete the
   * file. Storing the same file again MUST change no answer of this store. After a rejection any part of the file MAY
   * be stored, and the call is repeated with the same file. Calls MUST NOT overlap. The file MUST be left as it is.
   */
  insert(path: string): Promise<void>

  /**
   * The traces with these ids. A trace that was never stored has no entry. Sees every insert that resolved before the
   * call.
   */
  read(tenant: Tenant, ids: readonly TraceId[], signal?: AbortSignal): Promise<ReadonlyMap<TraceId, StoredTrace>>

  /**
   * Traces whose time lies in the window, ordered by time descending, then id descending, at most `limit`.
   *
   * A trace's first start is the smallest start time of any segment document it ever had, or, when it has none, the
   * smallest `filedStartUs` (`spool/document-row.ts`) of its subsegment documents. Its time is the epoch in its id when that is within 7 days of the first start, else the first
   * start rounded down to the second (spec/query §0.8).
   */
  findTraces(tenant: Tenant, query: FindTraces, signal?: AbortSignal): Promise<readonly TracePosition[]>

  /** The greatest `received` of any stored document, 0 when there is none. New stamps MUST be greater. */
  lastReceived(): Promise<number>

  /** Whether the store can be reached and read now. Never rejects. */
  check(signal?: AbortSignal): Promise<Health>
}

/** The store cannot be used. The message is one line for the operator and says what to do. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError'
}
