import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { assemblerRuns } from '../../test/fixtures/assembler-runs.ts'
import type { Assembly } from '../../test/fixtures/assembly.ts'
import {
  idOf,
  NOW,
  open,
  RANDOM_EPOCH,
  segment,
  shownRows,
  shownSummaries,
} from '../../test/fixtures/assembly-documents.ts'
import type { TraceStore } from '../store/store.ts'

const tenant = { account: '000000000000', region: 'us-east-1' }
const other = { account: '111122223333', region: 'eu-west-1' }
const runs = assemblerRuns()
const { start } = runs

/** What the store has now, whether anybody waits for it or not. */
const rows = (of = tenant) => shownRows(runs.store, of)
/** What a reader is answered. */
const summaries = ({ queries }: Assembly, of = tenant) => shownSummaries(queries, of)

describe('a trace that a call touches', () => {
  test('has its row within a second, without any reader', async () => {
    const { ingest } = await start()
    await ingest.accept(tenant, [segment(idOf(1), 1)], 'http')
    const acknowledged = performance.now()
    while ((await rows()).length === 0 && performance.now() - acknowledged < 3_000) await sleep(10)
    expect(performance.now() - acknowledged).toBeLessThan(1_000)
    expect(await rows()).toEqual([{ id: idOf(1), time: 0, last: 1 }])
  })

  test('has its row at flush, and its newer one at the next', async () => {
    const assembly = await start()
    const { ingest, assembler } = assembly
    await ingest.accept(tenant, [segment(idOf(1), 1, 0, open)], 'http')
    await assembler.flush()
    expect(await rows()).toEqual([{ id: idOf(1), time: 0, last: 0 }])
    expect(await summaries(assembly)).toMatchObject([{ revision: 1 }])
    await ingest.accept(tenant, [segment(idOf(1), 1), segment(idOf(1), 2, 5)], 'udp')
    await ingest.accept(other, [segment(idOf(1), 3)], 'udp')
    await assembler.flush()
    expect(await rows()).toEqual([{ id: idOf(1), time: 0, last: 6 }])
    expect(await rows(other)).toEqual([{ id: idOf(1), time: 0, last: 1 }])
    expect(assembler.load).toMatchObject({ traces: 2, touched: 0 })
    expect(await summaries(assembly)).toMatchObject([{ revision: 2, services: ['service 1', 'service 2'] }])
    expect(await summaries(assembly, other)).toMatchObject([{ revision: 1, services: ['service 3'] }])
  })

  test('many writers and readers: what was acknowledged before a flush is in the rows, before a question in the answer', async () => {
    const assembly = await start()
    // Of each trace its last segment; a later call has a later one.
    const acknowledged = new Map<string, number>()
    let writing = 8
    const write = async (writer: number): Promise<void> => {
      for (let call = 1; call <= 40; call++) {
        const id = idOf(writer * 1_000 + (call % 25))
        await assembly.ingest.accept(tenant, [segment(id, call, call)], 'http')
        acknowledged.set(id, call)
      }
      writing -= 1
    }
    const missing = (before: ReadonlyMap<string, number>, shown: ReadonlyMap<string, number>) =>
      [...before].filter(([id, call]) => (shown.get(id) ?? 0) < call)
    const flush = async (): Promise<void> => {
      while (writing > 0) {
        const before = new Map(acknowledged)
        await assembly.assembler.flush()
        const shown = (await rows()).map(({ id, last }) => [id, last - 1] as const)
        expect(missing(before, new Map(shown))).toEqual([])
        // A memory store answers at once, and would leave the writers no turn.
        await nextTurn()
      }
    }
    const ask = async (): Promise<void> => {
      while (writing > 0) {
        const before = new Map(acknowledged)
        const shown = (await summaries(assembly)).map(
          ({ id, services }) => [id, Math.max(...services.map(number))] as const,
        )
        expect(missing(before, new Map(shown))).toEqual([])
        await nextTurn()
      }
    }
    const number = (service: string): number => Number(service.slice('service '.length))
    await Promise.all([...Array.from({ length: 8 }, (_, writer) => write(writer)), flush(), flush(), ask()])
    expect(acknowledged.size).toBe(200)
    expect((await summaries(assembly)).reduce((calls, { revision }) => calls + revision, 0)).toBe(320)
  })

  test('is found under its new time alone when an earlier segment comes', async () => {
    const { ingest, assembler } = await start()
    const id = idOf(1, RANDOM_EPOCH)
    for (const [entity, from, time, last] of [
      [1, 50, 50, 51],
      [2, -4_000, -4_000, 51],
      [3, 60, -4_000, 61],
    ] as const) {
      await ingest.accept(tenant, [segment(id, entity, from)], 'http')
      await assembler.flush()
      expect(await rows()).toEqual([{ id, time, last }])
    }
  })

  test('goes by its orphans as long as it has no segment, and by their receipt when they claim to be absurd', async () => {
    const { ingest, assembler } = await start()
    const orphan = { type: 'subsegment', parent_id: '00000000000000aa' }
    const id = idOf(1, RANDOM_EPOCH)
    await ingest.accept(tenant, [segment(id, 1, -90 * 86_400, orphan)], 'http')
    await assembler.flush()
    const [first] = await rows()
    expect(Math.abs((first?.time ?? 0) + NOW - Date.now() / 1000)).toBeLessThan(30)
    await ingest.accept(tenant, [segment(id, 2, 30, orphan), segment(id, 3, 20)], 'http')
    await assembler.flush()
    expect(await rows()).toEqual([{ id, time: 20, last: 21 }])
  })

  test('OTLP texts are kept and counted, and belong to no trace', async () => {
    const assembly = await start()
    const { rejections } = await assembly.ingest.accept(tenant, ['T1Sabc', segment(idOf(1), 1), 'T1Udef'], 'udp')
    await assembly.assembler.flush()
    await assembly.spool.freshen()
    expect(rejections).toEqual([])
    expect(assembly.otlp()).toBe(2)
    expect(await rows()).toHaveLength(1)
    expect(await runs.store.tracesSince(0, 10)).toHaveLength(1)
    expect(await runs.store.lastStamp()).toBeGreaterThanOrEqual(NOW * 1e6)
  })
})

describe('a late document', () => {
  const id = idOf(1, RANDOM_EPOCH)
  // What comes early is the last to end, what comes late the first to start: a row needs both.
  const early = async ({ ingest, assembler }: Assembly): Promise<void> => {
    await ingest.accept(tenant, [segment(id, 1)], 'http')
    await ingest.accept(tenant, [segment(id, 2, 20)], 'http')
    await assembler.flush()
  }
  const late = async ({ ingest, assembler }: Assembly): Promise<void> => {
    await ingest.accept(tenant, [segment(id, 3, -5)], 'http')
    await assembler.flush()
  }
  const whole = [{ id, time: -5, last: 21 }]
  const told = [{ id, start: -5, revision: 3, services: ['service 1', 'service 2', 'service 3'] }]

  test('finds its trace in memory', async () => {
    const assembly = await start()
    await early(assembly)
    await late(assembly)
    expect(await rows()).toEqual(whole)
    expect(await summaries(assembly)).toEqual(told)
  })

  test.each([1, 1_300, 2_000, 5_000])(
    'finds its trace after that was let go, with %i bytes of memory',
    async (bytes) => {
      const assembly = await start({ memoryLimitBytes: bytes })
      await early(assembly)
      const others = Array.from({ length: 12 }, (_, number) => segment(idOf(100 + number), 1, -5))
      for (const text of others) {
        await assembly.ingest.accept(tenant, [text], 'http')
        await assembly.assembler.flush()
        expect(assembly.assembler.load.bytes).toBeLessThanOrEqual(bytes)
      }
      await late(assembly)
      const shown = await rows()
      expect(shown).toHaveLength(13)
      expect(shown.filter((row) => row.id === id)).toEqual(whole)
      expect((await summaries(assembly)).filter((summary) => summary.id === id)).toEqual(told)
    },
  )

  const stops = [
    ['an orderly stop', async (assembly: Assembly) => assembly.stop()],
    ['a crash', async (assembly: Assembly) => assembly.crash()],
  ] as const
  for (const [title, stop] of stops) {
    test.each([
      ['as it is', (value: number) => value],
      ['old', (value: number) => value - 1],
      ['missing', () => 0],
    ])(`finds its trace after ${title}, with a mark that is %s`, async (_, markAfter) => {
      const first = await start()
      await early(first)
      await stop(first)
      runs.mark.value = markAfter(runs.mark.value)
      const second = await start()
      await late(second)
      expect(await rows()).toEqual(whole)
      expect(await summaries(second)).toEqual(told)
    })

    test(`after ${title} before the rows were written, the next run writes them, without any reader`, async () => {
      const first = await start()
      await first.ingest.accept(tenant, [segment(id, 1)], 'http')
      await first.ingest.accept(tenant, [segment(id, 2, 20), segment(id, 3, -5)], 'http')
      await stop(first)
      await start()
      const since = performance.now()
      while ((await rows()).length === 0 && performance.now() - since < 3_000) await sleep(10)
      expect(await rows()).toEqual(whole)
    })
  }

  test('that supersedes nothing still counts as a call, also after a restart', async () => {
    const first = await start()
    await early(first)
    await first.stop()
    const second = await start()
    await second.ingest.accept(tenant, [segment(id, 1, 0, open)], 'http')
    await second.assembler.flush()
    expect(await rows()).toEqual([{ id, time: 0, last: 21 }])
    expect(await summaries(second)).toMatchObject([{ revision: 3, services: ['service 1', 'service 2'] }])
  })

  test('moves the row of an earlier run to its new time', async () => {
    const first = await start()
    await first.ingest.accept(tenant, [segment(id, 1, 50)], 'http')
    await first.stop()
    const second = await start()
    await second.ingest.accept(tenant, [segment(id, 2, -90)], 'http')
    await second.assembler.flush()
    expect(await rows()).toEqual([{ id, time: -90, last: 51 }])
  })
})

describe('a store that refuses rows', () => {
  /** The memory store, but for writes of rows that fail while `refusing`. */
  const refusing = { now: false }
  const moody = (): TraceStore => ({
    ...runs.store,
    async writeRows(written, obsolete) {
      if (!refusing.now) return runs.store.writeRows(written, obsolete)
      // Any of them may be stored.
      await runs.store.writeRows(written.slice(0, 1), obsolete)
      throw new Error('the store is away')
    },
  })
  beforeEach(() => {
    refusing.now = true
  })

  test('is asked again until it takes them; flush rejects meanwhile, and nothing is lost', async () => {
    const assembly = await start({}, moody())
    const { ingest, assembler, errors } = assembly
    const id = idOf(1, RANDOM_EPOCH)
    for (const entity of [1, 2, 3]) {
      await ingest.accept(tenant, [segment(id, entity, -entity), segment(idOf(2), entity)], 'http')
      await expect(assembler.flush()).rejects.toThrow('the store is away')
    }
    const heard = errors.length
    await sleep(600)
    expect(errors.length).toBeLessThanOrEqual(heard + 1)
    refusing.now = false
    await assembler.flush()
    expect(await rows()).toEqual([
      { id: idOf(2), time: 0, last: 1 },
      { id, time: -3, last: 0 },
    ])
    const services = ['service 1', 'service 2', 'service 3']
    expect(await summaries(assembly)).toEqual([
      { id: idOf(2), start: 0, revision: 3, services },
      { id, start: -3, revision: 3, services },
    ])
  })

  test('has one row of a trace when it takes them again, though it has kept nothing meanwhile', async () => {
    let away = false
    const { ingest, assembler } = await start(
      {},
      {
        ...runs.store,
        async writeRows(written, obsolete) {
          if (away) throw new Error('the store is away')
          await runs.store.writeRows(written, obsolete)
        },
      },
    )
    const id = idOf(1, RANDOM_EPOCH)
    await ingest.accept(tenant, [segment(id, 1, -1)], 'http')
    await assembler.flush()
    away = true
    await ingest.accept(tenant, [segment(id, 2, -2)], 'http')
    await expect(assembler.flush()).rejects.toThrow('the store is away')
    away = false
    await ingest.accept(tenant, [segment(id, 3, -3)], 'http')
    await assembler.flush()
    expect(await rows()).toEqual([{ id, time: -3, last: 0 }])
  })

  test('the mark stays behind, so that the next run makes the rows', async () => {
    const first = await start({}, moody())
    await first.ingest.accept(tenant, [segment(idOf(1), 1), segment(idOf(2), 1, -1)], 'http')
    const before = runs.mark.value
    await expect(first.assembler.flush()).rejects.toThrow('the store is away')
    expect(runs.mark.value).toBe(before)
    await first.crash()
    refusing.now = false
    const second = await start()
    await second.assembler.flush()
    expect((await rows()).map(({ id }) => id)).toEqual([idOf(2), idOf(1)])
  })

  test('memory stays bounded, and the documents that were let go are in the rows', async () => {
    const limit = 40_000
    const { ingest, assembler } = await start({ memoryLimitBytes: limit }, moody())
    for (let number = 0; number < 200; number++) {
      const annotations = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`k${at}`, number]))
      await ingest.accept(tenant, [segment(idOf(number % 20), 1 + number, number, { annotations })], 'http')
      expect(assembler.load.bytes).toBeLessThan(limit * 2)
    }
    await expect(assembler.flush()).rejects.toThrow()
    expect(assembler.load).toMatchObject({ traces: 20, touched: 20 })
    refusing.now = false
    await assembler.flush()
    const shown = await rows()
    expect(shown.toSorted((a, b) => a.last - b.last)).toEqual(
      Array.from({ length: 20 }, (_, number) => ({ id: idOf(number), time: 0, last: 181 + number })),
    )
    expect(assembler.load.bytes).toBeLessThanOrEqual(limit)
  })
})
