import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Assembly, memoryMark, startAssembly } from '../../test/fixtures/assembly.ts'
import { assemble } from '../model/assemble.ts'
import { readTraceId } from '../model/ids.ts'
import type { TraceId } from '../model/ids.ts'
import { processedDocuments } from '../model/processed-documents.ts'
import { summarize } from '../model/summarize.ts'
import { createChdbEngine } from '../store/chdb/chdb-engine.ts'
import { createMemoryStore } from '../store/memory/memory-store.ts'
import { createSqlStore } from '../store/sql/sql-store.ts'
import type { TraceStore } from '../store/store.ts'
import { createTraceQueries } from '../query/create-trace-queries.ts'
import { readSegmentDocument } from '../wire/xray/read-segment-document.ts'
import { readSummaryText, writeSummaryText } from '../wire/xray/summary-text.ts'
import { reindexTraces } from './reindex-traces.ts'
import { readStoredOutline } from '../wire/xray/read-stored-outline.ts'

const SEED = Number(process.env['RADIOGRAPH_TEST_SEED'] ?? Date.now() % 2 ** 31)
const NOW_MS = 1_800_000_000_000
const NOW = NOW_MS / 1000
const EPOCHS = [NOW, NOW - 10, 0xdead_beef, 0xdead_bee0]
const EVERYTHING = { kind: 'trace-time', fromSeconds: 0, toSeconds: 2 ** 32 } as const

/** Few traces and entities, so that copies, parents and times collide. */
const document = fc.record({
  trace: fc.nat(3),
  entity: fc.nat(4),
  parent: fc.option(fc.nat(4), { nil: undefined }),
  subsegment: fc.boolean(),
  complete: fc.boolean(),
  start: fc.constantFrom(0, 0.5, -1, -50, -4_000, 30),
  more: fc.constantFrom({}, { fault: true }, { user: 'u' }, { annotations: { a: 1 } }, { namespace: 'remote' }),
  inner: fc.option(fc.nat(4), { nil: undefined }),
})

/** Calls and, after some of them, what happens to the process. */
const history = fc.record({
  calls: fc.array(fc.array(document, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
  events: fc.array(fc.constantFrom('nothing', 'nothing', 'flush', 'freshen', 'stop', 'crash'), {
    minLength: 8,
    maxLength: 8,
  }),
  memoryLimitBytes: fc.constantFrom(1, 3_000, 2 ** 26),
  markLost: fc.boolean(),
})
type Drawn = typeof document extends fc.Arbitrary<infer T> ? T : never
type History = typeof history extends fc.Arbitrary<infer T> ? T : never

let runs = 0

/** Ids of a run are its own, so that runs share a store. */
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
    subsegments: inner.map((number) => ({ id: entityOf(number + 16), name: 'inner', ...times })),
  })
}

async function live(store: TraceStore, drawn: History): Promise<void> {
  runs += 1
  const tenant = { account: String(100_000_000_000 + runs), region: 'us-east-1' }
  const ids = EPOCHS.flatMap(
    (epoch, at) => readTraceId(`1-${epoch.toString(16)}-${String(at).padStart(24, '0')}`) ?? [],
  )
  const directory = await mkdtemp(join(tmpdir(), 'radiograph-assembler-'))
  const mark = memoryMark()
  // A clock of its own, so that stamps are those of the calls.
  let nowMs = NOW_MS
  const now = (): number => nowMs
  const begin = (): Promise<Assembly> =>
    startAssembly(store, { directory, mark, now, memoryLimitBytes: drawn.memoryLimitBytes })
  let assembly = await begin()
  const sent: { readonly call: number; readonly text: string }[] = []
  for (const [call, documents] of drawn.calls.entries()) {
    nowMs += 1
    const texts = documents.map((one) => textOf(one, ids))
    expect((await assembly.ingest.accept(tenant, texts, 'http')).rejections).toEqual([])
    sent.push(...texts.map((text) => ({ call, text })))
    const event = drawn.events[call]
    if (event === 'flush') await assembly.assembler.flush()
    if (event === 'freshen') await assembly.spool.freshen()
    if (event !== 'stop' && event !== 'crash') continue
    await (event === 'stop' ? assembly.stop() : assembly.crash())
    if (drawn.markLost) mark.value = 0
    assembly = await begin()
  }
  await assembly.assembler.flush()
  const errors = assembly.errors.map(({ message }) => message)
  expect(errors).toEqual([])

  const expected = expectedTraces(sent, ids)
  const rows = (await store.findSummaries(tenant, { ...EVERYTHING, limit: 100 })).map(
    ({ id, summary }) => [id, readSummaryText(summary)] as const,
  )
  expect(new Map(rows)).toEqual(new Map(expected.map(({ id, summary }) => [id, summary])))
  expect(rows).toHaveLength(expected.length)
  expect(await store.countTraces(tenant, EVERYTHING)).toBe(expected.length)

  const queries = createTraceQueries({
    store,
    readDocument: readSegmentDocument,
    freshen: () => assembly.spool.freshen(),
    freshenRows: () => assembly.assembler.flush(),
  })
  const traces = await queries.traces(tenant, ids)
  expect(traces.map((trace) => [trace.id, processedDocuments(trace)])).toEqual(
    expected.map(({ id, documents }) => [id, documents]),
  )
  await assembly.stop()

  const before = await store.findSummaries(tenant, { ...EVERYTHING, limit: 100 })
  await reindexTraces({
    store,
    readOutline: readStoredOutline,
    writeSummary: writeSummaryText,
    version: (await store.lastStamp()) + 1,
    nowSeconds: NOW,
    onProgress: () => undefined,
    onError: (error) => expect(error).toBeUndefined(),
  })
  expect(await store.findSummaries(tenant, { ...EVERYTHING, limit: 100 })).toEqual(before)
  await rm(directory, { recursive: true, force: true })
}

/** What comes of the documents when they come all at once, and nothing ever happens. */
function expectedTraces(sent: readonly { readonly call: number; readonly text: string }[], ids: readonly TraceId[]) {
  return ids.flatMap((id) => {
    const mine = sent
      .map(({ call, text }, received) => ({
        call,
        document: readSegmentDocument(text),
        received: NOW_MS * 1000 + received,
      }))
      .filter(({ document: { traceId } }) => traceId === id)
    if (mine.length === 0) return []
    const trace = assemble(id, new Set(mine.map(({ call }) => call)).size, mine)
    const summary = readSummaryText(writeSummaryText(summarize(trace, NOW)))
    return [{ id, summary, documents: processedDocuments(trace) }]
  })
}

describe('random documents in any batches, with restarts: the rows, and the traces, are those of all at once', () => {
  test(`memory, seed ${SEED}`, async () => {
    const property = fc.asyncProperty(history, async (drawn) => {
      await using store = createMemoryStore()
      await store.open()
      await live(store, drawn)
    })
    await fc.assert(property, { seed: SEED, numRuns: 60 })
  })

  test(`chdb, seed ${SEED}`, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'radiograph-assembler-'))
    await using store = createSqlStore(createChdbEngine({ directory }))
    await store.open()
    await fc.assert(
      fc.asyncProperty(history, async (drawn) => live(store, drawn)),
      { seed: SEED, numRuns: 8 },
    )
    await rm(directory, { recursive: true, force: true })
  })
})
