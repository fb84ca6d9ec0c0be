import type { Json } from '../model/json.ts'
import type { Tenant } from '../model/tenant.ts'

/** One thing that is set, or deleted when it has no body. */
export type ControlChange = {
  /** What sort of thing, such as `group`. */
  readonly kind: string
  /** Which one of its sort. */
  readonly key: string
  readonly body: Json | undefined
}

/** When a change was made, and by whom. Of two changes of one thing, the one with the greater stamp counts. */
export type ControlStamp = {
  /** Microseconds since the epoch by the writer's clock, raised above all that the writer had seen of the tenant. */
  readonly timeUs: number
  /** Names the process that wrote. It decides between equal times. */
  readonly writer: string
}

/** What the log holds of one change. */
export type ControlEntry = ControlChange & { readonly tenant: Tenant; readonly stamp: ControlStamp }

/** What a read answers, and where the next one begins. */
export type ControlPage = { readonly entries: readonly ControlEntry[]; readonly position: number }

/**
 * The changes of groups, rules and all other settings, append-only, of all accounts and regions (design §6). It is
 * small. Who reads it folds it; the last write wins.
 *
 * It is to be used only while the store that it belongs to is open. The contract is tested by
 * `test/contract/control-log.ts`, which every engine runs.
 */
export interface ControlLog {
  /**
   * Appends the changes with one stamp: all of them or none. Resolves once they survive a power failure of the machine
   * that stores them. After a rejection they MAY be there all the same. No two changes of a call MAY name one thing,
   * and no two calls MAY have one stamp. Calls may overlap, and come from several processes on a cluster.
   */
  append(tenant: Tenant, stamp: ControlStamp, changes: readonly ControlChange[]): Promise<void>

  /**
   * Every entry whose `append` resolved before the call, in no promised order; from a position that an earlier read
   * answered, those that this read could not see. Entries that it could see MAY come again, and those that a later write
   * of the same thing has replaced MAY be left out. On a cluster an entry is
   * missed when the clocks of ClickHouse's servers are more than a minute apart.
   */
  read(from?: number): Promise<ControlPage>
}

/** Negative when `a` was made before `b`, 0 when they are the same. */
export function compareStamps(a: ControlStamp, b: ControlStamp): number {
  if (a.timeUs !== b.timeUs) return a.timeUs - b.timeUs
  return a.writer === b.writer ? 0 : a.writer < b.writer ? -1 : 1
}
