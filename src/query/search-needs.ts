import { isJoined } from '../filter/conjuncts.ts'
import type { Logic } from '../filter/ast.ts'
import type { ExtendedExpr } from '../filter/extended-ast.ts'

/** Whether an expression asks for what outlines leave out (`TraceFilter`): metadata, wherever it stands. */
export function needsWholeDocuments(expression: ExtendedExpr): boolean {
  return someLeaf(expression, asksForMetadata)
}

type Leaf<Expr> = Expr extends Logic<infer Predicate> ? Predicate : never
type ExtendedLeaf = Exclude<Leaf<ExtendedExpr>, { readonly kind: 'and' | 'or' | 'not' }>

function asksForMetadata(leaf: ExtendedLeaf): boolean {
  if (leaf.kind === 'metadata') return true
  if (leaf.kind === 'matches') return leaf.of.kind === 'metadata'
  return 'body' in leaf && someLeaf(leaf.body, asksForMetadata)
}

/** As deep as an expression may be, which is 64 levels. */
function someLeaf<P extends { readonly kind: string }>(expr: Logic<P>, is: (leaf: P) => boolean): boolean {
  if (!isJoined(expr)) return is(expr)
  return expr.kind === 'not' ? someLeaf(expr.term, is) : expr.terms.some((term) => someLeaf(term, is))
}
