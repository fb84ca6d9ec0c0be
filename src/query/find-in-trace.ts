import type { Logic } from '../filter/ast.ts'
import { isJoined } from '../filter/conjuncts.ts'
import { compileFilter } from '../filter/evaluate.ts'
import type { ExtendedField, ResolvedExtendedExpr } from '../filter/extended-ast.ts'
import { belowSome } from '../filter/segments-below.ts'
import { selects } from '../filter/selects.ts'
import { traceFacts, type SegmentFacts, type TraceFacts } from '../filter/trace-facts.ts'
import { calledNode, isCall } from '../model/called-node.ts'
import type { Entity } from '../model/entity.ts'
import { entityDetail } from '../model/outline/entity-detail.ts'
import { entityTexts } from '../model/outline/entity-texts.ts'
import type { OutlinedEntity, OutlinedTrace } from '../model/outline/outlined-trace.ts'
import { SLOW_SECONDS } from '../model/summarize.ts'
import type { ServiceId } from '../model/summary.ts'

/** The positions of entities that say a text anywhere, in any case; of segments also by the name of their node. */
export function findText({ entities, services }: OutlinedTrace, text: string): readonly number[] {
  const wanted = text.toLowerCase()
  const isIn = (one: string | undefined): boolean => one !== undefined && one.toLowerCase().includes(wanted)
  return positionsOf(entities, ({ entity, kind, service }) => {
    // Of subsegments it would be all that stand in a segment.
    if (kind !== 'subsegment' && isIn(services[service]?.name)) return true
    if (isIn(entityDetail(entity))) return true
    for (const one of entityTexts(entity)) if (isIn(one)) return true
    return false
  })
}

/**
 * The positions of entities of which a filter is true. Fields are asked of each segment and subsegment alone, without
 * what stands in it; so may be those that only `service(…)` knows, such as `name`. What stands in the braces of
 * `service`, `path` and `segments` is asked of whole segments, and those are found of which it is true, however many
 * `segments` wants there to be; `edge` finds the calls. Root causes are asked of the trace: all entities are found, or
 * none.
 */
export function findByFilter(
  outlined: OutlinedTrace,
  expression: ResolvedExtendedExpr | Logic<ExtendedField>,
  nowSeconds: number,
): readonly number[] {
  const facts = traceFacts(outlined.index, { nowSeconds, slowSeconds: SLOW_SECONDS })
  const found = evaluate(expression, {
    outlined,
    facts,
    marks: marksOf(outlined),
    subjects: subjectsOf(outlined, facts),
  })
  return positionsOf(outlined.entities, (_, at) => found[at] === 1)
}

function positionsOf(
  entities: readonly OutlinedEntity[],
  isFound: (entity: OutlinedEntity, at: number) => boolean,
): readonly number[] {
  const positions: number[] = []
  for (const [at, entity] of entities.entries()) if (isFound(entity, at)) positions.push(at)
  return positions
}

/** By position, whether an entity is found: 1 or 0. */
type Found = Uint8Array

type Question = {
  readonly outlined: OutlinedTrace
  readonly facts: TraceFacts
  readonly marks: Marks
  /** Each entity alone, by position. */
  readonly subjects: readonly SegmentFacts[]
}

/** As deep as an expression may be. */
function evaluate(expression: ResolvedExtendedExpr, question: Question): Found {
  if (!isJoined(expression)) return evaluateOne(expression, question)
  if (expression.kind === 'not') return evaluate(expression.term, question).map((found) => 1 - found)
  const [first = nothing(question), ...others] = expression.terms.map((term) => evaluate(term, question))
  const isAnd = expression.kind === 'and'
  for (const other of others) {
    for (const [at, found] of other.entries()) {
      first[at] = isAnd ? found & (first[at] ?? 0) : found | (first[at] ?? 0)
    }
  }
  return first
}

type Leaf = Exclude<ResolvedExtendedExpr, { readonly kind: 'and' | 'or' | 'not' }>

function evaluateOne(leaf: Leaf, question: Question): Found {
  const { facts, marks, subjects } = question
  const found = nothing(question)
  const mark = (at: number | undefined): void => {
    if (at !== undefined) found[at] = 1
  }
  switch (leaf.kind) {
    case 'rootcause':
    case 'rootcause.json':
    case 'everything':
      return compileFilter(leaf)(facts) ? found.fill(1) : found
    case 'edge': {
      const holds = compileFilter(leaf)
      for (const call of facts.calls())
        if (holds({ ...facts, calls: () => [call] })) mark(marks.real.get(call.entity.id))
      return found
    }
    case 'service':
    case 'segments':
    case 'path': {
      const selector = leaf.kind === 'path' ? leaf.to : leaf.selector
      const { body } = leaf
      const holds = body === undefined ? () => true : compileFilter({ kind: 'service', body })
      const isBelow = leaf.kind === 'path' ? belowSome(facts, ({ node }) => selects(leaf.from, node)) : () => true
      for (const segment of facts.segments()) {
        if (selector !== undefined && !selects(selector, segment.node)) continue
        if (isBelow(segment) && holds(alone(facts, segment))) mark(positionOf(marks, segment))
      }
      return found
    }
    default: {
      const holds = compileFilter({ kind: 'service', body: leaf })
      for (const [at, subject] of subjects.entries()) if (holds(alone(facts, subject))) mark(at)
      return found
    }
  }
}

function nothing({ outlined }: Question): Found {
  return new Uint8Array(outlined.entities.length)
}

/** The trace as if it had this segment alone: then the evaluator says what is true of it. */
function alone(facts: TraceFacts, segment: SegmentFacts): TraceFacts {
  return { ...facts, segments: () => [segment] }
}

/** Where the entities are that the facts speak of, which are not the same objects. */
type Marks = {
  readonly segments: ReadonlyMap<string, number>
  /** By the id of the call. */
  readonly inferred: ReadonlyMap<string, number>
  /** Subsegments, and segments of whose id there is no subsegment. */
  readonly real: ReadonlyMap<string, number>
}

function marksOf({ entities }: OutlinedTrace): Marks {
  const segments = new Map<string, number>()
  const subsegments = new Map<string, number>()
  const inferred = new Map<string, number>()
  for (const [at, { entity, kind, document }] of entities.entries()) {
    if (kind === 'segment') segments.set(entity.id, at)
    else if (kind === 'subsegment') subsegments.set(entity.id, at)
    else if (document.parentId !== undefined) inferred.set(document.parentId, at)
  }
  return { segments, inferred, real: new Map([...segments, ...subsegments]) }
}

function positionOf({ segments, inferred }: Marks, { entity, isInferred }: SegmentFacts): number | undefined {
  return (isInferred ? inferred : segments).get(entity.id)
}

function subjectsOf({ entities, services }: OutlinedTrace, trace: TraceFacts): readonly SegmentFacts[] {
  return entities.map(({ entity, kind, service }) => {
    const node = kind === 'subsegment' ? nodeOfSubsegment(entity) : services[service]
    return {
      entity: entity.subsegments.length === 0 ? entity : { ...entity, subsegments: [] },
      node: node ?? nodeOfSubsegment(entity),
      isInferred: kind === 'inferred',
      isRoot: kind === 'segment' && entity.id === trace.root?.entity.id,
      trace,
    }
  })
}

/** What a subsegment is called, and the type of what it calls. */
function nodeOfSubsegment(entity: Entity): ServiceId {
  const named = { name: entity.name, names: [entity.name] }
  const { type, accountId } = isCall(entity) ? calledNode(entity) : { type: undefined, accountId: undefined }
  return {
    ...named,
    ...(type === undefined ? {} : { type }),
    ...(accountId === undefined ? {} : { accountId }),
  }
}
