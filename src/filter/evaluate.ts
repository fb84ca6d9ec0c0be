import type { AnnotationValue } from '../model/entity.ts'
import type { Json } from '../model/json.ts'
import type { RootCause } from '../model/summary.ts'
import type {
  EdgePredicate,
  FlagKeyword,
  EverythingPredicate,
  Logic,
  NumberKeyword,
  RootCausePredicate,
  ServicePredicate,
  TextKeyword,
} from './ast.ts'
import {
  causeEntityView,
  causeExceptionView,
  causeServiceView,
  entitiesOf,
  exceptionsOf,
  fitsTemplate,
  rootCauseJson,
  servicesOf,
  slowEntityView,
  type Listed,
} from './cause-views.ts'
import { conjuncts, isJoined } from './conjuncts.ts'
import { edgeView, serviceView, traceView } from './field-views.ts'
import type {
  ExtendedExpr,
  ExtendedField,
  ExtendedPredicate,
  MatchesPredicate,
  PathPredicate,
  ResolvedExtendedExpr,
  SegmentsPredicate,
} from './extended-ast.ts'
import type { FilterRead } from './filter-error.ts'
import { resolveGroups, type FindGroup } from './resolve-groups.ts'
import { belowSome } from './segments-below.ts'
import { selects } from './selects.ts'
import { readTextPattern } from './text-pattern.ts'
import type { TraceFacts } from './trace-facts.ts'
import { annotationMatches, flagMatches, numberMatches, textsMatch } from './value-tests.ts'

type Test<Subject> = (subject: Subject) => boolean

/**
 * Makes a filter expression a test of traces; it is the one that decides, whatever has narrowed the traces down before
 * (spec/query §1.3–1.8). It never throws, and takes linear time for each predicate.
 */
export function compileFilter(expr: ResolvedExtendedExpr): (trace: TraceFacts) => boolean {
  return compileLogic(expr, compileTracePredicate)
}

/**
 * Makes each conjunct of an expression a test of its own, in their order: a trace is found when all of them hold, and
 * when it is not, those that do not hold say why.
 */
export function compileConjuncts(
  expr: ExtendedExpr,
  find: FindGroup,
): FilterRead<readonly { readonly clause: ExtendedExpr; readonly holds: (trace: TraceFacts) => boolean }[]> {
  const compiled = []
  for (const clause of conjuncts(expr)) {
    const resolved = resolveGroups(clause, find)
    if (!resolved.ok) return resolved
    compiled.push({ clause, holds: compileFilter(resolved.value) })
  }
  return { ok: true, value: compiled }
}

function compileLogic<P extends { readonly kind: string }, Subject>(
  expr: Logic<P>,
  compile: (predicate: P) => Test<Subject>,
): Test<Subject> {
  if (!isJoined(expr)) return compile(expr)
  if (expr.kind === 'not') {
    const term = compileLogic(expr.term, compile)
    return (subject) => !term(subject)
  }
  const terms = expr.terms.map((term) => compileLogic(term, compile))
  return expr.kind === 'and'
    ? (subject) => terms.every((holds) => holds(subject))
    : (subject) => terms.some((holds) => holds(subject))
}

function compileTracePredicate(predicate: ExtendedPredicate | EverythingPredicate): Test<TraceFacts> {
  switch (predicate.kind) {
    case 'service':
      return compileService(predicate)
    case 'edge':
      return compileEdge(predicate)
    case 'rootcause':
      return compileRootCause(predicate)
    case 'rootcause.json':
      return compileTemplates(predicate.templates)
    case 'segments':
      return compileSegments(predicate)
    case 'path':
      return compilePath(predicate)
    case 'everything':
      return () => true
    default:
      return compileField(predicate, traceView)
  }
}

/** A view of any scope, which may not know every keyword; the parser let none through that it does not. */
type Readers<Subject> = {
  readonly flags: Readonly<Partial<Record<FlagKeyword, (subject: Subject) => boolean>>>
  readonly numbers: Readonly<Partial<Record<NumberKeyword, (subject: Subject) => number | undefined>>>
  readonly texts: Readonly<Partial<Record<TextKeyword, (subject: Subject) => readonly string[]>>>
  readonly annotations: (subject: Subject, key: string) => readonly AnnotationValue[]
  readonly metadata: (subject: Subject, key: string) => readonly AnnotationValue[]
}

function compileField<Subject>(predicate: ExtendedField, view: Readers<Subject>): Test<Subject> {
  switch (predicate.kind) {
    case 'flag': {
      const read = view.flags[predicate.keyword]
      const { test } = predicate
      return (subject) => flagMatches(read?.(subject) ?? false, test)
    }
    case 'number': {
      const read = view.numbers[predicate.keyword]
      const { test } = predicate
      return (subject) => numberMatches(read?.(subject), test)
    }
    case 'text': {
      const read = view.texts[predicate.keyword]
      const { test } = predicate
      return (subject) => textsMatch(read?.(subject) ?? [], test)
    }
    case 'annotation': {
      const { key, test } = predicate
      return (subject) => annotationMatches(view.annotations(subject, key), test)
    }
    case 'metadata': {
      const { key, test } = predicate
      return (subject) => annotationMatches(view.metadata(subject, key), test)
    }
    case 'matches':
      return compileMatches(predicate, view)
    default:
      return predicate satisfies never
  }
}

/** Text in which the pattern is found; one that the parser has not read is found nowhere. */
function compileMatches<Subject>({ of, pattern }: MatchesPredicate, view: Readers<Subject>): Test<Subject> {
  const isFound = readTextPattern(pattern) ?? (() => false)
  const isFoundIn = (value: AnnotationValue): boolean => typeof value === 'string' && isFound(value)
  if (of.kind === 'text') {
    const read = view.texts[of.keyword]
    return (subject) => read?.(subject).some(isFound) ?? false
  }
  const values = of.kind === 'annotation' ? view.annotations : view.metadata
  return (subject) => values(subject, of.key).some(isFoundIn)
}

function compileBody<Subject>(body: Logic<ExtendedField> | undefined, view: Readers<Subject>): Test<Subject> {
  if (body === undefined) return () => true
  return compileLogic(body, (predicate: ExtendedField) => compileField(predicate, view))
}

function compileService({ selector, body }: ServicePredicate<ExtendedField>): Test<TraceFacts> {
  const holds = compileBody(body, serviceView)
  if (selector === undefined) return (trace) => trace.segments().some(holds)
  const some: Test<TraceFacts> = (trace) =>
    trace.segments().some((segment) => selects(selector, segment.node) && holds(segment))
  // Clients are nodes, but have no segments; so they can be there, but nothing can be true of them.
  if (body !== undefined || selector.kind !== 'id' || selector.type !== 'client') return some
  return (trace) => {
    const client = trace.client()
    return (client !== undefined && selects(selector, client)) || some(trace)
  }
}

function compileEdge({ from, to, body }: EdgePredicate<ExtendedField>): Test<TraceFacts> {
  const holds = compileBody(body, edgeView)
  return (trace) => trace.calls().some((call) => selects(from, call.from) && selects(to, call.to) && holds(call))
}

function compileSegments({ selector, body, operator, value }: SegmentsPredicate): Test<TraceFacts> {
  const holds = compileBody(body, serviceView)
  return (trace) => {
    const segments = trace.segments().filter((segment) => {
      return (selector === undefined || selects(selector, segment.node)) && holds(segment)
    })
    return numberMatches(segments.length, { operator, value })
  }
}

function compilePath({ from, to, body }: PathPredicate): Test<TraceFacts> {
  const holds = compileBody(body, serviceView)
  return (trace) => {
    const isBelow = belowSome(trace, (segment) => selects(from, segment.node))
    return trace.segments().some((segment) => selects(to, segment.node) && isBelow(segment) && holds(segment))
  }
}

function compileRootCause(predicate: RootCausePredicate<ExtendedField>): Test<TraceFacts> {
  const { body } = predicate
  if (predicate.cause === 'responsetime') {
    const causes = (trace: TraceFacts) => trace.summary().responseTimeRootCauses
    return predicate.list === 'service'
      ? someElement(causes, servicesOf, compileBody(body, causeServiceView))
      : someElement(causes, entitiesOf, compileBody(body, slowEntityView))
  }
  const isFault = predicate.cause === 'fault'
  const causes = (trace: TraceFacts) => (isFault ? trace.summary().faultRootCauses : trace.summary().errorRootCauses)
  switch (predicate.list) {
    case 'service':
      return someElement(causes, servicesOf, compileBody(body, causeServiceView))
    case 'entity':
      return someElement(causes, entitiesOf, compileBody(body, causeEntityView))
    case 'exception':
      return someElement(causes, exceptionsOf, compileBody(body, causeExceptionView))
    default:
      return predicate satisfies never
  }
}

/** Whether something is true of an element of the list of a root cause (spec/query §1.7). */
function someElement<Step, Element>(
  causesOf: (trace: TraceFacts) => readonly RootCause<Step>[],
  listOf: (cause: RootCause<Step>) => readonly Element[],
  holds: Test<Listed<Element>>,
): Test<TraceFacts> {
  return (trace) =>
    causesOf(trace).some((cause) => {
      const list = listOf(cause)
      return list.some((element, position) => holds({ element, position, length: list.length }))
    })
}

function compileTemplates(templates: readonly Json[]): Test<TraceFacts> {
  return (trace) => {
    const { faultRootCauses, errorRootCauses, responseTimeRootCauses } = trace.summary()
    return [faultRootCauses, errorRootCauses, responseTimeRootCauses].some((causes) =>
      causes.some((cause) => {
        const json = rootCauseJson(cause)
        return templates.some((template) => fitsTemplate(json, template))
      }),
    )
  }
}
