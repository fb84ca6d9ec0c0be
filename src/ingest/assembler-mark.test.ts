import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { type MemoryMark, memoryMark } from '../../test/fixtures/assembly.ts'
import { assemblerRuns } from '../../test/fixtures/assembler-runs.ts'
import { idOf, segment, shownRows } from '../../test/fixtures/assembly-documents.ts'
import { createMemoryStore } from '../store/memory/memory-store.ts'
import type { TraceRow } from '../store/trace-row.ts'

const tenant = { account: '000000000000', region: 'us-east-1' }
const runs = assemblerRuns()
const { start } = runs

/** What the store has now, whether anybody waits for it or not. */
const rows = (of = tenant) => shownRows(runs.store, of)

describe('the mark', () => {
  test('is never ahead of a call that is under way, though its stamp be smaller than that of one that is done', async () => {
    const { assembler, ingest } = await start()
    await assembler.flush()
    const before = runs.mark.value
    // Its stamp is this millisecond's, that of the next call is not.
    assembler.begin(before + 1)
    await sleep(5)
    await ingest.accept(tenant, [segment(idOf(1), 1)], 'http')
    await assembler.flush()
    expect(runs.mark.value).toBe(before)
    assembler.abandon(before + 1)
    await ingest.accept(tenant, [segment(idOf(2), 1)], 'http')
    await assembler.flush()
    expect(runs.mark.value).toBeGreaterThan(before)
  })

  test('does not move while an earlier run’s documents have no rows, however many new ones have', async () => {
    const first = await start()
    await first.ingest.accept(tenant, [segment(idOf(1), 1)], 'http')
    const before = runs.mark.value
    await first.crash()
    let away = true
    const second = await start(
      {},
      {
        ...runs.store,
        async tracesSince(...args) {
          if (away) throw new Error('the store is away')
          return runs.store.tracesSince(...args)
        },
      },
    )
    await second.ingest.accept(tenant, [segment(idOf(2), 1)], 'http')
    while ((await rows()).length === 0) await sleep(20)
    expect(runs.mark.value).toBe(before)
    away = false
    await second.assembler.flush()
    expect((await rows()).map(({ id }) => id)).toEqual([idOf(2), idOf(1)])
    expect(runs.mark.value).toBeGreaterThan(before)
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
        ...runs.store,
        async writeRows(written, obsolete) {
          missing = written
          await sleep(5)
          await runs.store.writeRows(written, obsolete)
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
  runs.mark.value = 0
  const old = runs.store
  runs.store = { ...rowless, read: old.read, tracesSince: old.tracesSince, lastStamp: old.lastStamp }
  runs.store = {
    ...runs.store,
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
