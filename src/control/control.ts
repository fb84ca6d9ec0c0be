import type { Tenant } from '../model/tenant.ts'
import type { ControlLog } from '../store/control-log.ts'
import type { Answer, Decision } from './answer.ts'
import { followLog, tenantKey } from './follow-log.ts'
import { Queues } from './queues.ts'
import type { TenantState } from './tenant-state.ts'

/** The state of all tenants, in memory, and the way to change it. */
export type Control = AsyncDisposable & {
  /** Reads the whole log. To be called before anything else, unless the log is new and nobody else writes to it. */
  load(): Promise<void>
  /** Sees every change made here, and those made elsewhere after at most a polling interval. */
  state(tenant: Tenant): TenantState
  /** All who have ever set anything, in no promised order. */
  tenants(): readonly Tenant[]
  /**
   * Decides over the newest state there is, appends what was decided, and answers once it is durable; `state` shows it
   * from then on. Changes of one tenant that are made here are decided one after the other. On a cluster two servers
   * may decide at the same moment: then the last write wins. Rejects when the log cannot be read or written; then it
   * MAY be done all the same.
   */
  change<Value>(tenant: Tenant, decide: (state: TenantState) => Decision<Value>): Promise<Answer<Value>>
}

/** What the control state needs from outside. */
export type ControlParts = {
  readonly log: ControlLog
  /** A name for this process that no other has or had. */
  readonly writer: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** How often to look for the changes of others; absent where nobody else can write. */
  readonly pollMs?: number
  /** Told when the log could not be read; it is tried again. */
  readonly onError: (error: unknown) => void
}

/** The control state of design §6 over a log. */
export function createControl({ log, writer, now, pollMs, onError }: ControlParts): Control {
  const followed = followLog(log, pollMs, onError)
  const queues = new Queues()
  const isShared = pollMs !== undefined
  /** Whether the log may hold what was not read: others write, or a call failed halfway. */
  let behind = isShared
  /** No two calls have one stamp, not even when the first one failed. */
  let lastUs = 0

  async function catchUp(): Promise<void> {
    behind = isShared
    try {
      await followed.refresh()
    } catch (error) {
      behind = true
      throw error
    }
  }

  async function decideAndAppend<Value>(
    tenant: Tenant,
    decide: (state: TenantState) => Decision<Value>,
  ): Promise<Answer<Value>> {
    if (behind) await catchUp()
    const state = followed.state(tenant)
    const decision = decide(state)
    if (!decision.ok) return decision
    const { value, changes } = decision
    if (changes.length === 0) return { ok: true, value }
    lastUs = Math.max(Math.floor(now() * 1000), state.timeUs + 1, lastUs + 1)
    const stamp = { timeUs: lastUs, writer }
    try {
      await log.append(tenant, stamp, changes)
    } catch (error) {
      // It may be in the log all the same, and the next decision has to know.
      behind = true
      await followed.refresh().catch(onError)
      throw error
    }
    followed.take(changes.map((change) => ({ ...change, tenant, stamp })))
    return { ok: true, value }
  }

  return {
    load: () => followed.start(),
    state: (tenant) => followed.state(tenant),
    tenants: () => followed.tenants(),
    change: (tenant, decide) => queues.take(tenantKey(tenant), () => decideAndAppend(tenant, decide)),
    async [Symbol.asyncDispose]() {
      await queues.settled()
      await followed.stop()
    },
  }
}
