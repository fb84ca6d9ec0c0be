import fc from 'fast-check'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { MinuteKeeper } from '../../src/ingest/graph-minutes.ts'
import { Stamps } from '../../src/ingest/stamps.ts'
import { graphsByPeriod, serviceGraph } from '../../src/model/graph/service-graph.ts'
import type { Tenant } from '../../src/model/tenant.ts'
import { indexTrace } from '../../src/model/trace-index.ts'
import { createMinuteCounter } from '../../src/query/count-minute.ts'
import { createGraphQueries } from '../../src/query/graph-queries.ts'
import type { GraphQueries } from '../../src/query/graphs.ts'
import { createChdbEngine } from '../../src/store/chdb/chdb-engine.ts'
import type { GraphMinutes } from '../../src/store/graph-minutes.ts'
import { createMemoryGraphMinutes } from '../../src/store/memory/memory-graph-minutes.ts'
import { createMemoryStore } from '../../src/store/memory/memory-store.ts'
import { createSqlGraphMinutes } from '../../src/store/sql/graph-minutes.ts'
import { createSqlStore } from '../../src/store/sql/sql-store.ts'
import type { TraceStore } from '../../src/store/store.ts'
import { readOutline } from '../../src/wire/xray/read-outline.ts'
import { readSegmentDocument } from '../../src/wire/xray/read-segment-document.ts'
import { type Assembly, startAssembly } from '../fixtures/assembly.ts'
import { graphWorkload, WORKLOAD_SECONDS, WORKLOAD_START, workloadTraces } from '../fixtures/graph-workload.ts'
import { newTenant } from './spool-file.ts'

type Engine = { readonly store: TraceStore; readonly minutes: GraphMinutes; readonly close: () => Promise<void> }

const whole = { fromSeconds: WORKLOAD_START - 60, toSeconds: WORKLOAD_START + 3_600 }

/** How many runs there are, and how many current minutes they have to meet; few runs may meet none. */
const engines: readonly (readonly [name: string, runs: number, current: number, start: () => Promise<Engine>])[] = [
  [
    'memory',
    60,
    10,
    async () => {
      const minutes = createMemoryGraphMinutes()
      return { store: createMemoryStore(minutes.onRows), minutes, close: async () => {} }
    },
  ],
  [
    'chdb',
    6,
    0,
    async () => {
      const directory = await mkdtemp(join(tmpdir(), 'radiograph-kept-'))
      const engine = createChdbEngine({ directory })
      const close = () => rm(directory, { recursive: true, force: true })
      return { store: createSqlStore(engine), minutes: createSqlGraphMinutes(engine), close }
    },
  ],
]

describe.each(engines)('graphs from kept minutes, while documents come late: %s', (_, numRuns, least, start) => {
  let engine: Engine
  let assembly: Assembly
  let keeper: MinuteKeeper
  /** One for all tests, since it remembers. */
  let kept: GraphQueries
  const errors: Error[] = []
  const stamps = new Stamps(0)

  beforeAll(async () => {
    engine = await start()
    await engine.store.open()
    // A keeper that begins anew has to find what another was told of.
    const told: TraceStore = {
      ...engine.store,
      async writeRows(rows, obsolete) {
        await engine.store.writeRows(rows, obsolete)
        keeper.touched(rows)
      },
    }
    assembly = await startAssembly(told)
    keeper = newKeeper()
    kept = createGraphQueries({ ...reading(), minutes: engine.minutes, offer: (counted) => keeper.offer(counted) })
  }, 60_000)
  afterAll(async () => {
    await keeper?.close()
    await assembly?.stop()
    await engine?.store[Symbol.asyncDispose]()
    await engine?.close()
  })

  const reading = () => ({
    store: assembly.store,
    readDocument: readSegmentDocument,
    readOutline,
    freshen: () => assembly.spool.freshen(),
    freshenRows: () => assembly.assembler.flush(),
    now: () => Date.now() / 1000,
  })

  const newKeeper = (): MinuteKeeper =>
    new MinuteKeeper({
      minutes: engine.minutes,
      count: createMinuteCounter(reading()),
      freshen: async () => {
        await assembly.assembler.flush()
        await assembly.spool.freshen()
      },
      newStamp: () => stamps.take(1, Date.now()),
      watch: () => () => false,
      isAsked: () => false,
      quietMs: 20_000,
      now: Date.now,
      onError: (error) => errors.push(error),
    })

  const expectSame = async (tenant: Tenant, startSeconds: number, endSeconds: number): Promise<void> => {
    const window = { startSeconds, endSeconds }
    const indexes = (await assembly.queries.traces(tenant, workloadTraces)).map(indexTrace)
    const counted = createGraphQueries(reading())
    const graph = serviceGraph(indexes, window)
    expect(await kept.serviceGraph(tenant, { window }), 'kept').toEqual(graph)
    expect(await counted.serviceGraph(tenant, { window }), 'counted').toEqual(graph)
    for (const periodSeconds of [60, 300]) {
      const periods = graphsByPeriod(indexes, periodSeconds, window)
      expect(await kept.periods(tenant, { window, periodSeconds }), `kept by ${periodSeconds}`).toEqual(periods)
    }
  }

  test('they are those of the pure function over all traces', { timeout: 120_000 }, async () => {
    const part = fc.record({
      share: fc.nat({ max: 10 }),
      next: fc.constantFrom('nothing', 'settle', 'settle', 'restart'),
      from: fc.integer({ min: -100, max: WORKLOAD_SECONDS }),
      to: fc.integer({ min: 0, max: 2 * WORKLOAD_SECONDS }),
    })
    let current = 0
    await fc.assert(
      fc.asyncProperty(graphWorkload, fc.array(part, { minLength: 1, maxLength: 4 }), async (documents, parts) => {
        const tenant = newTenant()
        let sent = 0
        for (const [place, { share, next, from, to }] of parts.entries()) {
          const end = place === parts.length - 1 ? documents.length : sent + share
          const texts = documents.slice(sent, end).map((one) => JSON.stringify(one))
          sent = Math.max(sent, end)
          await assembly.ingest.accept(tenant, texts, 'http')
          await assembly.assembler.flush()
          if (next === 'restart') {
            await keeper.close()
            keeper = newKeeper()
          }
          if (next !== 'nothing') await keeper.settle()
          const states = await engine.minutes.touched(tenant, whole)
          current += states.filter(({ isCurrent }) => isCurrent).length
          await expectSame(tenant, WORKLOAD_START + Math.min(from, to), WORKLOAD_START + Math.max(from, to) + 0.5)
          await expectSame(tenant, whole.fromSeconds, whole.toSeconds)
        }
      }),
      { numRuns },
    )
    expect(current).toBeGreaterThanOrEqual(least)
    expect([...errors, ...assembly.errors]).toEqual([])
  })

  test('an event is joined with its sender that comes when its minute was kept, and touches it not', async () => {
    const tenant = newTenant()
    const [sender = '', receiver = ''] = workloadTraces
    const send = (fields: object) =>
      assembly.ingest.accept(tenant, [JSON.stringify({ id: '00000000000000a1', ...fields })], 'http')
    const at = (start: number) => ({ start_time: WORKLOAD_START + start, end_time: WORKLOAD_START + start + 1 })
    await send({ trace_id: receiver, name: 'x', ...at(301), links: [{ trace_id: sender, id: '00000000000000b1' }] })
    await assembly.assembler.flush()
    await keeper.settle()
    await send({
      trace_id: sender,
      name: 'y',
      ...at(1),
      subsegments: [{ id: '00000000000000b1', name: 'SNS', namespace: 'aws', ...at(1) }],
    })
    await assembly.assembler.flush()
    await keeper.settle()
    const states = await engine.minutes.touched(tenant, whole)
    expect(states.map(({ isCurrent }) => isCurrent)).toEqual([true, false])
    await expectSame(tenant, whole.fromSeconds, whole.toSeconds)
    const { nodes } = await kept.serviceGraph(tenant, {
      window: { startSeconds: WORKLOAD_START + 300, endSeconds: WORKLOAD_START + 360 },
    })
    expect(nodes.flatMap(({ edges }) => edges).map(({ kind }) => kind)).toEqual(['call', 'link'])
  })

  test('what a question counted is kept for the next one', async () => {
    const tenant = newTenant()
    const [trace_id] = workloadTraces
    const at = (start: number) => ({ start_time: WORKLOAD_START + start, end_time: WORKLOAD_START + start + 70 })
    const send = (id: string, start: number) =>
      assembly.ingest.accept(tenant, [JSON.stringify({ trace_id, id, name: id, ...at(start) })], 'http')
    const current = async () =>
      (await engine.minutes.touched(tenant, whole)).map(({ isCurrent }) => (isCurrent ? 'current' : 'stale'))
    await send('00000000000000a1', 1)
    await assembly.assembler.flush()
    expect(await current()).toEqual(['stale', 'stale'])
    await expectSame(tenant, whole.fromSeconds, WORKLOAD_START + 90)
    await vi.waitFor(async () =>
      expect(await current(), 'but for the one that was not asked for').toEqual(['current', 'stale']),
    )
    await send('00000000000000a2', 61)
    await expectSame(tenant, whole.fromSeconds, whole.toSeconds)
    await vi.waitFor(async () => expect(await current()).toEqual(['current', 'current', 'current']))
    await expectSame(tenant, whole.fromSeconds, whole.toSeconds)
    expect(errors).toEqual([])
  })

  test('minutes that are counted anew are the same', { timeout: 60_000 }, async () => {
    const tenant = newTenant()
    const documents = fc.sample(graphWorkload, { numRuns: 10, seed: 3 }).flat()
    await assembly.ingest.accept(
      tenant,
      documents.map((one) => JSON.stringify(one)),
      'http',
    )
    await assembly.assembler.flush()
    await keeper.settle()
    const before = await engine.minutes.read(tenant, [whole], 60)
    expect(before.size).toBeGreaterThan(3)
    await engine.minutes.clear()
    expect(await engine.minutes.read(tenant, [whole], 60)).toEqual(new Map())
    await keeper.close()
    keeper = newKeeper()
    await keeper.settle()
    expect(await engine.minutes.read(tenant, [whole], 60)).toEqual(before)
  })
})
