import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EVERYTHING } from '../../test/fixtures/assembly-documents.ts'
import { type Assembly, memoryMark, startAssembly } from '../../test/fixtures/assembly.ts'
import { type ExpectedTrace, expectedTraces, selects, type SentDocument } from '../../test/fixtures/expected-traces.ts'
import { readTraceId } from '../model/ids.ts'
import type { TraceId } from '../model/ids.ts'
import { processedDocuments } from '../model/processed-documents.ts'
import type { Tenant } from '../model/tenant.ts'
import type { TraceQueries } from '../query/traces.ts'
import { createChdbEngine } from '../store/chdb/chdb-engine.ts'
import { createMemoryStore } from '../store/memory/memory-store.ts'
import { createSqlStore } from '../store/sql/sql-store.ts'
import type { TraceStore, TraceWindow } from '../store/store.ts'
import type { ObsoleteRow, TraceRow } from '../store/trace-row.ts'
import { searchFactsOfText } from '../wire/xray/find-search-facts.ts'
import { readSegmentDocument } from '../wire/xray/read-segment-document.ts'
import { reindexTraces } from './reindex-traces.ts'

const SEED = Number(process.env['RADIOGRAPH_TEST_SEED'] ?? Date.now() % 2 ** 31)
/** What has failed by then is told, though it could be said more simply. */
const LIMITS = { seed: SEED, interruptAfterTimeLimit: 20_000 }
const NOW_MS = 1_800_000_000_000
const NOW = NOW_MS / 1000
/** The last two are as W3C clients make them, whose first digits are no time. */
const EPOCHS = [NOW, NOW - 10, 0xdead_beef, 0xdead_bee0]
const FAR_OFF = -90 * 86_400

/** Few traces and entities, so that copies, parents and times collide. */
const document = fc.record({
  trace: fc.nat(3),
  entity: fc.nat(4),
  parent: fc.option(fc.nat(4), { nil: undefined }),
  subsegment: fc.boolean(),
  complete: fc.boolean(),
  start: fc.constantFrom(0, 0.5, -1, -50, -4_000, 30, FAR_OFF),
  more: fc.constantFrom(
    {},
    { fault: true },
    { user: 'u' },
    { annotations: { a: 1, 'b-c': '"\\\u{1f600}' } },
    { namespace: 'remote', http: { request: { url: 'https://a/', traced: true }, response: { status: 503 } } },
    { aws: { account_id: '111122223333', table_name: 't' }, namespace: 'aws' },
    { error: true, cause: { id: 'c', exceptions: [{ id: 'e', type: 'T', message: 'm' }] }, metadata: { m: { a: 1 } } },
  ),
  inner: fc.option(fc.nat(4), { nil: undefined }),
})

/** Calls and, after some of them, what happens to the process. */
const history = fc.record({
  calls: fc.array(fc.array(document, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
  events: fc.array(fc.constantFrom('nothing', 'nothing', 'flush', 'freshen', 'stop', 'crash', 'refused'), {
    minLength: 8,
    maxLength: 8,
  }),
  memoryLimitBytes: fc.constantFrom(1, 1_300, 2_500, 4_000, 2 ** 26),
  // None fits, two or three do, or all.
  packedLimitBytes: fc.constantFrom(0, 2_000, 2 ** 20),
  markLost: fc.boolean(),
})
type Drawn = typeof document extends fc.Arbitrary<infer T> ? T : never
type History = typeof history extends fc.Arbitrary<infer T> ? T : never

let runs = 0

const entityOf = (number: number): string => (0xa0 + number).toString(16).padStart(16, '0')

function textOf(drawn: Drawn, ids: readonly TraceId[]): string {
  const start = NOW + drawn.start
  const times = drawn.complete ? { start_time: start, end_time: start + 1 } : { start_time: start, in_progress: true }
  const name = `service ${drawn.entity % 3}`
  const inner = drawn.inner === undefined || drawn.inner === drawn.entity ? [] : [drawn.inner]
  return JSON.stringify({
    trace_id: ids[drawn.trace],
    id: entityOf(drawn.entity),
    name,
    ...times,
    ...drawn.more,
    ...(drawn.subsegment ? { type: 'subsegment', parent_id: entityOf(drawn.parent ?? 9) } : {}),
    ...(drawn.subsegment || drawn.parent === undefined ? {} : { parent_id: entityOf(drawn.parent) }),
    subsegments: inner.map((number) => ({ id: entityOf(number + 16), name: 'inner', ...times, ...drawn.more })),
  })
}

/** Lives through a history, of a tenant of its own, and looks at what came of it. */
async function live(under: TraceStore, drawn: History): Promise<void> {
  runs += 1
  const tenant = { account: String(100_000_000_000 + runs), region: 'us-east-1' }
  const ids = EPOCHS.flatMap(
    (epoch, at) => readTraceId(`1-${epoch.toString(16)}-${String(at).padStart(24, '0')}`) ?? [],
  )
  const directory = await mkdtemp(join(tmpdir(), 'radiograph-assembler-'))
  const { store, written, refuse } = noting(under)
  const mark = memoryMark()
  const lastStamp = await store.lastStamp()
  mark.value = lastStamp
  // A clock of its own, ahead of what the store knows, so that it is known which stamps documents get.
  let nowMs = NOW_MS + runs * 2_000
  const now = (): number => nowMs
  const begin = (): Promise<Assembly> =>
    startAssembly(store, {
      directory,
      mark,
      now,
      memoryLimitBytes: drawn.memoryLimitBytes,
      packedLimitBytes: drawn.packedLimitBytes,
    })
  let assembly = await begin()
  const sent: SentDocument[] = []
  for (const [call, documents] of drawn.calls.entries()) {
    const event = drawn.events[call]
    if (event === 'refused') {
      await assembly.assembler.flush()
      refuse(call % 2)
    }
    // Far enough for the stamps that a restart leaves out.
    nowMs += 100
    const texts = documents.map((one) => textOf(one, ids))
    const received = nowMs * 1_000
    sent.push(...texts.map((text, at) => ({ call, received: received + at, document: readSegmentDocument(text) })))
    expect((await assembly.ingest.accept(tenant, texts, 'http')).rejections).toEqual([])
    if (event === 'refused') {
      await expect(assembly.assembler.flush()).rejects.toThrow(AWAY)
      refuse(undefined)
    }
    if (event === 'flush') await assembly.assembler.flush()
    if (event === 'freshen') await assembly.spool.freshen()
    if (event !== 'stop' && event !== 'crash') continue
    await (event === 'stop' ? assembly.stop() : assembly.crash())
    if (drawn.markLost) mark.value = lastStamp
    assembly = await begin()
  }

  const expected = expectedTraces(sent, NOW)
  await compare(assembly.queries, tenant, expected)
  expectRows(written(tenant), expected)
  expect(assembly.errors.filter(({ message }) => message !== AWAY)).toEqual([])

  const before = written(tenant)
  await reindexTraces({
    store,
    searchFacts: searchFactsOfText,
    version: (await store.lastStamp()) + 1,
    onProgress: () => undefined,
  })
  const anew = written(tenant)
  expect(anew.map(plainRow)).toEqual(before.map(plainRow))
  // Each of them was made anew.
  expect(anew.filter(({ version }, at) => version <= (before[at]?.version ?? 0))).toEqual([])
  expectRows(anew, expected)
  await compare(assembly.queries, tenant, expected)

  await assembly.stop()
  await rm(directory, { recursive: true, force: true })
}

/** All that a reader can ask. */
async function compare(queries: TraceQueries, tenant: Tenant, expected: readonly ExpectedTrace[]): Promise<void> {
  const page = await queries.summaries(tenant, { ...EVERYTHING, limit: 100 })
  expect(page.summaries).toEqual(expected.map(({ summary }) => ({ summary })))
  expect(await queries.count(tenant, EVERYTHING)).toBe(expected.length)
  const traces = await queries.traces(
    tenant,
    expected.map(({ id }) => id),
  )
  expect(traces.map((trace) => [trace.id, processedDocuments(trace)])).toEqual(
    expected.map(({ id, documents }) => [id, documents]),
  )
  for (const window of WINDOWS) {
    const found = await queries.summaries(tenant, { ...window, limit: 100 })
    expect(
      found.summaries.map(({ summary, matchedEventSeconds }) => [summary.id, matchedEventSeconds]),
      JSON.stringify(window),
    ).toEqual(
      expected.flatMap((trace) => {
        const { matched, matchedEventSeconds } = selects(window, trace)
        return matched ? [[trace.id, matchedEventSeconds]] : []
      }),
    )
  }
}

const WINDOWS = (['trace-time', 'event', 'service'] as const).flatMap((kind): readonly TraceWindow[] => [
  { kind, fromSeconds: NOW - 1, toSeconds: NOW + 0.6 },
  { kind, fromSeconds: NOW - 60, toSeconds: NOW - 20 },
  { kind, fromSeconds: NOW + FAR_OFF, toSeconds: NOW - 3_999.5 },
])

/** The rows are those of the present documents, and say at least what these say for searches. */
function expectRows(rows: readonly TraceRow[], expected: readonly ExpectedTrace[]): void {
  expect(rows.map(({ id, timeSeconds, spans }) => ({ id, timeSeconds, spans: inOrder(spans) }))).toEqual(
    expected.map(({ id, timeSeconds, spans }) => ({ id, timeSeconds, spans: inOrder(spans) })),
  )
  for (const [at, { hasSegment, facts, allFacts }] of expected.entries()) {
    const { names = [], terms = [], urls = [], lastEndUs = -Infinity } = rows[at] ?? {}
    const said = new Set([...names, ...terms, ...urls])
    expect(facts.texts.filter((text) => !said.has(text))).toEqual([])
    expect([...said].filter((text) => !allFacts.texts.includes(text))).toEqual([])
    expect(new Set(names).size + new Set(terms).size + new Set(urls).size).toBe(
      names.length + terms.length + urls.length,
    )
    // Orphans may claim any time, and say nothing of the end.
    expect(lastEndUs).toBeGreaterThanOrEqual(hasSegment ? facts.lastEnd * 1e6 : -Infinity)
    expect(lastEndUs).toBeLessThanOrEqual(hasSegment ? allFacts.lastEnd * 1e6 : -Infinity)
  }
}

/** A row without its version, and without what may be more than is true. */
function plainRow({ id, timeSeconds, spans }: TraceRow): unknown {
  return { id, timeSeconds, spans: inOrder(spans) }
}

const inOrder = (spans: TraceRow['spans']): readonly string[] => spans.map((span) => JSON.stringify(span)).toSorted()

const AWAY = 'the store is away'

/** Notes which rows hold, and may refuse to store more than a few of them. */
function noting(under: TraceStore): {
  readonly store: TraceStore
  /** Newest first. */
  readonly written: (tenant: Tenant) => readonly TraceRow[]
  /** Keeps so many rows of each write and rejects; undefined ends that. */
  readonly refuse: (stored: number | undefined) => void
} {
  const rows = new Map<string, TraceRow>()
  let kept: number | undefined
  const placeOf = ({ tenant, id, timeSeconds }: ObsoleteRow): string => `${tenant.account} ${id} ${timeSeconds}`
  const store: TraceStore = {
    ...under,
    async writeRows(all, allObsolete) {
      const [added, obsolete] = [all.slice(0, kept), allObsolete.slice(0, kept)]
      await under.writeRows(added, obsolete)
      for (const row of obsolete) rows.delete(placeOf(row))
      for (const row of added) rows.set(placeOf(row), row)
      if (kept !== undefined) throw new Error(AWAY)
    },
  }
  const written = ({ account }: Tenant): readonly TraceRow[] =>
    [...rows.values()]
      .filter(({ tenant }) => tenant.account === account)
      .toSorted((a, b) => b.timeSeconds - a.timeSeconds || (a.id < b.id ? 1 : -1))
  return { store, written, refuse: (stored) => (kept = stored) }
}

describe('random documents in any batches, with restarts: rows, summaries and traces are those of all at once', () => {
  test(`memory, seed ${SEED}`, async () => {
    const property = fc.asyncProperty(history, async (drawn) => {
      await using store = createMemoryStore()
      await store.open()
      await live(store, drawn)
    })
    await fc.assert(property, { ...LIMITS, numRuns: 150 })
  }, 30_000)

  test(`chdb, seed ${SEED}`, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'radiograph-assembler-'))
    await using store = createSqlStore(createChdbEngine({ directory }))
    await store.open()
    await fc.assert(
      fc.asyncProperty(history, async (drawn) => live(store, drawn)),
      { ...LIMITS, numRuns: 8 },
    )
    await rm(directory, { recursive: true, force: true })
  }, 30_000)
})
