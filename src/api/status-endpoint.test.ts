import { describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { servicesInMemory } from '../../test/fixtures/services-in-memory.ts'
import { parseObject } from '../../test/fixtures/xray-client.ts'
import { countIntake } from '../ingest/count-intake.ts'
import { OverloadError } from '../ingest/ingest.ts'
import { createStatusEndpoint } from './status-endpoint.ts'

const NOW = 1_700_000_000
const tenant = { account: '000000000000', region: 'us-east-1' }
const trace_id = `1-${NOW.toString(16)}-${'0'.repeat(24)}`
const DOCUMENT = JSON.stringify({ name: 'web', id: '00000000000000a1', trace_id, start_time: NOW, end_time: NOW + 1 })
const NO_DOCUMENT = '{"name":"web"}'

/** The endpoint over an ingest, and a store that knows this stamp. */
function started(stamp: number, isFull = false) {
  const under = servicesInMemory(() => NOW).ingest
  const full = { accept: () => Promise.reject(new OverloadError('full')) }
  let [nowMs, asked] = [NOW * 1_000, 0]
  const { ingest, intake } = countIntake(isFull ? full : under, () => (nowMs += 500))
  const own = createStatusEndpoint({
    version: '1.2.3',
    defaultTenant: tenant,
    intake,
    lastStamp: async () => {
      asked += 1
      return stamp
    },
    addresses: () => ({ http: '127.0.0.1:2000', udp: '[::1]:2001' }),
  })
  const api = apiInMemory(NOW * 1_000, { own })
  const status = async () => {
    const { signal } = new AbortController()
    const request = { method: 'GET', path: '/api/status', headers: {}, body: Buffer.alloc(0), signal }
    const answer = await api.answer(request)
    expect([answer.status, answer.headers['Cache-Control']]).toEqual([200, 'no-store'])
    return parseObject(answer.body)
  }
  return { status, send: async (...texts: string[]) => ingest.accept(tenant, texts, 'http'), asked: () => asked }
}

describe('GET /api/status', () => {
  test('before anything came', async () => {
    expect(await started(0).status()).toEqual({
      version: '1.2.3',
      hasData: false,
      accepted: 0,
      rejected: 0,
      http: '127.0.0.1:2000',
      udp: '[::1]:2001',
      ...tenant,
    })
  })

  test('counts what came since the start, and says when the last document did', async () => {
    const { status, send } = started(0)
    await send(DOCUMENT, NO_DOCUMENT, DOCUMENT)
    expect(await status()).toMatchObject({ hasData: true, accepted: 2, rejected: 1, lastReceived: NOW + 0.5 })
    await send(DOCUMENT)
    expect(await status()).toMatchObject({ accepted: 3, rejected: 1, lastReceived: NOW + 1 })
  })

  test('documents that were turned away are no data', async () => {
    const { status, send } = started(0)
    await send(NO_DOCUMENT)
    const found = await status()
    expect(found).toMatchObject({ hasData: false, accepted: 0, rejected: 1 })
    expect(found).not.toHaveProperty('lastReceived')
  })

  test('what was turned away as a whole is neither', async () => {
    const { status, send } = started(0, true)
    await expect(send(DOCUMENT)).rejects.toThrow('full')
    expect(await status()).toMatchObject({ hasData: false, accepted: 0, rejected: 0 })
  })

  test('asks the store until something was stored', async () => {
    const { status, asked } = started(7)
    expect(await status()).toMatchObject({ hasData: true, accepted: 0 })
    await status()
    expect(asked()).toBe(1)
    const empty = started(0)
    await empty.status()
    await empty.status()
    expect(empty.asked()).toBe(2)
  })
})
