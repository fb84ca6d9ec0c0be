import type { ExtendedExpr } from '../filter/extended-ast.ts'
import { printFilter } from '../filter/print-filter.ts'
import type { TraceFacts } from '../filter/trace-facts.ts'
import type { AnnotationValue } from '../model/entity.ts'
import type { TraceSummary } from '../model/summary.ts'

/** A value, how many traces have it, and a term of a filter expression that they satisfy. */
export type FacetValue = { readonly value: string; readonly count: number; readonly clause: string }

/** What a list of traces can be refined by. */
export type FacetField = 'service' | 'outcome' | 'status' | 'method' | 'url' | 'user' | { readonly annotation: string }

/** The values of a field, those first that most traces have. */
export type Facet = { readonly field: FacetField; readonly values: readonly FacetValue[] }

/** Counts traces, one after the other. */
export type FacetCounter = {
  readonly add: (facts: TraceFacts) => void
  /** Those that have values; annotations come last, those first that most traces have. */
  readonly facets: () => readonly Facet[]
}

const SHOWN_VALUES = 20
const SHOWN_KEYS = 12
/** Different values of a field, and different keys, that are counted: a frequent one is among the first. */
const COUNTED_VALUES = 1_000
const COUNTED_KEYS = 200
/** In code points. Longer texts are counted by their beginning, longer keys not at all: expressions have a limit. */
const MAX_TEXT = 1_000

type Outcome = 'ok' | 'error' | 'fault' | 'throttle'

/** A URL without its query string: how many traces have it so, and how many with one. */
type UrlCounts = { plain: number; queried: number }

type Annotations = { traces: number; readonly values: Map<AnnotationValue, number> }

/** Nothing counted yet. */
export function createFacetCounter(): FacetCounter {
  const services = new Map<string, number>()
  const outcomes = new Map<Outcome, number>()
  const statuses = new Map<number, number>()
  const methods = new Map<string, number>()
  const urls = new Map<string, UrlCounts>()
  const users = new Map<string, number>()
  const annotations = new Map<string, Annotations>()

  const addUrl = (url: string): void => {
    const query = url.indexOf('?')
    const key = beginning(query === -1 ? url : url.slice(0, query))
    let counts = urls.get(key)
    if (counts === undefined) {
      if (urls.size === COUNTED_VALUES) return
      urls.set(key, (counts = { plain: 0, queried: 0 }))
    }
    if (query === -1) counts.plain += 1
    else counts.queried += 1
  }

  const addAnnotations = (summary: TraceSummary): void => {
    for (const [key, values] of summary.annotations) {
      if (!canBeNamed(key)) continue
      let counts = annotations.get(key)
      if (counts === undefined) {
        if (annotations.size === COUNTED_KEYS) continue
        annotations.set(key, (counts = { traces: 0, values: new Map() }))
      }
      counts.traces += 1
      for (const { value } of values) if (!Number.isNaN(value)) count(counts.values, value)
    }
  }

  return {
    add(facts) {
      const summary = facts.summary()
      const { http } = summary
      for (const name of serviceNames(facts)) count(services, name)
      for (const outcome of outcomesOf(summary)) count(outcomes, outcome)
      if (http.status !== undefined) count(statuses, http.status)
      if (http.method !== undefined) count(methods, beginning(http.method))
      if (http.url !== undefined) addUrl(http.url)
      for (const name of new Set(summary.users.map((user) => beginning(user.name)))) count(users, name)
      addAnnotations(summary)
    },

    facets() {
      const all: readonly Facet[] = [
        {
          field: 'service',
          values: shown(services, (name) => ({ kind: 'service', selector: { kind: 'name', name } })),
        },
        { field: 'outcome', values: shown(outcomes, (keyword) => ({ kind: 'flag', keyword })) },
        { field: 'status', values: shown(statuses, statusClause) },
        { field: 'method', values: shown(methods, (text) => textClause('http.method', text)) },
        { field: 'url', values: shownUrls(urls) },
        { field: 'user', values: shown(users, (text) => textClause('user', text)) },
        ...[...annotations]
          .toSorted(([a, { traces: ofA }], [b, { traces: ofB }]) => ofB - ofA || inOrder(a, b))
          .slice(0, SHOWN_KEYS)
          .map(([key, { values }]) => annotationFacet(key, values)),
      ]
      return all.filter(({ values }) => values.length > 0)
    },
  }
}

function count<Value>(counts: Map<Value, number>, value: Value): void {
  const known = counts.get(value)
  if (known !== undefined) counts.set(value, known + 1)
  else if (counts.size < COUNTED_VALUES) counts.set(value, 1)
}

/**
 * The names of the nodes that `service(…)` selects: not the client, whose name may be that of a segment all the same.
 * Names that only callers use are left out.
 */
function serviceNames({ index }: TraceFacts): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { owner } of index.placedSegments) if (owner !== undefined) names.add(owner.service.name)
  for (const { inferred } of index.subsegments) if (inferred !== undefined) names.add(inferred.service.name)
  return names
}

/** As the flags of the language have it: what is throttled may be `ok`, too. */
function outcomesOf({ hasError, hasFault, hasThrottle }: TraceSummary): readonly Outcome[] {
  return [
    ...(hasError || hasFault ? [] : (['ok'] as const)),
    ...(hasError ? (['error'] as const) : []),
    ...(hasFault ? (['fault'] as const) : []),
    ...(hasThrottle ? (['throttle'] as const) : []),
  ]
}

/** The language has no way to write other keys. */
function canBeNamed(key: string): boolean {
  return key !== '' && key.length <= MAX_TEXT && !key.includes(']')
}

/** A text of less than `MAX_TEXT` characters, or the first so many of any other. */
function beginning(text: string): string {
  if (text.length <= MAX_TEXT) return text
  return Array.from(text.slice(0, 2 * MAX_TEXT))
    .slice(0, MAX_TEXT)
    .join('')
}

/** A text that may have been cut stands for all that begin with it. */
function isBeginning(text: string): boolean {
  return text.length >= MAX_TEXT && [...text].length === MAX_TEXT
}

type TextKeyword = 'http.method' | 'http.url' | 'user'

function textClause(keyword: TextKeyword, value: string): ExtendedExpr {
  return { kind: 'text', keyword, test: { operator: isBeginning(value) ? 'beginswith' : '=', value } }
}

function statusClause(value: number): ExtendedExpr {
  return { kind: 'number', keyword: 'http.status', test: { operator: '=', value } }
}

/** No longer than it has to be for the URLs that were counted. */
function urlClause(value: string, { plain, queried }: UrlCounts): ExtendedExpr {
  const alone = textClause('http.url', value)
  if (queried === 0 || isBeginning(value)) return alone
  const test = { operator: 'beginswith', value: `${value}?` } as const
  const withQuery: ExtendedExpr = { kind: 'text', keyword: 'http.url', test }
  return plain === 0 ? withQuery : { kind: 'or', terms: [alone, withQuery] }
}

function shownUrls(urls: ReadonlyMap<string, UrlCounts>): readonly FacetValue[] {
  const counts = [...urls].map(([url, { plain, queried }]) => [url, plain + queried] as const)
  return shown(new Map(counts), (url) => urlClause(url, urls.get(url) ?? { plain: 0, queried: 0 }))
}

function annotationFacet(key: string, values: ReadonlyMap<AnnotationValue, number>): Facet {
  const clauseOf = (value: AnnotationValue): ExtendedExpr => {
    const operator = '='
    switch (typeof value) {
      case 'string':
        return { kind: 'annotation', key, test: { operator, value } }
      case 'number':
        return { kind: 'annotation', key, test: { operator, value } }
      default:
        return { kind: 'annotation', key, test: { operator, value } }
    }
  }
  return { field: { annotation: key }, values: shown(values, clauseOf) }
}

/** The most frequent first, of equals in the order of their text. Only these get a clause. */
function shown<Value extends AnnotationValue>(
  counts: ReadonlyMap<Value, number>,
  clauseOf: (value: Value) => ExtendedExpr,
): readonly FacetValue[] {
  return [...counts]
    .map(([value, traces]) => ({ value, text: String(value), traces }))
    .toSorted((a, b) => b.traces - a.traces || inOrder(a.text, b.text))
    .slice(0, SHOWN_VALUES)
    .map(({ value, text, traces }) => ({ value: text, count: traces, clause: printTerm(clauseOf(value)) }))
}

/** Something that can stand beside `AND`, and behind `!`. */
function printTerm(expr: ExtendedExpr): string {
  return expr.kind === 'or' ? `(${printFilter(expr)})` : printFilter(expr)
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
