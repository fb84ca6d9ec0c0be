import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { memoryMark, startAssembly } from '../../test/fixtures/assembly.ts'
import type { Assembly, AssemblyOptions, MemoryMark } from '../../test/fixtures/assembly.ts'
import { idOf, NOW, open, RANDOM_EPOCH, segment, shownRows } from '../../test/fixtures/assembly-documents.ts'
import { createMemoryStore } from '../store/memory/memory-store.ts'
import type { TraceStore } from '../store/store.ts'
import type { TraceRow } from '../store/trace-row.ts'

const tenant = { account: '000000000000', region: 'us-east-1' }
const other = { account: '111122223333', region: 'eu-west-1' }
let store: TraceStore
let directory: string
let mark: MemoryMark
let running: Assembly | undefined

beforeEach(async () => {
  store = createMemoryStore()
  await store.open()
  directory = await mkdtemp(join(tmpdir(), 'radiograph-assembler-'))
  mark = memoryMark()
})
afterEach(async () => {
  await running?.stop()
  running = undefined
  await rm(directory, { recursive: true, force: true })
})

/** A run on what the earlier runs of the test left behind. */
async function start(options: AssemblyOptions = {}, on: TraceStore = store): Promise<Assembly> {
  running = await startAssembly(on, { directory, mark, ...options })
  return running
}

const rows = (of = tenant) => shownRows(store, of)

describe('a trace that a call touches', () => {
  test('has its row within a second, without any reader', async () => {
    const { ingest } = await start()
    await ingest.accept(tenant, [segment(idOf(1), 1)], 'http')
    const acknowledged = performance.now()
    while ((await rows()).length === 0 && performance.now() - acknowledged < 3_000) await sleep(10)
    expect(performance.now() - acknowledged).toBeLessThan(1_000)
    expect(await rows()).toMatchObject([{ id: idOf(1), time: 0, revision: 1, services: ['service 1'] }])
  })

  test('has its row at flush, and its newer one at the next', async () => {
    const { ingest, assembler } = await start()
    await ingest.accept(tenant, [segment(idOf(1), 1, 0, open)], 'http')
    await assembler.flush()
    expect(await rows()).toMatchObject([{ revision: 1 }])
    await ingest.accept(tenant, [segment(idOf(1), 1), segment(idOf(1), 2)], 'udp')
    await ingest.accept(other, [segment(idOf(1), 3)], 'udp')
    await assembler.flush()
    expect(await rows()).toMatchObject([{ revision: 2, services: ['service 1', 'service 2'] }])
    expect(await rows(other)).toMatchObject([{ revision: 1, services: ['service 3'] }])
    expect(assembler.load).toMatchObject({ traces: 2, touched: 0 })
  })

  test('many writers and readers: flush shows everything that was acknowledged before it', async () => {
    const { ingest, assembler } = await start()
    const acknowledged = new Set<string>()
    let writing = 8
    const write = async (writer: number): Promise<void> => {
      for (let call = 0; call < 40; call++) {
        const id = idOf(writer * 1_000 + (call % 25))
        await ingest.accept(tenant, [segment(id, call + 1)], 'http')
        acknowledged.add(`${id} service ${call + 1}`)
      }
      writing -= 1
    }
    const read = async (): Promise<void> => {
      while (writing > 0) {
        const before = [...acknowledged]
        await assembler.flush()
        const shown = new Set((await rows()).flatMap(({ id, services }) => services.map((name) => `${id} ${name}`)))
        expect(before.filter((one) => !shown.has(one))).toEqual([])
        // A memory store answers at once, and would leave the writers no turn.
        await nextTurn()
      }
    }
    await Promise.all([...Array.from({ length: 8 }, (_, writer) => write(writer)), read(), read(), read()])
    expect(acknowledged.size).toBe(320)
  })

  test('is found under its new time alone when an earlier segment comes', async () => {
    const { ingest, assembler } = await start()
    const id = idOf(1, RANDOM_EPOCH)
    for (const [entity, from, time] of [
      [1, 50, 50],
      [2, -4_000, -4_000],
      [3, 60, -4_000],
    ] as const) {
      await ingest.accept(tenant, [segment(id, entity, from)], 'http')
      await assembler.flush()
      expect(await rows()).toMatchObject([{ id, time, revision: entity }])
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
    expect(await rows()).toMatchObject([{ time: 20, revision: 2 }])
  })

  test('OTLP texts are kept and counted, and belong to no trace', async () => {
    const assembly = await start()
    const { rejections } = await assembly.ingest.accept(tenant, ['T1Sabc', segment(idOf(1), 1), 'T1Udef'], 'udp')
    await assembly.assembler.flush()
    await assembly.spool.freshen()
    expect(rejections).toEqual([])
    expect(assembly.otlp()).toBe(2)
    expect(await rows()).toHaveLength(1)
    expect(await store.tracesSince(0, 10)).toHaveLength(1)
    expect(await store.lastStamp()).toBeGreaterThanOrEqual(NOW * 1e6)
  })
})

describe('a late document', () => {
  const late = async (assembly: Assembly): Promise<void> => {
    await assembly.ingest.accept(tenant, [segment(idOf(1), 3, 5)], 'http')
    await assembly.assembler.flush()
  }
  const whole = [{ id: idOf(1), time: 0, start: 0, revision: 3, services: ['service 1', 'service 2', 'service 3'] }]
  const early = async (assembly: Assembly): Promise<void> => {
    await assembly.ingest.accept(tenant, [segment(idOf(1), 1)], 'http')
    await assembly.ingest.accept(tenant, [segment(idOf(1), 2, 2)], 'http')
    await assembly.assembler.flush()
  }

  test('finds its trace in memory', async () => {
    const assembly = await start()
    await early(assembly)
    await late(assembly)
    expect(await rows()).toEqual(whole)
  })

  test.each([1, 1_000, 5_000])('finds its trace after that was let go, with %i bytes of memory', async (bytes) => {
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
    expect(shown.filter(({ id }) => id === idOf(1))).toEqual(whole)
  })

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
      mark.value = markAfter(mark.value)
      await late(await start())
      expect(await rows()).toEqual(whole)
    })

    test(`after ${title} before the rows were written, the next run writes them, without any reader`, async () => {
      const first = await start()
      await first.ingest.accept(tenant, [segment(idOf(1), 1)], 'http')
      await first.ingest.accept(tenant, [segment(idOf(1), 2, 2), segment(idOf(1), 3, 5)], 'http')
      await stop(first)
      await start()
      const since = performance.now()
      while ((await rows()).length === 0 && performance.now() - since < 3_000) await sleep(10)
      expect(await rows()).toEqual([{ ...whole[0], revision: 2 }])
    })
  }

  test('that supersedes nothing still counts as a call, also after a restart', async () => {
    await early(await start())
    await running?.stop()
    const second = await start()
    await second.ingest.accept(tenant, [segment(idOf(1), 1, 0, open)], 'http')
    await second.assembler.flush()
    expect(await rows()).toMatchObject([{ revision: 3, services: ['service 1', 'service 2'] }])
  })

  test('moves the row of an earlier run to its new time', async () => {
    const id = idOf(9, RANDOM_EPOCH)
    const first = await start()
    await first.ingest.accept(tenant, [segment(id, 1, 50)], 'http')
    await first.stop()
    const second = await start()
    await second.ingest.accept(tenant, [segment(id, 2, -90)], 'http')
    await second.assembler.flush()
    expect(await rows()).toMatchObject([{ id, time: -90, revision: 2 }])
  })
})

describe('a store that refuses rows', () => {
  /** The memory store, but for writes of rows that fail while `refusing`. */
  const refusing = { now: false }
  const moody = (): TraceStore => ({
    ...store,
    async writeRows(written, obsolete) {
      if (!refusing.now) return store.writeRows(written, obsolete)
      // Any of them may be stored.
      await store.writeRows(written.slice(0, 1), obsolete)
      throw new Error('the store is away')
    },
  })
  beforeEach(() => {
    refusing.now = true
  })

  test('is asked again until it takes them; flush rejects meanwhile, and nothing is lost', async () => {
    const { ingest, assembler, errors } = await start({}, moody())
    const id = idOf(1, RANDOM_EPOCH)
    for (const entity of [1, 2, 3]) {
      await ingest.accept(tenant, [segment(id, entity, -entity), segment(idOf(2), entity)], 'http')
      await expect(assembler.flush()).rejects.toThrow('the store is away')
    }
    await sleep(600)
    expect(errors.length).toBeLessThan(3)
    refusing.now = false
    await assembler.flush()
    expect(await rows()).toMatchObject([
      { id: idOf(2), revision: 3, services: ['service 1', 'service 2', 'service 3'] },
      { id, time: -3, revision: 3 },
    ])
  })

  test('the mark stays behind, so that the next run makes the rows', async () => {
    const first = await start({}, moody())
    await first.ingest.accept(tenant, [segment(idOf(1), 1), segment(idOf(2), 1, -1)], 'http')
    const before = mark.value
    await expect(first.assembler.flush()).rejects.toThrow('the store is away')
    expect(mark.value).toBe(before)
    await first.crash()
    refusing.now = false
    const second = await start()
    await second.assembler.flush()
    expect((await rows()).map(({ id }) => id)).toEqual([idOf(2), idOf(1)])
  })

  test('memory stays bounded, and the documents that were let go are in the rows', async () => {
    const limit = 40_000
    const { ingest, assembler } = await start({ memoryLimitBytes: limit }, moody())
    for (let number = 0; number < 60; number++) {
      const long = { annotations: { text: 'x'.repeat(10_000) } }
      await ingest.accept(tenant, [segment(idOf(number % 20), 1 + number, 0, long)], 'http')
      expect(assembler.load.bytes).toBeLessThan(limit * 2)
    }
    await expect(assembler.flush()).rejects.toThrow()
    expect(assembler.load).toMatchObject({ traces: 20, touched: 20 })
    refusing.now = false
    await assembler.flush()
    const shown = await rows()
    expect(shown).toHaveLength(20)
    expect(shown.every(({ revision, services }) => revision === 3 && services.length === 3)).toBe(true)
    expect(assembler.load.bytes).toBeLessThanOrEqual(limit)
  })
})

describe('the mark', () => {
  test('is never ahead of a call that is under way, though its stamp be smaller than that of one that is done', async () => {
    const { assembler, ingest } = await start()
    await assembler.flush()
    const before = mark.value
    // Its stamp is this millisecond's, that of the next call is not.
    assembler.begin(before + 1)
    await sleep(5)
    await ingest.accept(tenant, [segment(idOf(1), 1)], 'http')
    await assembler.flush()
    expect(mark.value).toBe(before)
    assembler.abandon(before + 1)
    await ingest.accept(tenant, [segment(idOf(2), 1)], 'http')
    await assembler.flush()
    expect(mark.value).toBeGreaterThan(before)
  })

  test('does not move while an earlier run’s documents have no rows, however many new ones have', async () => {
    const first = await start()
    await first.ingest.accept(tenant, [segment(idOf(1), 1)], 'http')
    const before = mark.value
    await first.crash()
    let away = true
    const second = await start(
      {},
      {
        ...store,
        async tracesSince(...args) {
          if (away) throw new Error('the store is away')
          return store.tracesSince(...args)
        },
      },
    )
    await second.ingest.accept(tenant, [segment(idOf(2), 1)], 'http')
    while ((await rows()).length === 0) await sleep(20)
    expect(mark.value).toBe(before)
    away = false
    await second.assembler.flush()
    expect((await rows()).map(({ id }) => id)).toEqual([idOf(2), idOf(1)])
    expect(mark.value).toBeGreaterThan(before)
  })

  test('is behind every row that is missing, at any time', async () => {
    let missing: readonly TraceRow[] = []
    const checked: MemoryMark = {
      ...memoryMark(),
      async write(stamp) {
        expect(missing.filter(({ version }) => version <= stamp)).toEqual([])
        this.value = stamp
      },
    }
    const { ingest, assembler, errors } = await start(
      { mark: checked },
      {
        ...store,
        async writeRows(written, obsolete) {
          missing = written
          await sleep(5)
          await store.writeRows(written, obsolete)
          missing = []
        },
      },
    )
    await Promise.all(
      Array.from({ length: 50 }, async (_, number) => {
        await sleep(number * 2)
        await ingest.accept(tenant, [segment(idOf(number), 1)], 'http')
        await assembler.flush()
      }),
    )
    expect(errors).toEqual([])
    expect(checked.value).toBeGreaterThan(0)
  })
})

test('a recovery of many traces goes a page at a time', async () => {
  const first = await start()
  for (let call = 0; call < 45; call++) {
    const texts = Array.from({ length: 100 }, (_, number) => segment(idOf(call * 100 + number), 1))
    await first.ingest.accept(tenant, texts, 'http')
  }
  await first.assembler.flush()
  await first.stop()
  const rowless = createMemoryStore()
  await rowless.open()
  // The rows are lost, and the mark with them; the documents are still there.
  mark.value = 0
  const old = store
  store = { ...rowless, read: old.read, tracesSince: old.tracesSince, lastStamp: old.lastStamp }
  store = {
    ...store,
    async track(of, ids) {
      const known = await old.track(of, ids)
      return new Map([...known].map(([id, { calls }]) => [id, { calls, rowTimes: [] }]))
    },
  }
  const second = await start({ memoryLimitBytes: 100_000 })
  await second.assembler.flush()
  expect(await rows()).toHaveLength(4_500)
  expect(second.assembler.load.bytes).toBeLessThanOrEqual(100_000)
})
