import type { Tenant } from '../model/tenant.ts'
import type { ControlEntry, ControlLog } from '../store/control-log.ts'
import type { TenantState } from './tenant-state.ts'
import { emptyState, fold } from './tenant-state.ts'

/** The log as it has been read so far, folded. */
export type FollowedLog = {
  /** Reads the whole log, and from then on every `pollMs`, if there is such a time. */
  start(): Promise<void>
  /** Reads what the log has got since. */
  refresh(): Promise<void>
  state(tenant: Tenant): TenantState
  /** All who have anything in what was read. */
  tenants(): readonly Tenant[]
  /** Takes entries that are in the log before they are read. */
  take(entries: readonly ControlEntry[]): void
  stop(): Promise<void>
}

/** Keeps the state of all tenants up to date with a log. `onError` is told when polling failed; it goes on. */
export function followLog(log: ControlLog, pollMs: number | undefined, onError: (error: unknown) => void): FollowedLog {
  const states = new Map<string, TenantState>()
  const tenants = new Map<string, Tenant>()
  let position: number | undefined
  let timer: NodeJS.Timeout | undefined
  let poll: Promise<void> | undefined
  let stopped = false

  const stateOf = (key: string): TenantState => states.get(key) ?? emptyState

  const take = (entries: readonly ControlEntry[]): void => {
    const byTenant = new Map<string, ControlEntry[]>()
    for (const entry of entries) {
      const key = tenantKey(entry.tenant)
      const own = byTenant.get(key)
      tenants.set(key, entry.tenant)
      if (own === undefined) byTenant.set(key, [entry])
      else own.push(entry)
    }
    for (const [key, own] of byTenant) states.set(key, fold(stateOf(key), own))
  }

  const refresh = async (): Promise<void> => {
    const page = await log.read(position)
    take(page.entries)
    position = Math.max(position ?? 0, page.position)
  }

  const pollLater = (): void => {
    if (pollMs === undefined || stopped) return
    timer = setTimeout(() => {
      poll = refresh().catch(onError).finally(pollLater)
    }, pollMs)
    timer.unref()
  }

  return {
    async start() {
      await refresh()
      pollLater()
    },
    refresh,
    state: (tenant) => stateOf(tenantKey(tenant)),
    tenants: () => [...tenants.values()],
    take,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await poll
    },
  }
}

/** What tells tenants apart in a map. */
export function tenantKey({ account, region }: Tenant): string {
  return JSON.stringify([account, region])
}
