import { parseFilter } from '../filter/parse-filter.ts'
import type { FindGroup } from '../filter/resolve-groups.ts'
import type { Tenant } from '../model/tenant.ts'
import type { Groups } from './groups.ts'

/** What `group.name` or `group.arn` of this value stands for now (`resolveGroups`). */
export function expressionOfGroup(
  groups: Pick<Groups, 'find'>,
  tenant: Tenant,
  by: 'name' | 'arn',
  value: string,
): ReturnType<FindGroup> {
  const found = groups.find(tenant, by === 'name' ? { name: value } : { arn: value })
  if (!found.ok) return undefined
  const text = found.value.filterExpression ?? ''
  if (text.trim() === '') return 'everything'
  const read = parseFilter(text)
  // It was read when the group was made; a later version of the language may not know it any more.
  return read.ok ? read.value : undefined
}
