import { describe, expect, test } from 'vitest'
import { createMemoryControlLog } from '../store/memory/memory-control-log.ts'
import { createControl } from './control.ts'
import { createRetrievals } from './retrievals.ts'

const T0 = 1_700_000_000
const tenant = { account: '000000000000', region: 'us-east-1' }
const request = { traceIds: ['a', 'b'], fromSeconds: 1, toSeconds: 2 }

function retrievalsOver(log = createMemoryControlLog(), pollMs?: number) {
  let tokens = 0
  const control = createControl({
    log,
    writer: 'test',
    now: () => T0 * 1000,
    ...(pollMs === undefined ? {} : { pollMs }),
    onError: (error) => {
      throw error
    },
  })
  return createRetrievals(control, () => `t${(tokens += 1)}`)
}

/** The status after so many seconds; of one that is not there, the code of the refusal. */
async function statusAt(retrievals: ReturnType<typeof retrievalsOver>, token: string, seconds: number) {
  const found = await retrievals.find(tenant, token, T0 + seconds)
  return found.ok ? found.value.status : found.refusal.code
}

describe('a retrieval', () => {
  test('that nobody ends times out after an hour, and is gone after a day', async () => {
    const retrievals = retrievalsOver()
    const token = await retrievals.start(tenant, request, T0)
    const seen = []
    for (const seconds of [0, 3_599, 3_600, 86_399, 86_400]) seen.push(await statusAt(retrievals, token, seconds))
    expect(seen).toEqual(['SCHEDULED', 'SCHEDULED', 'TIMEOUT', 'TIMEOUT', 'unknownResource'])
  })

  test('that has ended stays as it is', async () => {
    const retrievals = retrievalsOver()
    const complete = { status: 'COMPLETE', traceIds: ['b'] } as const
    const [cancelled, failed, late] = [
      await retrievals.start(tenant, request, T0),
      await retrievals.start(tenant, request, T0),
      await retrievals.start(tenant, request, T0),
    ]
    await retrievals.cancel(tenant, cancelled, T0)
    await retrievals.end(tenant, failed, { status: 'FAILED' }, T0)
    for (const token of [cancelled, failed]) await retrievals.end(tenant, token, complete, T0)
    await retrievals.end(tenant, late, complete, T0 + 3_600)
    expect(await statusAt(retrievals, cancelled, 0)).toBe('CANCELLED')
    expect(await statusAt(retrievals, failed, 0)).toBe('FAILED')
    expect(await statusAt(retrievals, late, 3_600)).toBe('TIMEOUT')
  })

  test('is kept beside 999 others; then the oldest goes', async () => {
    const retrievals = retrievalsOver()
    const first = await retrievals.start(tenant, request, T0)
    const second = await retrievals.start(tenant, request, T0 + 1)
    for (let index = 2; index < 1_000; index++) await retrievals.start(tenant, request, T0 + 2)
    expect(await statusAt(retrievals, first, 2)).toBe('SCHEDULED')
    await retrievals.start(tenant, request, T0 + 2)
    expect(await statusAt(retrievals, first, 2)).toBe('unknownResource')
    expect(await statusAt(retrievals, second, 2)).toBe('SCHEDULED')
  })

  test('is known at once to another server of a cluster', async () => {
    const log = createMemoryControlLog()
    const token = await retrievalsOver(log, 3_600_000).start(tenant, request, T0)
    const other = retrievalsOver(log, 3_600_000)
    expect(await other.find(tenant, token, T0)).toMatchObject({ ok: true, value: request })
  })
})
