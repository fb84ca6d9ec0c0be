import { parseFilter } from '../filter/parse-filter.ts'
import { resolveGroups } from '../filter/resolve-groups.ts'

/**
 * Why a text cannot be the filter expression of a group: it is none, or it asks for other groups, which might ask for
 * this one (spec/query §1.8). Nothing when it can.
 */
export function groupExpressionError(text: string): string | undefined {
  const read = parseFilter(text)
  if (!read.ok) return read.error.message
  const asksForGroups = !resolveGroups(read.value, () => undefined).ok
  return asksForGroups ? "A group's FilterExpression cannot refer to groups" : undefined
}
