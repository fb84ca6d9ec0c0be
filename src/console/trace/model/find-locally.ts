import { type FlagPredicate, type NumberPredicate } from '../../../filter/ast.ts'
import { isJoined } from '../../../filter/conjuncts.ts'
import { type ExtendedExpr } from '../../../filter/extended-ast.ts'
import { parseExtendedFilter } from '../../../filter/parse-filter.ts'
import { flagMatches, numberMatches, textsMatch } from '../../../filter/value-tests.ts'
import { durationOf, hasFlag, nameOf, serviceOf, statusOf, type TraceModel } from './trace-model.ts'

/** What a text looks for, and what the outline knows of it. */
export type LocalFind =
  /** Nothing is looked for. */
  | { readonly kind: 'nothing' }
  /** Found in names, services, details and ids; the server also looks into annotations, statements, exceptions and so on. */
  | { readonly kind: 'text'; readonly matches: Uint8Array }
  /** A filter that the outline answers by itself. */
  | { readonly kind: 'filter'; readonly matches: Uint8Array }
  /** A filter that only the server can answer: `/api/traces/{id}/find?filter=…&dialect=extended`. */
  | { readonly kind: 'server' }

/**
 * What is typed into a trace's find (console §4.6.4): a filter if it is one, else text, in any case. Filters mean what
 * they mean to the server, asked of each segment and subsegment alone. `matches` has 1 by node that matches.
 */
export function findLocally(model: TraceModel, text: string): LocalFind {
  const wanted = text.trim()
  if (wanted === '') return { kind: 'nothing' }
  const filter = readFilter(wanted)
  if (filter === undefined) return { kind: 'text', matches: findText(model, wanted.toLowerCase()) }
  const test = compile(filter)
  if (test === undefined) return { kind: 'server' }
  const matches = new Uint8Array(model.count)
  for (let node = 0; node < model.count; node++) if (test(model, node)) matches[node] = 1
  return { kind: 'filter', matches }
}

/** How many nodes match. */
export function countMatches(matches: Uint8Array): number {
  let count = 0
  for (const match of matches) count += match
  return count
}

/** Positions as the server lists them, by node. */
export function matchesOf(model: TraceModel, positions: readonly number[]): Uint8Array {
  const matches = new Uint8Array(model.count)
  for (const node of positions) if (node < model.count) matches[node] = 1
  return matches
}

type Test = (model: TraceModel, node: number) => boolean

/** For traces, or for the braces of `service()`, which knows more words, such as `name`; as the server reads it. */
function readFilter(text: string): ExtendedExpr | undefined {
  const whole = parseExtendedFilter(text)
  if (whole.ok) return whole.value
  const braced = parseExtendedFilter(`service() { ${text} }`)
  return braced.ok && braced.value.kind === 'service' ? braced.value.body : undefined
}

/** Undefined where something is asked that the outline does not have. An expression is at most 64 levels deep. */
function compile(expression: ExtendedExpr): Test | undefined {
  if (!isJoined(expression)) return compileOne(expression)
  if (expression.kind === 'not') {
    const test = compile(expression.term)
    return test === undefined ? undefined : (model, node) => !test(model, node)
  }
  const tests = expression.terms.flatMap((term) => compile(term) ?? [])
  if (tests.length < expression.terms.length) return undefined
  return expression.kind === 'and'
    ? (model, node) => tests.every((test) => test(model, node))
    : (model, node) => tests.some((test) => test(model, node))
}

function compileOne(leaf: Exclude<ExtendedExpr, { readonly kind: 'and' | 'or' | 'not' }>): Test | undefined {
  if (leaf.kind === 'flag') return compileFlag(leaf)
  if (leaf.kind === 'number') return compileNumber(leaf)
  if (leaf.kind !== 'text' || leaf.keyword !== 'name') return undefined
  return (model, node) => textsMatch([knownAs(model, node)], leaf.test)
}

function compileFlag({ keyword, test }: FlagPredicate): Test | undefined {
  switch (keyword) {
    case 'fault':
    case 'error':
    case 'throttle':
    case 'inferred':
      return (model, node) => flagMatches(hasFlag(model, node, keyword), test)
    case 'partial':
      return (model, node) => flagMatches(hasFlag(model, node, 'inProgress'), test)
    case 'ok':
      return (model, node) => flagMatches(!hasFlag(model, node, 'fault') && !hasFlag(model, node, 'error'), test)
    default:
      return undefined
  }
}

function compileNumber({ keyword, test }: NumberPredicate): Test | undefined {
  if (keyword === 'http.status') return (model, node) => numberMatches(statusOf(model, node), test)
  if (keyword !== 'duration' && keyword !== 'responsetime') return undefined
  return (model, node) => numberMatches(secondsOf(model, node), test)
}

function secondsOf(model: TraceModel, node: number): number | undefined {
  return hasFlag(model, node, 'inProgress') ? undefined : durationOf(model, node) / 1e6
}

/** Of a segment, the name of its node in the service map. */
function knownAs(model: TraceModel, node: number): string {
  const service = hasFlag(model, node, 'segment') ? serviceOf(model, node) : undefined
  return service?.name ?? nameOf(model, node)
}

function findText(model: TraceModel, wanted: string): Uint8Array {
  const { texts, name, detail, ids } = model.outline
  const isIn = Uint8Array.from(texts, (text) => (text.toLowerCase().includes(wanted) ? 1 : 0))
  const isService = Uint8Array.from(model.services, (service) => (service.name.toLowerCase().includes(wanted) ? 1 : 0))
  const couldBeId = /^[0-9a-f]{1,16}$/.test(wanted)
  const matches = new Uint8Array(model.count)
  for (let node = 0; node < model.count; node++) {
    const isFound =
      isIn[name[node] ?? -1] === 1 ||
      isIn[detail[node] ?? -1] === 1 ||
      // Of subsegments it would be all that stand in a segment.
      (isService[model.service[node] ?? -1] === 1 && hasFlag(model, node, 'segment')) ||
      (couldBeId && (ids[node] ?? '').includes(wanted))
    if (isFound) matches[node] = 1
  }
  return matches
}
