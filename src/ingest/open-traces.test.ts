import { describe, expect, test } from 'vitest'
import { entityId, traceId } from '../../test/fixtures/model-documents.ts'
import type { OpenTrace } from './open-trace.ts'
import { OpenTraces, type TracedDocument } from './open-traces.ts'

const tenant = { account: '000000000000', region: 'us-east-1' }
const other = { account: '000000000000', region: 'eu-west-1' }
const T0 = 1_700_000_000_000_000

/** A copy of one segment that came as the nth; its start tells which one it is. */
const copy = (received: number, complete: boolean, more: Partial<TracedDocument> = {}): TracedDocument => ({
  kind: 'segment',
  id: entityId('a'),
  complete,
  received: T0 + received,
  startUs: T0 + received,
  search: { names: [], terms: [], urls: [], isRoot: false, lastEnd: -Infinity },
  ...more,
})
const never = (): boolean => false

function traceOf(documents: readonly TracedDocument[]): OpenTrace {
  const open = new OpenTraces(Infinity)
  const trace = open.touch(tenant, traceId(1))
  for (const document of documents) open.add(trace, document)
  return trace
}

describe('of the copies of a document stays', () => {
  test.each<[string, TracedDocument[], number[]]>([
    ['the later', [copy(1, true), copy(2, true)], [2]],
    ['the later, in another order', [copy(2, true), copy(1, true)], [2]],
    ['the later in progress', [copy(1, false), copy(2, false)], [2]],
    ['the later in progress, in another order', [copy(2, false), copy(1, false)], [2]],
    ['the complete one', [copy(1, false), copy(2, true)], [2]],
    ['the complete one, though it came before', [copy(1, true), copy(2, false)], [1]],
    ['the complete one, in another order', [copy(2, false), copy(1, true)], [1]],
    ['the same that came twice', [copy(1, true), copy(1, true)], [1]],
    ['each of two segments', [copy(1, true), copy(2, true, { id: entityId('b') })], [1, 2]],
    ['a segment and a subsegment of one id', [copy(1, true), copy(2, true, { kind: 'subsegment' })], [1, 2]],
  ])('%s', (_, documents, expected) => {
    expect(traceOf(documents).starts).toEqual(expected.map((received) => T0 + received))
  })

  test('with its own end', () => {
    const ended = copy(1, false, { endUs: T0 + 9 })
    expect(traceOf([ended, copy(2, false)]).ends).toEqual([NaN])
    expect(traceOf([copy(1, false), copy(2, true, { endUs: T0 + 9 })]).ends).toEqual([T0 + 9])
  })
})

describe('compacting', () => {
  const factsOf = (texts: readonly string[]) => ({ names: texts, terms: texts, urls: texts, isRoot: false, lastEnd: 1 })

  test.each<[string, readonly string[], readonly string[]]>([
    ['none', [], []],
    ['different ones', ['b', 'a', ''], ['b', 'a', '']],
    ['repeated ones', ['a', 'b', 'a', 'a', 'c', 'b'], ['a', 'b', 'c']],
    ['sixteen', Array.from({ length: 16 }, (_, at) => `t${at % 5}`), ['t0', 't1', 't2', 't3', 't4']],
    ['seventeen', Array.from({ length: 17 }, (_, at) => `t${at % 5}`), ['t0', 't1', 't2', 't3', 't4']],
    [
      'many that differ',
      Array.from({ length: 100 }, (_, at) => `t${at}`),
      Array.from({ length: 100 }, (_, at) => `t${at}`),
    ],
  ])('of texts leaves each in once, at its first place: %s', (_, texts, expected) => {
    const [open, plain] = [new OpenTraces(Infinity), new OpenTraces(Infinity)]
    const trace = open.touch(tenant, traceId(1))
    // In several documents, as they come.
    for (const [at, text] of texts.entries()) open.add(trace, copy(at, true, { search: factsOf([text]) }))
    open.add(trace, copy(texts.length, true))
    open.compact(trace)
    expect([trace.names, trace.terms, trace.urls]).toEqual([expected, expected, expected])
    // What is left is all that is counted.
    plain.add(plain.touch(tenant, traceId(1)), copy(1, true, { search: factsOf(expected) }))
    expect([open.bytes, trace.bytes]).toEqual([plain.bytes, plain.bytes])
    open.compact(trace)
    expect(open.bytes).toBe(plain.bytes)
  })
})

describe('of many documents', () => {
  const segments = Array.from({ length: 40 }, (_, at) => copy(at, false, { id: entityId((at + 256).toString(16)) }))
  const bothKinds = segments.flatMap((one): readonly TracedDocument[] => [
    one,
    { ...one, kind: 'subsegment', startUs: one.startUs + 100, received: one.received + 100 },
  ])

  test.each([8, 9, 20, 40])('each is found again by its id and kind: %i of each kind', (count) => {
    const documents = bothKinds.slice(0, count * 2)
    const later = documents.map((one) => ({
      ...one,
      complete: true,
      startUs: one.startUs + 1_000,
      received: one.received + 1_000,
    }))
    const trace = traceOf([...documents, ...later.toReversed()])
    expect(trace.ids).toEqual(documents.map(({ id }) => id))
    expect(trace.kinds).toEqual(documents.map(({ kind }) => (kind === 'segment' ? 1 : 0)))
    expect(trace.starts).toEqual(later.map(({ startUs }) => startUs))
    // They are complete now, and what is not comes too late.
    expect(traceOf([...documents, ...later, ...documents]).starts).toEqual(trace.starts)
  })
})

test('the same id of two tenants are two traces', () => {
  const open = new OpenTraces(Infinity)
  expect(open.touch(tenant, traceId(1))).toBe(open.touch(tenant, traceId(1)))
  expect(open.touch(other, traceId(1))).not.toBe(open.touch(tenant, traceId(1)))
  expect(open.size).toBe(2)
})

describe('over the limit', () => {
  /** Traces 1 to 4 with a document each, touched in this order and then the first again. */
  function opened(limitBytes: number): { readonly open: OpenTraces; readonly traces: readonly OpenTrace[] } {
    const open = new OpenTraces(limitBytes)
    const traces = [1, 2, 3, 4].map((number) => open.touch(tenant, traceId(number)))
    for (const trace of traces) open.add(trace, copy(1, true))
    open.touch(tenant, traceId(1))
    return { open, traces }
  }
  const { bytes } = opened(Infinity).open
  const isHere = (open: OpenTraces, traces: readonly OpenTrace[]): readonly boolean[] =>
    traces.map((trace) => open.touch(tenant, trace.id) === trace)

  test('the one touched longest ago goes first, until the rest fits', () => {
    const { open, traces } = opened(bytes / 2)
    expect(open.bytes).toBe(bytes)
    expect(open.evict(never)).not.toEqual([])
    expect([open.size, open.bytes]).toEqual([2, bytes / 2])
    expect(isHere(open, traces)).toEqual([true, false, false, true])
  })

  test('those that are busy stay', () => {
    const { open, traces } = opened(bytes / 2)
    expect(open.evict((trace) => trace === traces[1])).not.toEqual([])
    expect(isHere(open, traces)).toEqual([true, true, false, false])
    const full = opened(1)
    expect(full.open.evict(() => true)).toEqual([])
    expect(full.open.bytes).toBe(bytes)
  })

  test('nothing goes while all fits', () => {
    const { open } = opened(bytes)
    expect([open.evict(never), open.empty(never), open.size, open.bytes]).toEqual([[], [], 4, bytes])
  })

  test('of one that is emptied its name stays, and it can be filled again', () => {
    const { open, traces } = opened(bytes - 1)
    const emptied = traces[0]
    if (emptied === undefined) throw new Error('there are four')
    emptied.rowTimes = [1]
    expect(open.empty(never)).toContain(emptied)
    expect({ ...emptied, wasTouched: false }).toEqual(new OpenTraces(Infinity).touch(tenant, traceId(1)))
    expect(open.size).toBe(4)
    expect(isHere(open, traces)).toEqual([true, true, true, true])
    const lower = open.bytes
    expect(lower).toBeLessThan(bytes)
    open.add(emptied, copy(1, true))
    expect(open.bytes).toBe(bytes)
  })

  test('emptying what is empty frees nothing', () => {
    const { open } = opened(1)
    expect(open.empty(never)).toHaveLength(4)
    expect(open.empty(never)).toEqual([])
  })

  test('everything that grows is counted, and given back', () => {
    const open = new OpenTraces(1)
    const trace = open.touch(tenant, traceId(1))
    const before = open.bytes
    const search = { names: ['a', 'b', 'a'], terms: ['Fx'], urls: ['https://a/'], isRoot: false, lastEnd: 1 }
    open.add(trace, copy(1, true, { search }))
    const grown = open.bytes
    expect(grown).toBeGreaterThan(before)
    open.compact(trace)
    const compacted = open.bytes
    expect(compacted).toBeLessThan(grown)
    open.add(trace, copy(2, true, { search }))
    open.compact(trace)
    expect([open.bytes, trace.bytes]).toEqual([compacted, compacted])
    expect(open.evict(never)).not.toEqual([])
    expect([open.size, open.bytes]).toEqual([0, 0])
  })
})
