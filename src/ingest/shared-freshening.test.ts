import { describe, expect, test } from 'vitest'
import { LoadMeter, SharedFreshening } from './shared-freshening.ts'

describe('a load is heavy', () => {
  test.each<[string, readonly number[], boolean]>([
    ['when nothing came', [], false],
    ['after a burst', [0, 0, 50_000], false],
    ['after four full seconds', [2_000, 2_000, 9_000, 2_000], true],
    ['not when one of them brought less', [2_000, 2_000, 1_999, 2_000], false],
    ['not when it has ended', [5_000, 5_000, 5_000, 5_000, 0], false],
    ['by the last four alone', [0, 2_000, 2_000, 2_000, 2_000], true],
  ])('%s', (_, seconds, expected) => {
    let nowMs = 1_000_000
    const meter = new LoadMeter(() => nowMs)
    for (const documents of seconds) {
      meter.add(documents / 2)
      nowMs += 500
      meter.add(documents / 2)
      nowMs += 500
    }
    expect(meter.isHeavy).toBe(expected)
    nowMs += 60_000
    expect(meter.isHeavy).toBe(false)
  })
})

/** A store whose next freshening ends, or fails, when it is told to. */
function setUp(isHeavy: boolean) {
  const ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []
  const clock = { ms: 0 }
  const shared = new SharedFreshening({
    freshen: () => new Promise((resolve, reject) => ends.push({ resolve, reject })),
    isHeavy: () => isHeavy,
    nowMs: () => clock.ms,
  })
  const state = async (promise: Promise<void>): Promise<string> => {
    const later = new Promise<string>((resolve) => setTimeout(() => resolve('waits'), 5))
    return Promise.race([promise.then(() => 'goes on').catch((error: unknown) => (error as Error).message), later])
  }
  return { shared, ends, clock, state }
}

describe('readers', () => {
  test('wait for all that came before, each for its own, while the load is light', async () => {
    const { shared, ends, state } = setUp(false)
    const [first, second] = [shared.fresh(), shared.fresh()]
    expect(ends).toHaveLength(2)
    ends[1]?.resolve()
    expect([await state(first), await state(second)]).toEqual(['waits', 'goes on'])
  })

  test('share what is recent under a heavy load, and have the next one fetched', async () => {
    const { shared, ends, clock, state } = setUp(true)
    const [first, second] = [shared.fresh(), shared.fresh()]
    expect([await state(first), await state(second), ends.length]).toEqual(['waits', 'waits', 1])
    clock.ms = 300
    ends[0]?.resolve()
    expect([await state(first), await state(second)]).toEqual(['goes on', 'goes on'])
    // Counted from when it began: what came after that may be missing.
    clock.ms = 600
    expect([await state(shared.fresh()), ends.length]).toEqual(['goes on', 2])
    clock.ms = 601
    const late = shared.fresh()
    expect([await state(late), ends.length]).toEqual(['waits', 2])
    ends[1]?.resolve()
    expect(await state(late)).toBe('goes on')
  })

  test('are told of a failure when nothing recent is there', async () => {
    const { shared, ends, clock, state } = setUp(true)
    const first = shared.fresh()
    ends[0]?.resolve()
    await first
    expect(await state(shared.fresh())).toBe('goes on')
    ends[1]?.reject(new Error('the store is away'))
    expect(await state(shared.fresh())).toBe('goes on')
    clock.ms = 1_000
    const late = shared.fresh()
    ends[2]?.reject(new Error('the store is away'))
    expect(await state(late)).toBe('the store is away')
  })
})
