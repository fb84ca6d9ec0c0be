import { describe, expect, test } from 'vitest'
import { createMemoryControlLog } from '../store/memory/memory-control-log.ts'
import type { ControlLog } from '../store/control-log.ts'
import { createControl } from './control.ts'
import { bodyOf } from './tenant-state.ts'

const tenant = { account: '000000000000', region: 'us-east-1' }
const set = (key: string, body: string) => () =>
  ({ ok: true, value: body, changes: [{ kind: 'k', key, body }] }) as const

/** A control over a log whose clock stands still. */
function controlOver(log: ControlLog, more: { pollMs?: number; onError?: (error: unknown) => void } = {}) {
  return createControl({
    log,
    writer: 'me',
    now: () => 1_700_000_000_000,
    onError: (error) => {
      throw error
    },
    ...more,
  })
}

describe('a change', () => {
  test('is stamped by the clock, and later than what it was decided over', async () => {
    const log = createMemoryControlLog()
    await log.append(tenant, { timeUs: 1_800_000_000_000_000, writer: 'from the future' }, [
      { kind: 'k', key: 'a', body: 'old' },
    ])
    await using control = controlOver(log)
    await control.load()
    await control.change(tenant, set('a', 'new'))
    await control.change({ ...tenant, region: 'eu-west-1' }, set('a', 'other'))
    expect(bodyOf(control.state(tenant), 'k', 'a')).toBe('new')
    const { entries } = await log.read(1)
    expect(entries.map(({ stamp }) => stamp)).toEqual([
      { timeUs: 1_800_000_000_000_001, writer: 'me' },
      { timeUs: 1_800_000_000_000_002, writer: 'me' },
    ])
  })

  test('that is refused, or changes nothing, appends nothing', async () => {
    const log = createMemoryControlLog()
    await using control = controlOver(log)
    const refusal = { code: 'invalid', message: 'no' } as const
    expect(await control.change(tenant, () => ({ ok: false, refusal }))).toEqual({ ok: false, refusal })
    expect(await control.change(tenant, () => ({ ok: true, value: 7, changes: [] }))).toEqual({ ok: true, value: 7 })
    expect((await log.read()).entries).toEqual([])
  })

  test('is not shown before the log has it', async () => {
    const log = createMemoryControlLog()
    let store = () => {}
    const stored = new Promise<void>((resolve) => (store = resolve))
    await using control = controlOver({
      ...log,
      append: async (...change) => {
        await stored
        await log.append(...change)
      },
    })
    const changed = control.change(tenant, set('a', 'x'))
    await new Promise(setImmediate)
    expect(bodyOf(control.state(tenant), 'k', 'a')).toBeUndefined()
    store()
    await changed
    expect(bodyOf(control.state(tenant), 'k', 'a')).toBe('x')
  })

  test.each(['before', 'after'] as const)('whose call fails %s it was stored is known for what it is', async (when) => {
    const log = createMemoryControlLog()
    let calls = 0
    await using control = controlOver({
      ...log,
      append: async (...change) => {
        calls += 1
        if (when === 'after' || calls > 1) await log.append(...change)
        if (calls === 1) throw new Error('the line is down')
      },
    })
    await control.load()
    await expect(control.change(tenant, set('a', 'first'))).rejects.toThrow('the line is down')
    expect(bodyOf(control.state(tenant), 'k', 'a')).toBe(when === 'after' ? 'first' : undefined)
    await control.change(tenant, (state) => {
      expect(bodyOf(state, 'k', 'a')).toBe(when === 'after' ? 'first' : undefined)
      return set('a', 'second')()
    })
    expect(bodyOf(control.state(tenant), 'k', 'a')).toBe('second')
    const stamps = (await log.read()).entries.map(({ stamp }) => stamp.timeUs)
    expect(new Set(stamps).size).toBe(stamps.length)
  })

  test('whose decision throws does not hold up the next one', async () => {
    await using control = controlOver(createMemoryControlLog())
    const broken = control.change(tenant, () => {
      throw new Error('a bug')
    })
    const next = control.change(tenant, set('a', 'x'))
    await expect(broken).rejects.toThrow('a bug')
    expect(await next).toEqual({ ok: true, value: 'x' })
  })
})

test('polling goes on after a failure, and ends with the control', async () => {
  const log = createMemoryControlLog()
  const errors: unknown[] = []
  let reads = 0
  const control = controlOver(
    {
      ...log,
      read: async (from) => {
        reads += 1
        if (reads === 2) throw new Error('not now')
        return log.read(from)
      },
    },
    { pollMs: 1, onError: (error) => errors.push(error) },
  )
  await control.load()
  await log.append(tenant, { timeUs: 1, writer: 'another' }, [{ kind: 'k', key: 'a', body: 'theirs' }])
  await expect.poll(() => bodyOf(control.state(tenant), 'k', 'a')).toBe('theirs')
  expect(errors).toEqual([new Error('not now')])
  await control[Symbol.asyncDispose]()
  const after = reads
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(reads).toBe(after)
})
