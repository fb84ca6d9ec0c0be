import type { TraceKey } from '../store/store.ts'

/**
 * What is known of a trace that is being put together. What there is of each document stands at the same place of several
 * lists of numbers: an object for each, kept for seconds, would cost more in garbage collection than all the rest.
 */
export type TraceFacts = TraceKey & {
  /** The least stamp of the calls that were seen here. The store may know of earlier ones. */
  firstCall: number
  readonly ids: string[]
  /** Of the copy of each document that supersedes the others: its stamp, negative while it is in progress. */
  readonly received: number[]
  /** Microseconds. A subsegment's start is that which it is filed under (`bucketOf`). */
  readonly starts: number[]
  /** Microseconds, `NaN` while there is none. */
  readonly ends: number[]
  /** 2 for a segment without a parent, 1 for another segment, 0 for a subsegment. */
  readonly kinds: number[]
  /**
   * What searches narrow by: of all documents it ever had, so that it may be more than is true. Each text may be there
   * several times until `compact`, which happens by itself when there are twice as many as the last time.
   */
  readonly names: string[]
  readonly terms: string[]
  readonly urls: string[]
  /** The greatest end of any entity, microseconds; `-Infinity` when none has ended. */
  lastEndUs: number
  /** The times it has rows under in the store; undefined until the store was asked whether it knows the trace. */
  rowTimes: readonly number[] | undefined
}

/** A trace in memory. */
export type OpenTrace = TraceFacts & {
  /** The place of each document, by its id, when there are many; that of a subsegment begins with `+`. */
  places: Map<string, number> | undefined
  /** With more texts than this it is worth looking for those that are there several times. */
  compactAbove: number
  /** Set while its row is to be written again (`WaitingTraces`). */
  waiting: Waiting | undefined
  /** Whether it was touched since it was last looked at for letting it go. */
  wasTouched: boolean
  /** An estimate of the memory it takes. */
  bytes: number
}

/** Since when a trace waits for its row. */
export type Waiting = {
  /** The stamp of the first call since the last row. */
  readonly call: number
  /** When that call came, and when the last one did, in milliseconds of the process. */
  readonly sinceMs: number
  touchedMs: number
}

/** A text that tells traces apart. */
export function nameOf({ tenant, id }: TraceKey): string {
  return `${id}${tenant.account}${tenant.region}`
}
