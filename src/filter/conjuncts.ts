import type { Joined, Logic } from './ast.ts'

/** Whether predicates are joined here, rather than this being one. */
export function isJoined<P extends { readonly kind: string }>(expr: Logic<P>): expr is Joined<P> {
  return expr.kind === 'and' || expr.kind === 'or' || expr.kind === 'not'
}

/** What has to hold, all of it, for an expression to hold: the terms of a chain of `AND`, else the expression itself. */
export function conjuncts<P extends { readonly kind: string }>(expr: Logic<P>): readonly Logic<P>[] {
  return isJoined(expr) && expr.kind === 'and' ? expr.terms.flatMap((term) => conjuncts(term)) : [expr]
}
