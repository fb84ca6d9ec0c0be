import type { Groups } from '../control/groups.ts'
import type { FilterRead } from '../filter/filter-error.ts'
import type { Tenant } from '../model/tenant.ts'
import type { TraceFilter } from '../query/traces.ts'
import { readGroup } from './graph-scope.ts'
import { textParameter } from './own-endpoints.ts'
import { filterParameter } from './search-parameters.ts'

/** `group` and `filter`: the traces of a group, those that match a filter, those of both; without either, all. */
export function chosenTraces(
  query: URLSearchParams,
  groups: Groups,
  tenant: Tenant,
): FilterRead<{ readonly filter?: TraceFilter }> {
  const read = filterParameter(query, groups, tenant)
  if (read?.ok === false) return read
  const name = textParameter(query, 'group')
  const ofGroup = name === undefined ? undefined : readGroup(groups, tenant, { GroupName: name })
  const filter = both(ofGroup, read?.value.filter)
  return { ok: true, value: filter === undefined ? {} : { filter } }
}

function both(one: TraceFilter | undefined, other: TraceFilter | undefined): TraceFilter | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return {
    expression: { kind: 'and', terms: [one.expression, other.expression] },
    needsWholeDocuments: one.needsWholeDocuments || other.needsWholeDocuments,
  }
}
