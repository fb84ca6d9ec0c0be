import type { Narrowing } from '../filter/narrowing.ts'
import type { StoredDocument } from '../model/document.ts'
import type { TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'
import type { ObsoleteRow, TraceRow } from './trace-row.ts'

/** Health is a value: asking is cheap, and never throws. */
export type Health = { readonly ok: true } | { readonly ok: false; readonly error: Error }

/** What the store holds of one trace. */
export type StoredTrace = {
  readonly id: TraceId
  /** The stamps of the acknowledged calls that brought a document of this trace, each once, in no promised order. */
  readonly calls: readonly number[]
  /**
   * The documents, in no promised order. Of one entity (kind and id) there may be several: an engine MAY drop one that
   * another of the same entity supersedes (complete before in progress, then the later received), and MUST keep the
   * one that supersedes all others.
   */
  readonly documents: readonly StoredDocument[]
}

/** What the store knows of a trace without reading its documents. */
export type TraceTrack = {
  /** As in `StoredTrace`. */
  readonly calls: readonly number[]
  /** The times of all rows that were ever written for the trace and not declared obsolete since, or some that were. */
  readonly rowTimes: readonly number[]
}

/** A trace, and whose it is. */
export type TraceKey = { readonly tenant: Tenant; readonly id: TraceId }

/** Where a page of traces begins: strictly after this trace in the order of `findTraces`. */
export type TracePosition = { readonly timeSeconds: number; readonly id: TraceId }

/**
 * What a window selects (spec/query §2.1): traces whose time lies in it; traces of which a segment was active in it; or
 * traces of which a segment ended in it. A segment in progress is active at its start. `activity` is wider than `event`:
 * from the first start of a segment to the last end of anything in the trace, without gaps, such as a call that outlives
 * the segment that it was made in.
 */
export type WindowKind = 'trace-time' | 'event' | 'service' | 'activity'

/** A half-open window, `[fromSeconds, toSeconds)`. */
export type TraceWindow = {
  readonly kind: WindowKind
  readonly fromSeconds: number
  readonly toSeconds: number
}

/** One page of a window. */
export type FindTraces = TraceWindow & {
  readonly after?: TracePosition
  readonly limit: number
  /** Only traces whose row satisfies it; absent, all. */
  readonly narrowing?: Narrowing
  /**
   * The answer MAY have traces whose row of that time holds no longer, beside all others: for who reads the traces, and
   * asks again when one is filed under another time. To find out what holds takes the engine a second statement.
   */
  readonly mayBeOutdated?: boolean
}

/** A trace of a page. */
export type TraceHit = TracePosition & {
  /** Of the row that holds. */
  readonly version: number
  /** For `event`: the latest start or end of a segment inside the window, epoch seconds; absent when there is none. */
  readonly matchedEventSeconds?: number
}

/** Which texts of rows are counted. */
export type CountTexts = {
  /** The rows of traces whose time lies in `[fromSeconds, toSeconds)`. */
  readonly fromSeconds: number
  readonly toSeconds: number
  /** `TraceRow` says what they are. */
  readonly of: 'names' | 'terms' | 'urls'
  /** Only texts that begin with one of these; there MUST be one at least. */
  readonly startsWith: readonly string[]
  /** Of each text only what stands before the first of these; texts without it are left out. */
  readonly before?: string
  readonly limit: number
}

/** A text, and how many traces have it. */
export type CountedText = { readonly text: string; readonly traces: number }

/**
 * Where documents live, and the rows that are made of them.
 *
 * The contract is tested by `test/contract/store.ts`, which every engine runs; the memory engine is the oracle.
 * All methods but `open` and `check` reject before `open` has resolved. Answers belong to the caller, who may change
 * them.
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
   * call. No id is all zeros (`readTraceId`): texts that are no documents are stored under that one.
   */
  read(tenant: Tenant, ids: readonly TraceId[], signal?: AbortSignal): Promise<ReadonlyMap<TraceId, StoredTrace>>

  /**
   * The greatest time, epoch seconds, that the first digits of the id of any stored trace say, of those up to a bound; 0
   * when there is none. What they say need not be a time (spec/ingest §2.2).
   */
  newestEpoch(upToSeconds: number): Promise<number>

  /** What is known of the traces with these ids, without their documents; a trace never stored has no entry. */
  track(tenant: Tenant, ids: readonly TraceId[]): Promise<ReadonlyMap<TraceId, TraceTrack>>

  /**
   * Traces that a call with a greater stamp has touched, each once, at most `limit`, strictly after `after`. The order
   * is the engine's own, and stays the same, so that pages meet without gap or repeat.
   */
  tracesSince(stamp: number, limit: number, after?: TraceKey): Promise<readonly TraceKey[]>

  /**
   * Stores rows, durably when it resolves. Of the rows of one trace under one time, the one with the greatest version
   * holds. A row that is declared obsolete holds no longer, unless a row with a greater version was written for the
   * same time. After a rejection any of them MAY be stored. Calls MUST NOT overlap each other; they MAY overlap
   * `insert`.
   */
  writeRows(rows: readonly TraceRow[], obsolete: readonly ObsoleteRow[]): Promise<void>

  /** The traces of a window by their rows, ordered by time descending, then id descending, at most `limit`. */
  findTraces(tenant: Tenant, query: FindTraces, signal?: AbortSignal): Promise<readonly TraceHit[]>

  /** How many traces `findTraces` would answer without a limit. */
  countTraces(tenant: Tenant, window: TraceWindow, signal?: AbortSignal): Promise<number>

  /** Texts of rows, each once, by how many traces have it, the most first, then as their UTF-8 bytes sort. */
  countTexts(tenant: Tenant, query: CountTexts, signal?: AbortSignal): Promise<readonly CountedText[]>
  /** The greatest stamp of any stored document or row, 0 when there is none. New stamps MUST be greater. */
  lastStamp(): Promise<number>

  /** Whether the store can be reached and read now. Never rejects. */
  check(signal?: AbortSignal): Promise<Health>
}

/** The store cannot be used. The message is one line for the operator and says what to do. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError'
}
