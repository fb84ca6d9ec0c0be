import { describe, expect, test } from 'vitest'
import { segment, subsegment, anEntity, TRACE_ID, T0 } from '../../test/fixtures/model-documents.ts'
import { assemble } from '../model/assemble.ts'
import type { SegmentDocument } from '../model/entity.ts'
import { RawNumber } from '../model/raw-number.ts'
import { indexTrace } from '../model/trace-index.ts'
import type { FilterExpr } from './ast.ts'
import { compileConjuncts, compileFilter } from './evaluate.ts'
import { parseFilter } from './parse-filter.ts'
import { printFilter } from './print-filter.ts'
import { resolveGroups, type FindGroup } from './resolve-groups.ts'
import { traceFacts, type TraceFacts } from './trace-facts.ts'

// What all keywords select among the shared cast is in test/golden/filters. Here are the corners.

const noGroups: FindGroup = () => undefined

function parsed(text: string): FilterExpr {
  const read = parseFilter(text)
  if (!read.ok) throw new Error(read.error.message)
  return read.value
}

function factsOf(...documents: readonly SegmentDocument[]): TraceFacts {
  const received = documents.map((document, position) => ({ document, received: position }))
  return traceFacts(indexTrace(assemble(TRACE_ID, 1, received)), { nowSeconds: T0 + 100, slowSeconds: 2 })
}

function holds(text: string, facts: TraceFacts, find: FindGroup = noGroups): boolean | string {
  const resolved = resolveGroups(parsed(text), find)
  return resolved.ok ? compileFilter(resolved.value)(facts) : resolved.error.message
}

describe('what is not there', () => {
  const facts = factsOf(segment('a', { end: undefined, http: { status: 99 } }))

  test.each<[string, boolean, string]>([
    ['responsetime', false, 'nothing has been answered yet'],
    ['responsetime < 1000', false, 'an operator on nothing is false'],
    ['responsetime != 5', true, 'but for this one, the negation of ='],
    ['!responsetime = 5', true, 'the same, written out'],
    ['!(responsetime >= 5)', true, 'negation is of the whole predicate'],
    ['duration = 0', true, 'a trace has always lasted'],
    ['http.status', false, 'a status that is none is in no index'],
    ['http.status != 99', true, 'not even under its number'],
    ['user != ""', true, 'nothing is not the empty text'],
    ['user CONTAINS ""', false, 'nothing contains nothing'],
    ['annotation.x != true', true, 'no value is true'],
    ['service() { responsetime }', false, 'nor has the segment answered'],
    ['service() { duration }', false, 'nor can its duration be known'],
    ['edge(id(type: "client"), "entity a") { duration }', false, 'nor that of the call'],
    ['ok', true, 'nothing is wrong yet'],
  ])('%s: %s, %s', (text, expected) => {
    expect(holds(text, facts)).toBe(expected)
  })
})

describe('times', () => {
  test.each<[string, boolean, string]>([
    ['responsetime = 0', true, 'an end before the start is no time at all'],
    ['service() { responsetime = 0 }', true, 'everywhere'],
    ['service() { duration = 3 }', true, 'but what stands in a segment may last longer'],
    ['duration = 3', true, 'as may the trace'],
  ])('%s: %s, %s', (text, expected) => {
    expect(holds(text, factsOf(segment('a', { start: 2, end: 1 }), subsegment('b', 'a', { start: 3, end: 5 })))).toBe(
      expected,
    )
  })

  test('are compared as they were sent, unrounded, but for the duration of a trace, which summaries round', () => {
    const facts = factsOf(segment('a', { end: 1.0004 }))
    expect(holds('responsetime > 1', facts)).toBe(true)
    expect(holds('duration > 1', facts)).toBe(false)
    expect(holds('service() { duration > 1 }', facts)).toBe(true)
  })
})

describe('annotations', () => {
  const many = (from: number, to: number) =>
    new Map(Array.from({ length: to - from }, (_, at): [string, number] => [`k${from + at}`, from + at]))

  test('beyond the first 50 keys of a trace are not seen, wherever one looks', () => {
    const facts = factsOf(
      segment('a', { annotations: many(0, 49) }),
      segment('b', { parent: 'a', start: 1, annotations: many(48, 60) }),
    )
    expect(holds('annotation.k49 AND service("entity b") { annotation.k49 AND annotation.k48 }', facts)).toBe(true)
    expect(holds('annotation.k50 OR service("entity b") { annotation.k50 }', facts)).toBe(false)
    expect(holds('service("entity a") { annotation.k49 }', facts)).toBe(false)
  })

  test('are compared as they are indexed: 1,000 characters of text, the double nearest to a number', () => {
    const annotations = new Map<string, string | RawNumber>([
      ['long', `${'😀'.repeat(1_000)}beyond`],
      ['large', new RawNumber('12345678901234567890123')],
      ['huge', new RawNumber('1e400')],
    ])
    const facts = factsOf(segment('a', { annotations }))
    for (const scoped of [(text: string) => text, (text: string) => `service() { ${text} }`]) {
      expect(holds(scoped('annotation.long ENDSWITH "beyond"'), facts)).toBe(false)
      expect(holds(scoped(`annotation.long = "${'😀'.repeat(1_000)}"`), facts)).toBe(true)
      expect(holds(scoped('annotation.large = 12345678901234567890124'), facts)).toBe(true)
      expect(holds(scoped('annotation.huge > 1e308'), facts)).toBe(true)
    }
  })

  test('of a call are those of its subsegment and what stands in that; an inferred node has none', () => {
    const inner = anEntity('c', { annotations: new Map([['x', 1]]) })
    const call = anEntity('b', { name: 'host', namespace: 'remote', subsegments: [inner] })
    const facts = factsOf(segment('a', { subsegments: [call] }))
    expect(holds('edge("entity a", "host") { annotation.x = 1 }', facts)).toBe(true)
    expect(holds('service("host") { annotation.x }', facts)).toBe(false)
    expect(holds('service("entity a") { annotation.x }', facts)).toBe(true)
  })
})

describe('who calls whom', () => {
  const call = anEntity('b', { name: 'host', namespace: 'remote', fault: true })
  const traced = factsOf(segment('a', { subsegments: [call] }), segment('c', { parent: 'b', name: 'callee' }))

  test.each<[string, boolean, string]>([
    ['edge("entity a", "callee") { fault }', true, 'the caller saw a fault'],
    ['service("callee") { fault }', false, 'of which the callee knows nothing'],
    ['edge("entity a", "host") { name = "callee" }', true, 'a callee has the names that it is called by'],
    ['edge("entity a", id(name: "host"))', false, 'as names, not as its own'],
    ['service("host") { name = "host" }', false, 'nor does a keyword see them'],
    ['edge("entity a", "callee") { inferred }', false, 'the callee reports'],
    ['edge(id(type: "client"), "callee")', false, 'clients call roots only'],
    ['edge(id(type: "client"), id(name: "entity a")) { !remote AND ok }', true, 'with the view of the root'],
    ['service(id(type: "client", name: "entity a"))', true, 'a client is a node'],
    ['service(id(type: "client")) { ok OR !ok }', false, 'but of its segments nothing is true'],
    ['service(id(account.id: ""))', false, 'no account is not the empty account'],
    ['service(id(type: "", name: "callee"))', true, 'no type is the empty type'],
  ])('%s: %s, %s', (text, expected) => {
    expect(holds(text, traced)).toBe(expected)
  })

  test('a service called without a subsegment tells itself how the call went', () => {
    const facts = factsOf(segment('a'), segment('b', { parent: 'a', error: true, end: 3 }))
    expect(holds('edge("entity a", "entity b") { error AND remote AND responsetime = 3 }', facts)).toBe(true)
  })

  test('a root whose caller is not there has no client', () => {
    const facts = factsOf(segment('a', { parent: 'f' }))
    expect(holds('service(id(type: "client")) OR edge(id(type: "client"), "entity a")', facts)).toBe(false)
    expect(holds('service("entity a") { root }', facts)).toBe(true)
  })
})

describe('root causes', () => {
  const leaf = anEntity('c', { fault: true, cause: { kind: 'exceptions', exceptions: [{ message: 'no type' }] } })
  const middle = anEntity('b', { fault: true, subsegments: [leaf], namespace: 'remote', traced: true })
  const facts = factsOf(segment('a', { fault: true, end: 4, subsegments: [middle] }))

  test.each<[string, boolean, string]>([
    ['rootcause.fault.entity { index = 2 AND last AND !first AND name = "entity c" }', true, 'positions count from 0'],
    ['rootcause.fault.service { first AND last AND index = 0 }', true, 'each list has its own'],
    ['rootcause.fault.exception { name }', false, 'an exception may have no type'],
    ['rootcause.fault.exception { message = "no type" AND first }', true, 'and a message all the same'],
    ['rootcause.error.service', false, 'a fault is no error'],
    ['rootcause.responsetime.entity { coverage = 1 AND name = "entity a" }', true, 'it was slow as well'],
    [
      'rootcause.json = #[{"Services":[{"EntityPath":[{},{"Remote":true},{"Exceptions":[{"Message":"no type"}]}]}]}]',
      true,
      'members that are left out may be anything',
    ],
    ['rootcause.json = #[{"Services":[{"EntityPath":[{},{"Remote":true}]}]}]', false, 'lists are of one length'],
    ['rootcause.json = #[{"Services":[{"Type":null}]}]', false, 'null is not absent'],
    ['rootcause.json = #[{"Services":{"0":{}}}]', false, 'a list is no object'],
    ['rootcause.json = #[{"constructor":{}}]', false, 'what objects inherit is no member'],
  ])('%s: %s, %s', (text, expected) => {
    expect(holds(text, facts)).toBe(expected)
  })
})

describe('groups', () => {
  const facts = factsOf(segment('a', { fault: true }))
  const groups = new Map<string, FilterExpr | 'everything'>([
    ['failed', parsed('fault OR error')],
    ['nested', parsed('ok OR group.name = "failed"')],
    ['Default', 'everything'],
  ])
  const find: FindGroup = (by, value) => (by === 'name' ? groups.get(value) : undefined)

  test.each<[string, boolean | string, string]>([
    ['group.name = "failed"', true, 'the trace satisfies its expression'],
    ['group.name != "failed"', false, 'which can be negated'],
    ['group.name = "failed" ok', false, 'and stands as in parentheses'],
    ['group.name = "Default" AND !group.name != "Default"', true, 'the default group has every trace'],
    ['fault OR group.name = "none"', 'Group not found', 'even where it would not matter'],
    ['group.arn = "failed"', 'Group not found', 'a name is no ARN'],
    ['group.name = "nested"', "A group's FilterExpression cannot refer to groups", 'that could go on'],
  ])('%s: %s, %s', (text, expected) => {
    expect(holds(text, facts, find)).toBe(expected)
  })
})

describe('conjuncts', () => {
  test.each<[string, readonly [string, boolean][]]>([
    ['fault', [['fault', true]]],
    [
      'fault ok (error user)',
      [
        ['fault', true],
        ['ok', false],
        ['error', false],
        ['user', false],
      ],
    ],
    [
      'fault (ok OR !user)',
      [
        ['fault', true],
        ['ok OR !user', true],
      ],
    ],
    ['fault AND ok OR user', [['fault AND ok OR user', false]]],
    [
      'group.name = "Default" !(ok user)',
      [
        ['group.name = "Default"', true],
        ['!(ok AND user)', true],
      ],
    ],
  ])('of %s', (text, expected) => {
    const facts = factsOf(segment('a', { fault: true }))
    const read = compileConjuncts(parsed(text), () => 'everything')
    if (!read.ok) throw new Error(read.error.message)
    expect(read.value.map((one) => [printFilter(one.clause), one.holds(facts)])).toEqual(expected)
  })

  test('are of no use when one names a group that is not there', () => {
    expect(compileConjuncts(parsed('ok group.name = "x"'), noGroups)).toEqual({
      ok: false,
      error: { kind: 'group', message: 'Group not found' },
    })
  })
})

describe('size', () => {
  test('a trace 20,000 levels deep is no deeper for a filter', () => {
    const documents = Array.from({ length: 20_000 }, (_, at) =>
      at === 0
        ? segment('1')
        : subsegment((at + 1).toString(16), at.toString(16), { annotations: new Map([['x', at]]) }),
    )
    const facts = factsOf(...documents)
    expect(holds('annotation.x = 19999 AND service() { annotation.x = 19999 AND duration >= 1 }', facts)).toBe(true)
  })
})
