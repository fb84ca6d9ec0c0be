import type { Tenant } from '../model/tenant.ts'
import type { TraceKey } from '../store/store.ts'

/** Groups traces, since a store is asked about one tenant at a time. */
export function byTenant<Key extends TraceKey>(traces: readonly Key[]): ReadonlyMap<Tenant, readonly Key[]> {
  const groups = new Map<string, { tenant: Tenant; traces: Key[] }>()
  for (const trace of traces) {
    const key = `${trace.tenant.account}/${trace.tenant.region}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { tenant: trace.tenant, traces: [trace] })
    else group.traces.push(trace)
  }
  return new Map([...groups.values()].map(({ tenant, traces: members }) => [tenant, members]))
}
