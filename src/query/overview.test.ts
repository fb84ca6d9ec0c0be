import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type EntityFields, anEntity, segment, subsegment, T0, traceId } from '../../test/fixtures/model-documents.ts'
import { compileFilter } from '../filter/evaluate.ts'
import { parseFilter } from '../filter/parse-filter.ts'
import { resolveGroups } from '../filter/resolve-groups.ts'
import { traceFacts, type TraceFacts } from '../filter/trace-facts.ts'
import { assemble } from '../model/assemble.ts'
import type { SegmentDocument } from '../model/entity.ts'
import { indexTrace } from '../model/trace-index.ts'
import { overviewOf, type OverviewQuery, type TraceOverview } from './overview.ts'
import type { WindowBatch } from './search-window.ts'

const window = { kind: 'trace-time', fromSeconds: T0, toSeconds: T0 + 100, columns: 10, limit: 1_000 } as const

function factsOf(documents: readonly SegmentDocument[]): TraceFacts {
  const read = documents.map((document, at) => ({ document, received: at + 1 }))
  return traceFacts(indexTrace(assemble(traceId(1), 1, read)), { nowSeconds: T0 + 1_000, slowSeconds: 2 })
}

const one = (fields: EntityFields): TraceFacts => factsOf([segment('a', { name: 'web', ...fields })])

/** The traces in batches, one second apart, and a clock that goes on by so much with each question. */
async function overview(
  batches: readonly (readonly TraceFacts[])[],
  changed: Partial<OverviewQuery> = {},
  stepSeconds = 0,
): Promise<TraceOverview & { readonly read: number }> {
  let [seconds, at, read] = [T0, T0 + 100, 0]
  async function* generate(): AsyncGenerator<WindowBatch> {
    for (const batch of batches) {
      read += 1
      const traces = batch.map((facts, nth) => ({
        hit: { timeSeconds: (at -= 1), id: traceId(nth), version: 1 },
        facts,
      }))
      yield { traces, upToSeconds: read === batches.length ? T0 : at }
    }
  }
  const found = await overviewOf(generate(), { ...window, ...changed }, () => (seconds += stepSeconds))
  return { ...found, read }
}

function holds(clause: string): (facts: TraceFacts) => boolean {
  const parsed = parseFilter(clause)
  const resolved = parsed.ok ? resolveGroups(parsed.value, () => undefined) : parsed
  return resolved.ok ? compileFilter(resolved.value) : expect.fail(`${clause}: ${resolved.error.message}`)
}

const valuesOf = ({ facets }: TraceOverview, wanted: string) => {
  const facet = facets.find(
    ({ field }) => field === wanted || (typeof field === 'object' && field.annotation === wanted),
  )
  return facet?.values.map(({ value, count, clause }) => [value, count, clause])
}

describe('facets', () => {
  const url = (text: string) => one({ http: { url: text } })
  test.each<[string, string, readonly TraceFacts[], readonly (readonly [string, number, string])[]]>([
    [
      'services: those that report and those that are inferred, each once',
      'service',
      [
        one({
          subsegments: ['b', 'c'].map((id) => anEntity(id, { name: 'a "db"', namespace: 'remote' })),
        }),
        one({}),
      ],
      [
        ['web', 2, 'service("web")'],
        ['a "db"', 1, 'service("a \\"db\\"")'],
      ],
    ],
    [
      'a throttled trace that is an error',
      'outcome',
      [one({ error: true, throttle: true }), one({ error: true }), one({ fault: true }), one({})],
      [
        ['error', 2, 'error'],
        ['fault', 1, 'fault'],
        ['ok', 1, 'ok'],
        ['throttle', 1, 'throttle'],
      ],
    ],
    [
      'statuses, not those that are none',
      'status',
      [
        one({ http: { status: 200 } }),
        one({ http: { status: 503 } }),
        one({ http: { status: 200 } }),
        one({ http: { status: 9 } }),
      ],
      [
        ['200', 2, 'http.status = 200'],
        ['503', 1, 'http.status = 503'],
      ],
    ],
    ['methods', 'method', [one({ http: { method: 'GET' } })], [['GET', 1, 'http.method = "GET"']]],
    [
      'URLs without their queries',
      'url',
      [url('/a?x=1'), url('/a?x=2'), url('/b'), url('/c'), url('/c?'), url('/c')],
      [
        ['/c', 3, '(http.url = "/c" OR http.url BEGINSWITH "/c?")'],
        ['/a', 2, 'http.url BEGINSWITH "/a?"'],
        ['/b', 1, 'http.url = "/b"'],
      ],
    ],
    ['users', 'user', [one({ user: 'ann\\' })], [['ann\\', 1, 'user = "ann\\\\"']]],
    [
      'annotations, by type',
      'k "1"',
      ['1', 1, true, -0, Number.NaN, 1].map((value) => one({ annotations: new Map([['k "1"', value]]) })),
      [
        ['1', 2, 'annotation[k "1"] = 1'],
        ['0', 1, 'annotation[k "1"] = 0'],
        ['1', 1, 'annotation[k "1"] = "1"'],
        ['true', 1, 'annotation[k "1"] = true'],
      ],
    ],
    [
      'long texts by their beginning',
      'user',
      [one({ user: '😀'.repeat(1_001) }), one({ user: '😀'.repeat(1_000) }), one({ user: '😀'.repeat(999) })],
      [
        ['😀'.repeat(1_000), 2, `user BEGINSWITH "${'😀'.repeat(1_000)}"`],
        ['😀'.repeat(999), 1, `user = "${'😀'.repeat(999)}"`],
      ],
    ],
  ])('%s', async (_, field, traces, expected) => {
    expect(valuesOf(await overview([traces]), field)).toEqual(expected)
  })

  test('twenty values and twelve keys at most, the most frequent, and no key that cannot be written', async () => {
    const traces = Array.from({ length: 60 }, (_, at) => {
      const annotations = new Map(Array.from({ length: 1 + (at % 15) }, (__, key) => [`key ${key + 10}`, at >> 1]))
      return one({ user: `u${at >> 1}`, annotations: new Map([...annotations, ['a]b', 1], ['', 1]]) })
    })
    const found = await overview([traces])
    expect(valuesOf(found, 'user')).toHaveLength(20)
    expect(valuesOf(found, 'user')?.every(([, count]) => count === 2)).toBe(true)
    const keys = found.facets.flatMap(({ field }) => (typeof field === 'object' ? [field.annotation] : []))
    expect(keys).toEqual(Array.from({ length: 12 }, (_, at) => `key ${at + 10}`))
  })

  test('no more than a thousand different values are held, and those are counted on', async () => {
    const traces = Array.from({ length: 2_000 }, (_, at) => one({ user: `u${at}` }))
    const found = await overview([[...traces, ...traces.slice(990, 1_010)]], { limit: 5_000 })
    const often = valuesOf(found, 'user')?.filter(([, count]) => count === 2)
    expect(often?.map(([user]) => user)).toEqual(Array.from({ length: 10 }, (_, at) => `u${at + 990}`))
  })

  test('fields without values are left out', async () => {
    const fields = (await overview([[one({})]])).facets.map(({ field }) => field)
    expect(fields).toEqual(['service', 'outcome'])
    expect((await overview([[]])).facets).toEqual([])
  })
})

describe('every clause', () => {
  const pieces = [
    '"',
    '\\',
    '\\"',
    ' ',
    '\n',
    '{',
    '}',
    ')',
    '[',
    "'",
    '?',
    '#',
    '%',
    '*',
    '\0',
    'AND',
    '😀',
    '\ud800',
    'é',
  ]
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(...pieces, 'a', 'true', '1', '__proto__'), minLength: 1, maxLength: 6 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }),
    fc.constantFrom('\\'.repeat(1_500), '"'.repeat(998), '😀'.repeat(1_001), `${'/x'.repeat(600)}?y`),
  )
  const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined })
  const annotation = fc.oneof(text, fc.double(), fc.integer(), fc.boolean())
  const trace = fc.record({
    names: fc.array(text, { minLength: 2, maxLength: 2 }),
    flags: fc.subarray(['fault', 'error', 'throttle']),
    http: fc.record({ url: maybe(text), method: maybe(text), status: maybe(fc.constantFrom(99, 200, 404, 429)) }),
    users: fc.array(text, { minLength: 2, maxLength: 2 }),
    annotations: fc.array(fc.tuple(text, annotation), { maxLength: 4 }),
    inner: fc.array(fc.tuple(text, fc.constantFrom('aws', 'remote')), { maxLength: 2 }),
    orphan: maybe(text),
  })
  type Drawn = typeof trace extends fc.Arbitrary<infer T> ? T : never

  function drawnFacts({ names, flags, http, users, annotations, inner, orphan }: Drawn): TraceFacts {
    const said = Object.fromEntries(Object.entries(http).filter(([, value]) => value !== undefined))
    const called = inner.map(([name, namespace], at) => {
      return anEntity(`c${at}`, { name, namespace, annotations: new Map(annotations.slice(2)) })
    })
    const [first = '', second = ''] = names
    const [one_ = '', two = ''] = users
    const lost = orphan === undefined ? [] : [subsegment('e', 'ff', { name: orphan, namespace: 'remote' })]
    return factsOf([
      segment('a', {
        name: first,
        user: one_,
        http: said,
        subsegments: called,
        annotations: new Map(annotations.slice(0, 2)),
        ...Object.fromEntries(flags.map((flag) => [flag, true])),
      }),
      segment('b', { name: second, user: two, parent: 'c0' }),
      ...lost,
    ])
  }

  test('reads as an expression that as many traces satisfy as were counted, alone, negated and joined', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(trace, { minLength: 1, maxLength: 6 }), async (drawn) => {
        const traces = drawn.map(drawnFacts)
        const { facets } = await overview([traces])
        expect(facets.length).toBeGreaterThan(1)
        for (const { field, values } of facets) {
          for (const { value, count, clause } of values) {
            const satisfied = traces.filter(holds(clause)).length
            // A plain name selects nodes by the names that their callers use, too.
            if (field === 'service') expect(satisfied, clause).toBeGreaterThanOrEqual(count)
            else expect(satisfied, `${clause} for ${value}`).toBe(count)
            expect(traces.filter(holds(`!${clause}`)), clause).toHaveLength(traces.length - satisfied)
            expect(traces.filter(holds(`${clause} AND fault AND !fault`)), clause).toHaveLength(0)
          }
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('the heat map', () => {
  const at = (start: number, took: number, more: EntityFields = {}) => one({ start, end: start + took, ...more })

  test.each<[string, readonly TraceFacts[], readonly number[], readonly (readonly number[])[]]>([
    ['nothing', [], [], []],
    ['less than a millisecond is in the first row', [at(0, 0)], [0.001], [[0, 0, 1, 0, 0, 0]]],
    [
      'rows begin at their bounds, which double',
      [at(5, 0.001), at(5, 0.002), at(5, 0.003), at(5, 0.004), at(5, 0.007)],
      [0.001, 0.002, 0.004],
      [
        [0, 0, 1, 0, 0, 0],
        [0, 1, 2, 0, 0, 0],
        [0, 2, 2, 0, 0, 0],
      ],
    ],
    [
      'columns are equal, and what began outside is in the first or last',
      [at(9.9, 0), at(10, 0), at(99.9, 0), at(-50, 0), at(200, 0)],
      [0.001],
      [
        [0, 0, 2, 0, 0, 0],
        [1, 0, 1, 0, 0, 0],
        [9, 0, 2, 0, 0, 0],
      ],
    ],
    [
      'what went wrong',
      [at(0, 0, { fault: true }), at(0, 0, { error: true, throttle: true }), at(0, 0)],
      [0.001],
      [[0, 0, 3, 1, 1, 1]],
    ],
  ])('%s', async (_, traces, rows, cells) => {
    const { rowSeconds, cells: found } = await overview([traces])
    expect(rowSeconds).toEqual(rows)
    expect(found.map((cell) => [cell.column, cell.row, cell.traces, cell.faults, cell.errors, cell.throttles])).toEqual(
      cells,
    )
  })

  test('absurd durations make no more rows than forty', async () => {
    const { rowSeconds, cells } = await overview([[at(0, 1e300), at(-1e308, 1.7e308)]])
    expect(rowSeconds).toHaveLength(40)
    expect(cells).toMatchObject([{ column: 0, row: 39, traces: 2 }])
  })
})

describe('says how far it came', () => {
  const some = (count: number) => Array.from({ length: count }, (_, nth) => one(nth % 2 === 0 ? {} : { fault: true }))
  const filter = { expression: { kind: 'flag', keyword: 'fault' }, needsWholeDocuments: false } as const

  test.each<[string, Parameters<typeof overview>, object]>([
    ['all', [[some(4), [], some(2)]], { scanned: 6, matched: 6, isComplete: true, upToSeconds: T0 }],
    ['those that match', [[some(4)], { filter }], { scanned: 4, matched: 2, isComplete: true }],
    ['a limit inside a batch', [[some(4)], { limit: 3 }], { scanned: 3, isComplete: false, upToSeconds: T0 + 97 }],
    ['a limit that is just enough', [[some(4), []], { limit: 4 }], { scanned: 4, isComplete: true, upToSeconds: T0 }],
    [
      'a limit at the end of a batch',
      [[some(4), some(1)], { limit: 4 }],
      { scanned: 4, isComplete: false, upToSeconds: T0 + 96 },
    ],
    ['time that is up inside a batch', [[some(9)], {}, 1], { scanned: 3, isComplete: false, upToSeconds: T0 + 97 }],
    [
      'time that is up before anything was found',
      [[[], [], some(1)], {}, 2],
      { scanned: 0, isComplete: false, read: 2 },
    ],
    ['time that is up when all is done', [[some(1)], {}, 9], { scanned: 1, isComplete: true }],
    ['a slow batch: one trace of it', [[some(5), some(5)], {}, 3], { scanned: 1, isComplete: false, read: 1 }],
  ])('%s', async (_, asked, expected) => {
    expect(await overview(...asked)).toMatchObject(expected)
  })
})
