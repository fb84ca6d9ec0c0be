import type { GraphAccumulator } from '../model/graph/graph-accumulator.ts'
import type { Tenant } from '../model/tenant.ts'

/** Whole minutes, `[fromSeconds, toSeconds)`: epoch seconds, multiples of 60. */
export type MinuteRange = { readonly fromSeconds: number; readonly toSeconds: number }

/** A minute in which traces were active: between the first start and the last end in some version of their rows. */
export type TouchedMinute = {
  readonly startSeconds: number
  /** Changes with every row of a trace that was active in it. */
  readonly touches: string
  /** What is kept of it was counted after its last touch, and is all there is to count. */
  readonly isCurrent: boolean
  /** A trace was active in it that goes on for too long to touch every minute: it is never current. */
  readonly isLong: boolean
}

/** A minute of somebody. */
export type MinuteKey = { readonly tenant: Tenant; readonly startSeconds: number }

/** What was counted in a minute. */
export type KeptMinute = MinuteKey & {
  /** A stamp, greater than those of all that was kept of the minute before, and never used twice. */
  readonly version: number
  /** Of the minute, from before its traces were read. */
  readonly touches: string
  /** Whether it depends on nothing but traces that touch the minute. */
  readonly isExact: boolean
  readonly graph: GraphAccumulator
}

/**
 * What was counted of all traces in single minutes (design §3). A row that is written to the store touches the minutes
 * in which its trace was active, and what was kept of them holds no longer, until it is counted again. That is known
 * from the tables alone, so it survives a crash, and any server may keep minutes for all others. The store has to be
 * open. Calls of `replace` and `clear` MUST NOT overlap.
 */
export type GraphMinutes = {
  /** The touched minutes of a range, ascending. */
  readonly touched: (tenant: Tenant, range: MinuteRange, signal?: AbortSignal) => Promise<readonly TouchedMinute[]>
  /** The newest minutes, of anybody, that were touched since they were kept, if they ever were; at most `limit`. */
  readonly stale: (limit: number) => Promise<readonly MinuteKey[]>
  /** Keeps a minute: all of it at once, in the place of what was kept of it before. */
  readonly replace: (minute: KeptMinute) => Promise<void>
  /**
   * What is kept of these ranges, by periods: by the second at which each starts, a multiple of its length, which is one
   * of minutes. Without a period all of it, under 0. Periods with nothing in them are left out.
   */
  readonly read: (
    tenant: Tenant,
    ranges: readonly MinuteRange[],
    periodSeconds?: number,
    signal?: AbortSignal,
  ) => Promise<Map<number, GraphAccumulator>>
  /** Forgets what is kept. */
  readonly clear: () => Promise<void>
}
