import type { Selector } from './ast.ts'
import type { ServiceId } from '../model/summary.ts'

/**
 * Whether a selector means a node (spec/query §1.6). Equality is exact, `*` is a character. The names of the node SHOULD
 * include those that its callers use (§3.3), since a plain name means these, too.
 */
export function selects(selector: Selector, { name, names, type, accountId }: ServiceId): boolean {
  if (selector.kind === 'name') return name === selector.name || names.includes(selector.name)
  if (selector.name !== undefined && selector.name !== name) return false
  if (selector.accountId !== undefined && selector.accountId !== accountId) return false
  return selector.type === undefined || selector.type === (type ?? '')
}
