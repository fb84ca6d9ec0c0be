import type { Logic, Selector } from '../filter/ast.ts'
import { conjuncts, isJoined } from '../filter/conjuncts.ts'
import { compileConjuncts, compileFilter } from '../filter/evaluate.ts'
import type { ExtendedExpr, ExtendedField, ExtendedPredicate } from '../filter/extended-ast.ts'
import { belowSome } from '../filter/segments-below.ts'
import { selects } from '../filter/selects.ts'
import type { CallFacts, SegmentFacts, TraceFacts } from '../filter/trace-facts.ts'
import type { WindowBatch } from './search-window.ts'
import type {
  ExplainedClause,
  ExplainedPart,
  ExplainedSubject,
  ExplainedTrace,
  ExplainedWindow,
  ExplainQuery,
} from './searches.ts'

/** Segments and calls that are named for each part. */
const SUBJECTS = 100

type Compiled = readonly { readonly clause: ExtendedExpr; readonly holds: (trace: TraceFacts) => boolean }[]

function compiled({ expression, groups }: ExplainQuery): Compiled {
  const read = compileConjuncts(expression, groups)
  if (!read.ok) throw new Error(read.error.message)
  return read.value
}

/** Counts, of the first traces of a window. */
export async function explainBatches(
  batches: AsyncIterable<WindowBatch>,
  query: ExplainQuery & { readonly limit: number },
): Promise<ExplainedWindow> {
  const tests = compiled(query)
  const counts = tests.map(() => 0)
  let [scanned, matched] = [0, 0]
  const answer = (isComplete: boolean): ExplainedWindow => ({
    scanned,
    isComplete,
    matched,
    clauses: tests.map(({ clause }, at) => ({ clause, matched: counts[at] ?? 0 })),
  })
  for await (const { traces } of batches) {
    for (const { facts } of traces) {
      if (scanned === query.limit) return answer(false)
      scanned += 1
      let failed = 0
      for (const [at, { holds }] of tests.entries()) {
        if (holds(facts)) counts[at] = (counts[at] ?? 0) + 1
        else failed += 1
      }
      if (failed === 0) matched += 1
    }
  }
  return answer(true)
}

/** Says of one trace which conjuncts hold, and of which of its segments and calls. */
export function explainFacts(facts: TraceFacts, query: ExplainQuery): ExplainedTrace {
  const clauses = compiled(query).map(({ clause, holds }): ExplainedClause => {
    return { clause, holds: holds(facts), parts: partsOf(clause).map((part) => explainPart(part, facts)) }
  })
  return { id: facts.index.trace.id, matches: clauses.every(({ holds }) => holds), clauses }
}

type Part = Extract<ExtendedPredicate, { readonly kind: 'service' | 'segments' | 'path' | 'edge' }>

/** As deep as an expression may be. What stands in the expression of a group is not looked at. */
function partsOf(expr: ExtendedExpr): readonly Part[] {
  if (isJoined(expr)) return expr.kind === 'not' ? partsOf(expr.term) : expr.terms.flatMap(partsOf)
  const isPart = expr.kind === 'service' || expr.kind === 'segments' || expr.kind === 'path' || expr.kind === 'edge'
  return isPart ? [expr] : []
}

function explainPart(part: Part, facts: TraceFacts): ExplainedPart {
  const subjects = part.kind === 'edge' ? explainCalls(part, facts) : explainSegments(part, facts)
  const holding = subjects.filter(({ holds }) => holds)
  return {
    part,
    selected: subjects.length,
    holding: holding.length,
    subjects: [...holding, ...subjects.filter(({ holds }) => !holds)].slice(0, SUBJECTS),
  }
}

function explainSegments(part: Exclude<Part, { readonly kind: 'edge' }>, facts: TraceFacts): ExplainedSubject[] {
  const selector = part.kind === 'path' ? part.to : part.selector
  const isBelow = part.kind === 'path' ? belowSome(facts, ({ node }) => selects(part.from, node)) : () => true
  const tests = bodyTests(part.body, (body) => ({ kind: 'service', body }))
  return facts
    .segments()
    .filter(({ node }) => isSelected(selector, node))
    .map((segment) => {
      // The trace as if it had this segment alone: then the evaluator says what is true of it.
      const failed = failing(tests, { ...facts, segments: () => [segment] })
      const isElsewhere = !isBelow(segment)
      return {
        ...subjectOf(segment, segment.node),
        holds: failed.length === 0 && !isElsewhere,
        failed,
        ...(isElsewhere ? { isElsewhere } : {}),
      }
    })
}

function explainCalls(
  { from, to, body }: Extract<Part, { readonly kind: 'edge' }>,
  facts: TraceFacts,
): ExplainedSubject[] {
  const tests = bodyTests(body, (one) => ({ kind: 'edge', from, to, body: one }))
  return facts
    .calls()
    .filter((call) => selects(from, call.from) && selects(to, call.to))
    .map((call) => {
      const failed = failing(tests, { ...facts, calls: () => [call] })
      return { ...subjectOf(call, call.to), from: call.from.name, holds: failed.length === 0, failed }
    })
}

/** A test for each conjunct of a body. */
function bodyTests(
  body: Logic<ExtendedField> | undefined,
  predicate: (body: Logic<ExtendedField>) => ExtendedPredicate,
): Compiled {
  return body === undefined
    ? []
    : conjuncts(body).map((clause) => ({ clause, holds: compileFilter(predicate(clause)) }))
}

function failing(tests: Compiled, alone: TraceFacts): readonly ExtendedExpr[] {
  return tests.filter(({ holds }) => !holds(alone)).map(({ clause }) => clause)
}

function isSelected(selector: Selector | undefined, node: SegmentFacts['node']): boolean {
  return selector === undefined || selects(selector, node)
}

function subjectOf(
  { entity, isInferred }: Pick<SegmentFacts | CallFacts, 'entity' | 'isInferred'>,
  { name, type }: SegmentFacts['node'],
): Pick<ExplainedSubject, 'id' | 'name' | 'type' | 'isInferred'> {
  return { id: entity.id, name, ...(type === undefined ? {} : { type }), isInferred }
}
