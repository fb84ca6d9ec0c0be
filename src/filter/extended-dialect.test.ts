import { describe, expect, test } from 'vitest'
import { anEntity, segment, TRACE_ID, T0 } from '../../test/fixtures/model-documents.ts'
import { assemble } from '../model/assemble.ts'
import type { SegmentDocument } from '../model/entity.ts'
import type { Json } from '../model/json.ts'
import { indexTrace } from '../model/trace-index.ts'
import { compileFilter } from './evaluate.ts'
import type { ExtendedExpr } from './extended-ast.ts'
import { parseExtendedFilter, parseFilter } from './parse-filter.ts'
import { printFilter } from './print-filter.ts'
import { resolveGroups } from './resolve-groups.ts'
import { traceFacts, type TraceFacts } from './trace-facts.ts'

function factsOf(...documents: readonly SegmentDocument[]): TraceFacts {
  const received = documents.map((document, position) => ({ document, received: position }))
  return traceFacts(indexTrace(assemble(TRACE_ID, 1, received)), { nowSeconds: T0 + 100, slowSeconds: 2 })
}

function parsed(text: string): ExtendedExpr {
  const read = parseExtendedFilter(text)
  if (!read.ok) throw new Error(read.error.message)
  return read.value
}

function holds(text: string, facts: TraceFacts): boolean {
  const resolved = resolveGroups(parsed(text), () => 'everything')
  if (!resolved.ok) throw new Error(resolved.error.message)
  return compileFilter(resolved.value)(facts)
}

describe('the extended dialect', () => {
  const metadata = new Map<string, Json>([
    ['default', { query: { text: ['SELECT 1', 'JOIN'], rows: 12 }, isCached: false, 'a.b': null }],
    ['list', ['loose', { query: 'in a list' }]],
    ['text', 'bare'],
  ])
  const call = anEntity('b', { name: 'db', namespace: 'remote', metadata: new Map([['sql', { query: 'inner' }]]) })
  const facts = factsOf(
    segment('a', {
      name: 'web',
      user: 'alice-42',
      metadata,
      http: { url: 'http://web/orders/4711' },
      subsegments: [call],
    }),
    segment('c', {
      name: 'api',
      parent: 'a',
      annotations: new Map<string, string | number>([
        ['n', 5],
        ['s', 'v-5'],
      ]),
    }),
    segment('d', { name: 'auth', parent: 'c', fault: true }),
    segment('e', { name: 'auth', parent: 'd' }),
  )

  test.each<[string, boolean, string]>([
    ['metadata.query CONTAINS "JOIN"', true, 'texts in lists count'],
    ['metadata.query = 12', true, 'and numbers in objects'],
    ['metadata.query = "12"', false, 'each as what it is'],
    ['metadata.rows', false, 'keys are those right below a namespace'],
    ['metadata.isCached = false AND !metadata.isCached', true, 'flags are as in annotations'],
    ['metadata[a.b]', false, 'null is no value'],
    ['metadata[*] = "loose" AND metadata[*] = "bare"', true, 'all keys are all there is, in whatever namespace'],
    ['metadata.query = "in a list"', false, 'a list has no keys'],
    ['metadata.constructor OR metadata.length', false, 'nor has anything what it inherits'],
    ['metadata.query = "inner"', true, 'subsegments have metadata, too'],
    ['edge("web", "db") { metadata.query = "inner" AND !metadata.query = 12 }', true, 'which is that of the call'],
    ['service("db") { metadata.query }', false, 'not of the inferred node'],
    ['service("api") { metadata[*] }', false, 'nor of another segment'],
    ['http.url MATCHES "/orders/[0-9]+$"', true, 'a part of the text is enough'],
    ['http.url MATCHES "^orders"', false, 'unless it is said where it begins'],
    ['user MATCHES "^\\w+-\\d{2}$"', true, 'a backslash before a letter stands for itself'],
    ['!http.method MATCHES ""', true, 'nothing matches nothing'],
    ['annotation.s MATCHES "^v" AND !annotation.n MATCHES "5"', true, 'only text is matched'],
    ['service() { name MATCHES "^a.i$" }', true, 'in braces as well'],
    ['metadata[*] MATCHES "select"', false, 'cases are told apart'],
    ['segments() = 5', true, 'four, and an inferred one'],
    ['segments("auth") = 2 AND segments("auth") { fault } = 1', true, 'of a node, and of them some'],
    ['segments("none") = 0 AND segments() { inferred } != 0', true, 'none is a number, too'],
    ['path("web", "auth")', true, 'below, if not right below'],
    ['path("web", "auth") { !fault }', true, 'the one below is asked'],
    ['path("auth", "auth") { fault }', false, 'the upper one is not below another'],
    ['path("api", "web") OR path("web", "web")', false, 'up is not down, and nothing is below itself'],
    ['path("web", "db") AND !path("api", "db")', true, 'inferred segments are below their callers'],
    ['group.name = "Default" AND fault OR ok', true, "AWS's expressions mean what they mean"],
  ])('%s: %s, %s', (text, expected) => {
    expect(holds(text, facts)).toBe(expected)
    expect(parsed(printFilter(parsed(text)))).toEqual(parsed(text))
  })

  test('segments that call each other are above each other', () => {
    const circle = factsOf(segment('a', { name: 'a', parent: 'b' }), segment('b', { name: 'b', parent: 'a' }))
    expect(holds('path("a", "b") AND path("b", "a") AND path("a", "a")', circle)).toBe(true)
    expect(holds('path("c", "b")', circle)).toBe(false)
  })

  test('a long way down is no trouble', () => {
    const hex = (number: number): string => (number + 1).toString(16)
    const chain = Array.from({ length: 5_000 }, (_, at) =>
      segment(hex(at), { name: at === 0 ? 'first' : 'more', start: at, ...(at === 0 ? {} : { parent: hex(at - 1) }) }),
    )
    expect(holds('path("first", "more") { responsetime > 5 } OR segments("more") != 4999', factsOf(...chain))).toBe(
      false,
    )
  })

  test.each([
    ['user MATCHES "("', 14, 'user MATCHES "("'],
    ['user MATCHES 5', 14, 'user MATCHES 5'],
    ['http.status MATCHES "4.."', 13, 'http.status MATCHES'],
    ['segments()', 11, 'segments()'],
    ['segments() CONTAINS "5"', 12, 'segments() CONTAINS'],
    ['service() { path("a", "b") }', 13, 'path'],
    ['path("a")', 9, 'path("a")'],
    ['rootcause.fault.entity { metadata.a }', 26, 'metadata.a'],
    ['metadata.', 1, 'metadata.'],
  ])('%s is none: position %i, %j', (text, position, symbol) => {
    const read = parseExtendedFilter(text)
    const message = `Error Location: line 1, position ${position} : Invalid input symbol: '${symbol}'`
    expect(read.ok ? 'read' : read.error.message).toBe(message)
  })

  test.each([
    ['metadata.a', 'met'],
    ['user MATCHES "a"', 'MA'],
    ['segments() > 1', 'seg'],
    ['path("a", "b")', 'pat'],
  ])('AWS knows nothing of %s', (text, symbol) => {
    const read = parseFilter(text)
    expect(!read.ok && read.error.kind === 'syntax' && read.error.symbol).toBe(symbol)
  })
})
