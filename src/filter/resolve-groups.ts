import type { FilterExpr, GroupPredicate, ResolvedExpr } from './ast.ts'
import type { ExtendedExpr, ResolvedExtendedExpr } from './extended-ast.ts'
import { FilterFailure, readFilter, type FilterRead } from './filter-error.ts'

/** The current expression of a group, `everything` for the group `Default`, or nothing when there is no such group. */
export type FindGroup = (by: 'name' | 'arn', value: string) => FilterExpr | 'everything' | undefined

/**
 * Puts the expressions of groups in the place of their names, as if each stood there in parentheses (spec/query §1.8).
 * Fails with `Group not found`, and on a group whose own expression names groups: that could go on forever.
 */
export function resolveGroups(expr: FilterExpr, find: FindGroup): FilterRead<ResolvedExpr>
export function resolveGroups(expr: ExtendedExpr, find: FindGroup): FilterRead<ResolvedExtendedExpr>
export function resolveGroups(expr: ExtendedExpr, find: FindGroup): FilterRead<ResolvedExtendedExpr> {
  return readFilter(() => resolve(expr, (group) => expressionOf(group, find)))
}

function expressionOf({ by, value }: GroupPredicate, find: FindGroup): ResolvedExtendedExpr {
  const found = find(by, value)
  if (found === undefined) throw groupFailure('Group not found')
  if (found === 'everything') return { kind: 'everything' }
  return resolve(found, () => {
    throw groupFailure("A group's FilterExpression cannot refer to groups")
  })
}

/** As deep as the parser lets an expression be, plus once more for groups. */
function resolve(expr: ExtendedExpr, replace: (group: GroupPredicate) => ResolvedExtendedExpr): ResolvedExtendedExpr {
  switch (expr.kind) {
    case 'and':
    case 'or':
      return { kind: expr.kind, terms: expr.terms.map((term) => resolve(term, replace)) }
    case 'not':
      return { kind: 'not', term: resolve(expr.term, replace) }
    case 'group': {
      const group = replace(expr)
      return expr.operator === '=' ? group : { kind: 'not', term: group }
    }
    default:
      return expr
  }
}

function groupFailure(message: string): FilterFailure {
  return new FilterFailure({ kind: 'group', message })
}
