import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newTenant } from '../../test/contract/spool-file.ts'
import { traceRow } from '../../test/contract/trace-row.ts'
import { emptyGraph } from '../model/graph/graph-accumulator.ts'
import type { Tenant } from '../model/tenant.ts'
import { createMemoryGraphMinutes } from '../store/memory/memory-graph-minutes.ts'
import { MinuteKeeper } from './graph-minutes.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A keeper over minutes in memory that counts nothing, and what it was seen to do. */
function aKeeper({ failures = 0 } = {}) {
  const minutes = createMemoryGraphMinutes()
  const seen = { counted: [] as number[], begun: 0, errors: [] as string[], freshened: 0 }
  const process = { isBusy: false, isAsked: false, pieces: 1 }
  let left = failures
  let stamp = 0
  const newKeeper = () =>
    new MinuteKeeper({
      minutes,
      async count(_, startSeconds, pause, signal) {
        if (left-- > 0) throw new Error('the store is away')
        seen.begun += 1
        for (let piece = 0; piece < process.pieces; piece++) {
          await new Promise((resolve) => setTimeout(resolve, 100))
          await pause()
          signal.throwIfAborted()
        }
        seen.counted.push(startSeconds / 60)
        return { graph: emptyGraph(), isExact: true }
      },
      freshen: async () => void (seen.freshened += 1),
      newStamp: () => (stamp += 1),
      watch: () => () => process.isBusy,
      isAsked: () => process.isAsked,
      quietMs: 20_000,
      now: Date.now,
      onError: ({ message }) => seen.errors.push(message),
    })
  const tenant = newTenant()
  const write = (
    keeper: MinuteKeeper | undefined,
    fromMinute: number,
    toMinute = fromMinute,
    of: Tenant = tenant,
  ): void => {
    const startUs = fromMinute * 60e6 + 1e6
    const rows = [traceRow({ tenant: of, spans: [{ startUs, endUs: toMinute * 60e6 + 2e6 }] })]
    minutes.onRows(rows)
    keeper?.touched(rows)
  }
  const states = () => minutes.touched(tenant, { fromSeconds: 0, toSeconds: 1e12 })
  const current = async () =>
    (await states()).filter(({ isCurrent }) => isCurrent).map(({ startSeconds }) => startSeconds / 60)
  return { seen, process, tenant, newKeeper, write, states, current }
}

describe('a keeper of minutes', () => {
  test('counts a minute when it has been quiet for twenty seconds, the newest first, each once', async () => {
    const { seen, newKeeper, write, current } = aKeeper()
    const keeper = newKeeper()
    keeper.start()
    write(keeper, 100, 102)
    await vi.advanceTimersByTimeAsync(15_000)
    write(keeper, 101)
    expect(keeper.waiting).toBe(3)
    await vi.advanceTimersByTimeAsync(7_000)
    expect(seen.counted).toEqual([102, 100])
    expect(keeper.waiting).toBe(1)
    await vi.advanceTimersByTimeAsync(16_000)
    expect(seen.counted).toEqual([102, 100, 101])
    expect(await current()).toEqual([100, 101, 102])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(seen).toMatchObject({ counted: [102, 100, 101], freshened: 2, errors: [] })
    expect(keeper.waiting).toBe(0)
    await keeper.close()
  })

  test('counts what an earlier one was told of, or nobody', async () => {
    const { seen, newKeeper, write } = aKeeper()
    const first = newKeeper()
    first.start()
    write(first, 100)
    await first.close()
    write(undefined, 200)
    const second = newKeeper()
    second.start()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(seen.counted).toEqual([200, 100])
    await second.close()
  })

  test('does nothing while the process is busy, and looks again each second', async () => {
    const { seen, process, newKeeper, write } = aKeeper()
    process.isBusy = true
    const keeper = newKeeper()
    keeper.start()
    write(keeper, 100)
    await vi.advanceTimersByTimeAsync(300_000)
    expect(seen).toMatchObject({ begun: 0, freshened: 0 })
    process.isBusy = false
    await vi.advanceTimersByTimeAsync(2_000)
    expect(seen.counted).toEqual([100])
    await keeper.close()
  })

  test('rests in the middle of a minute while the process is busy', async () => {
    const { seen, process, newKeeper, write } = aKeeper()
    process.pieces = 20
    const keeper = newKeeper()
    keeper.start()
    write(keeper, 100)
    await vi.advanceTimersByTimeAsync(20_500)
    process.isBusy = true
    await vi.advanceTimersByTimeAsync(60_000)
    expect(seen).toMatchObject({ begun: 1, counted: [] })
    process.isBusy = false
    await vi.advanceTimersByTimeAsync(4_000)
    expect(seen).toMatchObject({ begun: 1, counted: [100] })
    await keeper.close()
  })

  test('gives way in the middle of a minute when somebody asks something', async () => {
    const { seen, process, newKeeper, write } = aKeeper()
    process.pieces = 20
    const keeper = newKeeper()
    keeper.start()
    write(keeper, 100)
    await vi.advanceTimersByTimeAsync(20_500)
    process.isAsked = true
    await vi.advanceTimersByTimeAsync(60_000)
    expect(seen).toMatchObject({ begun: 1, counted: [] })
    process.isAsked = false
    await vi.advanceTimersByTimeAsync(4_000)
    expect(seen).toMatchObject({ begun: 1, counted: [100] })
    await keeper.close()
  })

  test('keeps nothing of a minute that was touched while it was counted, and counts it again', async () => {
    const { seen, newKeeper, write, current } = aKeeper()
    const keeper = newKeeper()
    keeper.start()
    write(keeper, 100)
    await vi.advanceTimersByTimeAsync(20_050)
    expect(seen).toMatchObject({ begun: 1, counted: [] })
    write(keeper, 100)
    await vi.advanceTimersByTimeAsync(10_000)
    expect([seen.counted, await current()]).toEqual([[100], []])
    await vi.advanceTimersByTimeAsync(12_000)
    expect([seen.counted, await current()]).toEqual([[100, 100], [100]])
    await keeper.close()
  })

  test('keeps what others have counted, unless it was touched since', async () => {
    const { seen, tenant, newKeeper, write, states, current } = aKeeper()
    const keeper = newKeeper()
    keeper.start()
    write(keeper, 100, 101)
    const counted = (await states()).map(({ startSeconds, touches }) => {
      return { tenant, startSeconds, touches, isExact: true, graph: emptyGraph() }
    })
    write(keeper, 101)
    keeper.offer(counted)
    await vi.advanceTimersByTimeAsync(10)
    expect(await current()).toEqual([100])
    await vi.advanceTimersByTimeAsync(25_000)
    expect(seen).toMatchObject({ counted: [101], errors: [] })
    await keeper.close()
    keeper.offer(counted)
  })

  test('tells of a failure, and tries again', async () => {
    const { seen, newKeeper, write, current } = aKeeper({ failures: 1 })
    const keeper = newKeeper()
    keeper.start()
    write(keeper, 100)
    await vi.advanceTimersByTimeAsync(22_000)
    expect(seen).toMatchObject({ counted: [], errors: ['the store is away'] })
    await vi.advanceTimersByTimeAsync(11_000)
    expect(seen).toMatchObject({ counted: [100], errors: ['the store is away'] })
    expect(await current()).toEqual([100])
    await keeper.close()
  })

  test('leaves minutes alone that can never be current', async () => {
    const { seen, newKeeper, write } = aKeeper()
    const keeper = newKeeper()
    keeper.start()
    write(keeper, 1_000, 4_000)
    write(keeper, 1_001)
    await vi.advanceTimersByTimeAsync(30_000)
    expect(seen.counted).toEqual([])
    await keeper.close()
  })

  test('counts all when there are too many to remember', async () => {
    const { seen, newKeeper, write } = aKeeper()
    const keeper = newKeeper()
    for (let from = 0; from < 21_000; from += 1_000) write(keeper, from, from + 999)
    expect(keeper.waiting).toBe(0)
    keeper.start()
    await vi.advanceTimersByTimeAsync(3_000)
    expect(seen.counted.slice(0, 3)).toEqual([20_999, 20_998, 20_997])
    await keeper.close()
  })

  test('that is closed does nothing more', async () => {
    const { seen, newKeeper, write } = aKeeper()
    const keeper = newKeeper()
    keeper.start()
    write(keeper, 100)
    await keeper.close()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(seen).toMatchObject({ counted: [], errors: [] })
  })
})
