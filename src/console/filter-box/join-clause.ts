import { conjuncts, isJoined } from '../../filter/conjuncts.ts'
import type { ExtendedExpr } from '../../filter/extended-ast.ts'
import { parseExtendedFilter } from '../../filter/parse-filter.ts'
import { printFilter } from '../../filter/print-filter.ts'

/**
 * A filter of which a clause has to hold, too. What was written stays as it was written; parentheses come around it only
 * where its `OR` would mean something else. A clause that is there already is not repeated, and its opposite makes place.
 */
export function withClause(filter: string, clause: string): string {
  if (filter.trim() === '') return clause
  const expr = read(filter)
  const added = read(clause)
  if (expr === undefined || added === undefined) return `${filter.trim()} AND ${clause}`
  const printed = printFilter(added)
  const opposite = printFilter(negated(added))
  const terms = conjuncts(expr)
  if (terms.some((term) => printFilter(term) === printed)) return filter
  const kept = terms.filter((term) => printFilter(term) !== opposite)
  if (kept.length < terms.length) return printTerms([...kept, added])
  return `${inAnd(filter.trim(), expr)} AND ${inAnd(clause, added)}`
}

/** A clause that is true where this one is not. */
export function notClause(clause: string): string {
  const expr = read(clause)
  if (expr === undefined) return `!(${clause})`
  if (isJoined(expr)) return printFilter(negated(expr))
  return `!${clause}`
}

/** A filter without one of what it asks for at once, counted from 0; blank when nothing is left. */
export function withoutClause(filter: string, index: number): string {
  const expr = read(filter)
  if (expr === undefined) return filter
  return printTerms(conjuncts(expr).filter((_, at) => at !== index))
}

/** The filter that a page's group and its own filter make; the group `Default` is everything. */
export function withGroup(filter: string, group: string | undefined): string {
  if (group === undefined || group === '' || group === 'Default') return filter
  const clause = printFilter({ kind: 'group', by: 'name', operator: '=', value: group })
  const expr = read(filter)
  return filter.trim() === '' ? clause : `${clause} AND ${expr === undefined ? filter : inAnd(filter.trim(), expr)}`
}

function read(filter: string): ExtendedExpr | undefined {
  const parsed = parseExtendedFilter(filter)
  return parsed.ok ? parsed.value : undefined
}

function inAnd(text: string, expr: ExtendedExpr): string {
  return isJoined(expr) && expr.kind === 'or' ? `(${text})` : text
}

function negated(expr: ExtendedExpr): ExtendedExpr {
  return isJoined(expr) && expr.kind === 'not' ? expr.term : { kind: 'not', term: expr }
}

function printTerms(terms: readonly ExtendedExpr[]): string {
  const [first, ...more] = terms
  if (first === undefined) return ''
  return printFilter(more.length === 0 ? first : { kind: 'and', terms })
}
