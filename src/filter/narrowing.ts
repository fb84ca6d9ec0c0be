import { isUsual, searchTerm, searchTermStart } from '../model/search-facts.ts'
import { SLOW_SECONDS } from '../model/summarize.ts'
import type {
  AnnotationPredicate,
  BodyExpr,
  FlagTest,
  Logic,
  NumberTest,
  OrderingOperator,
  Selector,
  TextPredicate,
} from './ast.ts'
import { isJoined } from './conjuncts.ts'
import type { ExtendedPredicate, ResolvedExtendedExpr } from './extended-ast.ts'

/**
 * What a row of a trace must satisfy for its trace to match an expression. Rows hold the facts of documents that were
 * not put together (`SearchFacts`), so a narrowing can only rule traces out: those that remain are put together, and the
 * evaluator decides. It never rules out a trace that matches.
 */
export type Narrowing =
  | { readonly kind: 'everything' }
  | { readonly kind: 'all' | 'any'; readonly terms: readonly Narrowing[] }
  /** One of its nodes may have this name. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'term' | 'no-term'; readonly term: string }
  /** Some term begins with `start`, and what follows contains `text`. */
  | { readonly kind: 'term-like'; readonly start: string; readonly text: string }
  /** The URL of a request that some segment answered contains this. */
  | { readonly kind: 'url'; readonly text: string }
  /** Some entity, or some root segment, has an unusual status that compares so. */
  | { readonly kind: 'status' | 'root-status'; readonly operator: '=' | OrderingOperator; readonly value: number }
  /** The trace took at least, or at most, so long. */
  | { readonly kind: 'at-least' | 'at-most'; readonly seconds: number }
  /** Some segment took at least so long. */
  | { readonly kind: 'segment-at-least'; readonly seconds: number }

const EVERYTHING: Narrowing = { kind: 'everything' }
/** Durations are rounded to milliseconds before they are compared, and rows keep whole microseconds. */
const ROUNDING_SECONDS = 0.001
/** Rows hold times up to 2^53 microseconds; what claims to end later took at least this long. */
const LONGEST_SECONDS = 2 ** 32

/** The narrowing of an expression. Depth is bounded by the parser, so recursion is safe. */
export function narrow(expr: ResolvedExtendedExpr): Narrowing {
  return narrowLogic(expr, narrowPredicate)
}

function narrowLogic<P extends { readonly kind: string }>(
  expr: Logic<P>,
  leaf: (predicate: P) => Narrowing,
): Narrowing {
  if (!isJoined(expr)) return leaf(expr)
  if (expr.kind === 'and') return all(expr.terms.map((term) => narrowLogic(term, leaf)))
  if (expr.kind === 'or') return any(expr.terms.map((term) => narrowLogic(term, leaf)))
  return isJoined(expr.term) && expr.term.kind === 'not' ? narrowLogic(expr.term.term, leaf) : EVERYTHING
}

function all(terms: readonly Narrowing[]): Narrowing {
  const narrowing = terms.filter(({ kind }) => kind !== 'everything')
  if (narrowing.length === 1 && narrowing[0] !== undefined) return narrowing[0]
  return narrowing.length === 0 ? EVERYTHING : { kind: 'all', terms: narrowing }
}

function any(terms: readonly Narrowing[]): Narrowing {
  return terms.some(({ kind }) => kind === 'everything') ? EVERYTHING : { kind: 'any', terms }
}

function narrowPredicate(predicate: ExtendedPredicate | { readonly kind: 'everything' }): Narrowing {
  switch (predicate.kind) {
    case 'flag':
      return ofRoot(narrowFlag(predicate.keyword, predicate.test))
    case 'number':
      return ofRoot(narrowNumber(predicate.keyword, predicate.test))
    case 'text':
      return predicate.keyword === 'http.url' ? narrowUrl(predicate) : narrowText(predicate)
    case 'annotation':
      return narrowAnnotation(predicate)
    case 'service':
      return all([narrowSelector(predicate.selector), narrowBody(predicate.body)])
    case 'edge':
      return all([narrowSelector(predicate.from), narrowSelector(predicate.to), narrowBody(predicate.body)])
    case 'rootcause':
      if (predicate.cause === 'responsetime')
        return { kind: 'segment-at-least', seconds: SLOW_SECONDS - ROUNDING_SECONDS }
      return { kind: 'term', term: predicate.cause === 'fault' ? searchTerm.fault : searchTerm.error }
    default:
      return EVERYTHING
  }
}

/**
 * A body is about one segment or call. What that has, the trace has; but the URL and the times of calls are not in the
 * row.
 */
function narrowBody(body: Logic<ExtendedPredicate> | BodyExpr | undefined): Narrowing {
  if (body === undefined) return EVERYTHING
  return narrowLogic<ExtendedPredicate>(body, (predicate) => {
    switch (predicate.kind) {
      case 'flag':
        return narrowFlag(predicate.keyword, predicate.test)
      case 'number':
        return predicate.keyword === 'http.status' ? narrowNumber(predicate.keyword, predicate.test) : EVERYTHING
      case 'text':
        return narrowText(predicate)
      case 'annotation':
        return narrowAnnotation(predicate)
      default:
        return EVERYTHING
    }
  })
}

function narrowSelector(selector: Selector | undefined): Narrowing {
  if (selector === undefined) return EVERYTHING
  if (selector.name !== undefined) return { kind: 'name', name: selector.name }
  if (selector.kind === 'id' && selector.accountId !== undefined) {
    return { kind: 'term', term: searchTerm.account(selector.accountId) }
  }
  return EVERYTHING
}

/**
 * What is asked of the trace itself is asked of its root segment, but for throttles. Where there are segments without a
 * parent, that is one of them; where there are none, it can be any.
 */
function ofRoot(narrowing: Narrowing): Narrowing {
  const orAny: Narrowing = { kind: 'all', terms: [{ kind: 'no-term', term: searchTerm.root }, narrowing] }
  if (narrowing.kind === 'status') return { kind: 'any', terms: [{ ...narrowing, kind: 'root-status' }, orAny] }
  if (narrowing.kind !== 'term' || narrowing.term === searchTerm.throttle) return narrowing
  return { kind: 'any', terms: [{ kind: 'term', term: searchTerm.ofRoot(narrowing.term) }, orAny] }
}

function narrowFlag(keyword: string, test: FlagTest | undefined): Narrowing {
  const isWanted = test === undefined || (test.operator === '=') === test.value
  if (!isWanted) return EVERYTHING
  if (keyword === 'fault') return { kind: 'term', term: searchTerm.fault }
  if (keyword === 'error') return { kind: 'term', term: searchTerm.error }
  return keyword === 'throttle' ? { kind: 'term', term: searchTerm.throttle } : EVERYTHING
}

function narrowNumber(keyword: string, test: NumberTest | undefined): Narrowing {
  if (test === undefined || test.operator === '!=') return EVERYTHING
  const { operator, value } = test
  const atLeast = operator !== '<' && operator !== '<='
  const atMost = operator !== '>' && operator !== '>='
  switch (keyword) {
    case 'http.status':
      return matchesUsual(operator, value) ? EVERYTHING : { kind: 'status', operator, value }
    case 'duration':
      return all([
        atLeast ? tookAtLeast('at-least', value) : EVERYTHING,
        atMost ? { kind: 'at-most', seconds: value + ROUNDING_SECONDS } : EVERYTHING,
      ])
    case 'responsetime':
      return atLeast ? tookAtLeast('segment-at-least', value) : EVERYTHING
    default:
      return EVERYTHING
  }
}

/** What ends before it starts took no time at all, so no time is a lower bound that narrows nothing. */
function tookAtLeast(kind: 'at-least' | 'segment-at-least', value: number): Narrowing {
  const seconds = Math.min(value - ROUNDING_SECONDS, LONGEST_SECONDS)
  return seconds > 0 ? { kind, seconds } : EVERYTHING
}

/** Usual statuses are in no row, so a comparison that one of them satisfies narrows nothing. */
function matchesUsual(operator: '=' | OrderingOperator, value: number): boolean {
  if (operator === '=') return isUsual(value)
  if (operator === '<' || operator === '<=') return compares(200, operator, value)
  return compares(299, operator, value)
}

function compares(a: number, operator: OrderingOperator, b: number): boolean {
  if (operator === '<') return a < b
  if (operator === '<=') return a <= b
  return operator === '>' ? a > b : a >= b
}

function narrowUrl({ test }: TextPredicate): Narrowing {
  return test === undefined || test.operator === '!=' || test.value === ''
    ? EVERYTHING
    : { kind: 'url', text: test.value }
}

function narrowText({ keyword, test }: TextPredicate): Narrowing {
  if (test?.operator === '!=') return EVERYTHING
  if (keyword === 'name' && test?.operator === '=') return { kind: 'name', name: test.value }
  const term = TEXT_TERMS.get(keyword)
  if (term === undefined) return EVERYTHING
  if (test?.operator === '=') return { kind: 'term', term: term(test.value) }
  return { kind: 'term-like', start: term(''), text: test?.value ?? '' }
}

const TEXT_TERMS: ReadonlyMap<string, (text: string) => string> = new Map([
  ['user', searchTerm.user],
  ['availabilityzone', searchTerm.zone],
  ['instance.id', searchTerm.instance],
  ['account.id', searchTerm.account],
])

function narrowAnnotation({ key, test }: AnnotationPredicate): Narrowing {
  if (test?.operator === '!=') return EVERYTHING
  const start = searchTermStart.annotation(key)
  if (test === undefined) return { kind: 'term-like', start, text: '' }
  const { operator, value } = test
  if (operator === '=') return { kind: 'term', term: searchTerm.annotation(key, value) }
  return { kind: 'term-like', start, text: typeof value === 'string' ? value : '' }
}
