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
  const seen = { counted: [] as number[], errors: [] as string[], freshened: 0 }
  let left = failures
  let stamp = 0
  const newKeeper = () =>
    new MinuteKeeper({
      minutes,
      async count(_, startSeconds, pause, signal) {
        if (left-- > 0) throw new Error('the store is away')
        await pause()
        signal.throwIfAborted()
        seen.counted.push(startSeconds / 60)
        return { graph: emptyGraph(), isExact: true }
      },
      freshen: async () => void (seen.freshened += 1),
      newStamp: () => (stamp += 1),
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
  const current = async () =>
    (await minutes.touched(tenant, { fromSeconds: 0, toSeconds: 1e12 })).filter(({ isCurrent }) => isCurrent).length
  return { seen, newKeeper, write, current }
}

describe('a keeper of minutes', () => {
  test('counts a minute when it has been quiet for five seconds, the newest first, each once', async () => {
    const { seen, newKeeper, write, current } = aKeeper()
    const keeper = newKeeper()
    keeper.start()
    write(keeper, 100, 102)
    await vi.advanceTimersByTimeAsync(4_000)
    write(keeper, 101)
    await vi.advanceTimersByTimeAsync(2_500)
    expect(seen.counted).toEqual([102, 100])
    await vi.advanceTimersByTimeAsync(4_000)
    expect(seen.counted).toEqual([102, 100, 101])
    expect(await current()).toBe(3)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(seen).toMatchObject({ counted: [102, 100, 101], freshened: 3, errors: [] })
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

  test('tells of a failure, and tries again', async () => {
    const { seen, newKeeper, write, current } = aKeeper({ failures: 1 })
    const keeper = newKeeper()
    keeper.start()
    write(keeper, 100)
    await vi.advanceTimersByTimeAsync(7_000)
    expect(seen).toMatchObject({ counted: [], errors: ['the store is away'] })
    await vi.advanceTimersByTimeAsync(11_000)
    expect(seen).toMatchObject({ counted: [100], errors: ['the store is away'] })
    expect(await current()).toBe(1)
    await keeper.close()
  })

  test('leaves minutes alone that can never be current', async () => {
    const { seen, newKeeper, write } = aKeeper()
    const keeper = newKeeper()
    keeper.start()
    write(keeper, 1_000, 4_000)
    write(keeper, 1_001)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(seen.counted).toEqual([])
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
