import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { assemble } from '../../src/model/assemble.ts'
import { currentDocuments } from '../../src/model/current-documents.ts'
import type { IncomingDocument, StoredDocument } from '../../src/model/document.ts'
import type { EntityId, TraceId } from '../../src/model/ids.ts'
import type { Tenant } from '../../src/model/tenant.ts'
import { createMemoryStore } from '../../src/store/memory/memory-store.ts'
import type { TraceStore } from '../../src/store/store.ts'
import type { TraceRow } from '../../src/store/trace-row.ts'
import { readSegmentDocument } from '../../src/wire/xray/read-segment-document.ts'
import {
  type Call,
  call,
  document,
  entityId,
  newTenant,
  nextStamp,
  NOW_SECONDS,
  traceId,
  writeSpoolFile,
} from './spool-file.ts'
import type { Test, UnderTest } from './store.ts'
import { span, traceRow } from './trace-row.ts'

const SEED = Number(process.env['RADIOGRAPH_TEST_SEED'] ?? Date.now() % 2 ** 31)
const RUNS = 15
/** A busy machine does fewer, rather than fail. */
const ENOUGH_MS = 30_000
const WEEK_SECONDS = 7 * 86_400

/** Whatever the order in which things come, the answers are those of the memory engine. */
export function describeConvergence(test: Test, under: UnderTest): void {
  describe('whatever the order', () => {
    test('random rows in random files, replayed and mixed: the answers are those of the memory engine', async () => {
      console.log(`RADIOGRAPH_TEST_SEED=${SEED}`)
      await fc.assert(
        fc.asyncProperty(history, async (drawn) => compareWithMemory(under, drawn)),
        { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: ENOUGH_MS },
      )
    })

    test('every arrival order of an open and a complete segment, two streamed subsegments and a downstream segment', async () => {
      const pieces = story()
      const orders = permutations(pieces.map((_, position) => position))
      const tenants = orders.map(() => newTenant())
      // One file holds the next piece of every order, so five inserts serve all of them.
      for (const step of pieces.keys()) {
        const calls = orders.map((order, position) => {
          const piece = pieces[order[step] ?? 0]
          return call(tenants[position] ?? newTenant(), piece === undefined ? [] : [piece])
        })
        await under.insert(...calls)
      }
      const id = pieces[0]?.traceId ?? traceId()
      for (const merged of [false, true]) {
        if (merged) await under.settle()
        const traces = new Set<string>()
        for (const tenant of tenants) traces.add(JSON.stringify(await assembled(under.store, tenant, id)))
        expect([...traces]).toHaveLength(1)
        expect(JSON.parse([...traces][0] ?? '')).toMatchObject({
          revision: 5,
          roots: [
            { kind: 'segment', entity: { name: 'web', subsegments: [{ name: 'call' }, { name: 'save' }] } },
            { kind: 'segment', entity: { name: 'api' } },
          ],
        })
      }
    })
  })
}

async function assembled(store: TraceStore, tenant: Tenant, id: TraceId): Promise<unknown> {
  const stored = (await store.read(tenant, [id])).get(id)
  return assemble(
    id,
    stored?.calls.length ?? 0,
    currentDocuments(stored?.documents ?? []).map((one) => ({
      document: readSegmentDocument(one.raw),
      received: one.received,
    })),
  )
}

/** The web segment as it begins and as it ends, its two streamed subsegments, and the segment of the api it calls. */
function story(): readonly IncomingDocument[] {
  const ids = { trace: traceId(), web: entityId(), call: entityId(), save: entityId(), api: entityId() }
  const one = (fields: Partial<IncomingDocument> & { id: EntityId; name: string }, start: number): IncomingDocument => {
    const base = document({ traceId: ids.trace, startTime: NOW_SECONDS + start, ...fields })
    const raw = {
      trace_id: base.traceId,
      id: base.id,
      name: base.name,
      start_time: base.startTime,
      ...(base.complete ? { end_time: base.startTime + 0.5 } : { in_progress: true }),
      ...(base.parentId === undefined ? {} : { parent_id: base.parentId }),
      ...(base.kind === 'subsegment' ? { type: 'subsegment', namespace: 'remote' } : {}),
    }
    return { ...base, raw: JSON.stringify(raw) }
  }
  return [
    one({ id: ids.web, name: 'web', complete: false }, 0),
    one({ id: ids.web, name: 'web' }, 0),
    one({ id: ids.call, name: 'call', kind: 'subsegment', parentId: ids.web }, 0.1),
    one({ id: ids.save, name: 'save', kind: 'subsegment', parentId: ids.web }, 0.2),
    one({ id: ids.api, name: 'api', parentId: ids.call }, 0.15),
  ]
}

function permutations(items: readonly number[]): number[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((first) => permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]))
}

/** Few traces and entities, so that copies collide; starts at the places where rules change. */
const row = fc.record({
  trace: fc.nat(4),
  entity: fc.nat(3),
  kind: fc.constantFrom('segment', 'subsegment'),
  complete: fc.boolean(),
  startSeconds: fc.constantFrom(0, 0.5, -1, -3600, 3599.999999, -86_400, WEEK_SECONDS, -WEEK_SECONDS - 1, -4e6, 4e5),
})

const history = fc.record({
  calls: fc.array(fc.array(row, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
  /** For each file, which calls are in it; every call is in the last file. */
  files: fc.array(fc.array(fc.nat(7), { minLength: 1, maxLength: 4 }), { maxLength: 3 }),
  epochs: fc.array(fc.constantFrom(0, 30, WEEK_SECONDS, -WEEK_SECONDS, WEEK_SECONDS + 1, 1e9), {
    minLength: 5,
    maxLength: 5,
  }),
  rows: fc.array(
    fc.record({
      trace: fc.nat(4),
      timeSeconds: fc.constantFrom(0, 0, 1, -60, 1, 86_400, 90_000),
      version: fc.nat(9),
      obsolete: fc.boolean(),
      spans: fc.array(
        fc.tuple(fc.constantFrom(-3600, -1, 0, 0.5, 1, 1e9), fc.constantFrom(-5, 0, 0.5, 1, 90_000, undefined)),
        { maxLength: 3 },
      ),
    }),
    { maxLength: 12 },
  ),
  settle: fc.boolean(),
  limit: fc.integer({ min: 1, max: 3 }),
})

type History = typeof history extends fc.Arbitrary<infer T> ? T : never

async function compareWithMemory(under: UnderTest, drawn: History): Promise<void> {
  const tenant = newTenant()
  const ids = drawn.epochs.map((epoch) => traceId(NOW_SECONDS + epoch))
  const entities = [1, 2, 3, 4].map((number) => entityId(number))
  const calls = drawn.calls.map((rows) =>
    call(
      tenant,
      rows.map(({ trace, entity, startSeconds, ...fields }) =>
        document({
          ...fields,
          traceId: ids[trace] ?? traceId(),
          id: entities[entity] ?? entityId(),
          startTime: NOW_SECONDS + startSeconds,
        }),
      ),
    ),
  )
  await using memory = createMemoryStore()
  await memory.open()
  await memory.insert(await writeSpoolFile(under.directory, calls))

  const isCall = (one: Call | undefined): one is Call => one !== undefined
  for (const file of drawn.files) {
    const some = file.map((position) => calls[position]).filter(isCall)
    if (some.length > 0) await under.insert(...some)
  }
  await under.insert(...calls.toReversed())
  for (const [rows, obsolete] of writesOf(drawn, tenant, ids)) {
    await memory.writeRows(rows, obsolete)
    await under.store.writeRows(rows, obsolete)
  }
  if (drawn.settle) await under.settle()

  expect(await answers(under.store, tenant, ids, drawn.limit)).toEqual(await answers(memory, tenant, ids, drawn.limit))
}

/** The rows in two writes. No two of one trace and time have one version: stamps are unique. */
function writesOf(
  drawn: History,
  tenant: Tenant,
  ids: readonly TraceId[],
): readonly (readonly [readonly TraceRow[], readonly TraceRow[]])[] {
  const base = nextStamp()
  const rows = drawn.rows.map((row, at) => ({
    obsolete: row.obsolete,
    row: traceRow({
      tenant,
      id: ids[row.trace] ?? traceId(),
      timeSeconds: NOW_SECONDS + row.timeSeconds,
      version: base + row.version * 20 + at,
      spans: row.spans.map(([start, end]) => span(start, end)),
    }),
  }))
  const half = Math.ceil(rows.length / 2)
  return [rows.slice(0, half), rows.slice(half)].map((some) => [
    some.filter(({ obsolete }) => !obsolete).map(({ row: one }) => one),
    some.filter(({ obsolete }) => obsolete).map(({ row: one }) => one),
  ])
}

const byValue = (a: number, b: number): number => a - b

/** Everything that a caller can learn of these traces. */
async function answers(store: TraceStore, tenant: Tenant, ids: readonly TraceId[], limit: number): Promise<unknown> {
  const read = await store.read(tenant, ids)
  const traces = ids.map((id) => {
    const trace = read.get(id)
    return {
      id,
      calls: trace?.calls.toSorted(byValue),
      documents: currentDocuments(trace?.documents ?? ([] as StoredDocument[])),
    }
  })
  const tracks = await store.track(tenant, ids)
  const calls = ids.map((id) => tracks.get(id)?.calls.toSorted(byValue) ?? [])
  const found = []
  for (const kind of ['trace-time', 'event', 'service'] as const) {
    const all = await store.findTraces(tenant, { kind, fromSeconds: 0, toSeconds: 2 ** 32, limit: 100 })
    const [first] = all
    const windows = [
      { kind, fromSeconds: NOW_SECONDS - 3600, toSeconds: NOW_SECONDS + 3600, limit },
      { kind, fromSeconds: NOW_SECONDS, toSeconds: NOW_SECONDS + 1, limit: 100 },
      { kind, fromSeconds: NOW_SECONDS + 1, toSeconds: 2 ** 32, limit },
      { kind, fromSeconds: 0, toSeconds: 2 ** 32, limit, ...(first === undefined ? {} : { after: first }) },
    ]
    const pages = []
    for (const window of windows) {
      pages.push(await store.findTraces(tenant, window), await store.countTraces(tenant, window))
    }
    found.push({ kind, all, pages })
  }
  return { traces, calls, found }
}
