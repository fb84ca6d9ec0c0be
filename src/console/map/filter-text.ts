import type { OwnCounts, OwnNode } from '../../wire/own/graph.ts'
import { quoteFilter } from '../words/quote-filter.ts'
import { OUTCOMES, type Outcome } from '../words/outcome.ts'

/** Which of a node's requests, or of an edge's calls. */
export type Selection = {
  /** Seconds, from ≤ time < to. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly outcomes: readonly Outcome[]
}

/** Everything. */
export const WHOLE_SELECTION: Selection = { outcomes: OUTCOMES }

type NamedNode = Pick<OwnNode, 'name' | 'type' | 'account' | 'client'>

/** A filter for the traces in which such a request of the node occurs (docs/filter-expressions.md). */
export function nodeFilter(node: NamedNode, counts: OwnCounts, selection: Selection): string {
  return `service(${selector(node)})${braces(counts, selection)}`
}

/** A filter for the traces in which such a call from one node to the other occurs. */
export function edgeFilter(from: NamedNode, to: NamedNode, counts: OwnCounts, selection: Selection): string {
  return `edge(${selector(from)}, ${selector(to)})${braces(counts, selection)}`
}

function selector({ name, type, account, client }: NamedNode): string {
  const ofAccount = account === undefined || client ? '' : `, account.id: ${quoteFilter(account)}`
  return `id(name: ${quoteFilter(name)}, type: ${quoteFilter(type ?? '')}${ofAccount})`
}

function braces(counts: OwnCounts, { from, to, outcomes }: Selection): string {
  const terms = outcomeTerms(counts, outcomes)
  const outcome = terms.join(' OR ')
  const bounds = [
    ...(from === undefined ? [] : [`responsetime >= ${number(from)}`]),
    ...(to === undefined ? [] : [`responsetime < ${number(to)}`]),
  ]
  const clauses = [
    ...bounds,
    ...(terms.length > 1 && bounds.length > 0 ? [`(${outcome})`] : terms.length > 0 ? [outcome] : []),
  ]
  return clauses.length === 0 ? '' : ` { ${clauses.join(' AND ')} }`
}

/** A throttled call is an error, too (spec/query §3.4): where there are such calls, errors alone have to say so. */
function outcomeTerms(counts: OwnCounts, outcomes: readonly Outcome[]): readonly string[] {
  if (outcomes.length === 0 || outcomes.length === OUTCOMES.length) return []
  const hasThrottle = outcomes.includes('throttle')
  const hasError = outcomes.includes('error')
  const error =
    hasThrottle || counts.throttle === 0
      ? 'error'
      : outcomes.length === 1
        ? 'error AND !throttle'
        : '(error AND !throttle)'
  return OUTCOMES.filter((outcome) => outcomes.includes(outcome) && !(outcome === 'throttle' && hasError)).map(
    (outcome) => (outcome === 'error' ? error : outcome),
  )
}

/** The language knows no exponents. */
function number(seconds: number): string {
  return seconds.toFixed(6).replace(/0+$/, '').replace(/\.$/, '')
}
