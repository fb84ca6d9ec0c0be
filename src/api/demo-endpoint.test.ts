import { expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { OverloadError, type Ingest } from '../ingest/ingest.ts'
import type { Tenant } from '../model/tenant.ts'
import { createDemoEndpoint } from './demo-endpoint.ts'

const NOW_MS = 1_700_000_000_000
const tenant: Tenant = { account: '123456789012', region: 'eu-central-1' }

/** An API whose ingest does this with each call, and what it was asked with. */
function apiOver(accept: Ingest['accept']) {
  const answers: (string | undefined)[] = []
  const api = apiInMemory(NOW_MS, {
    ownPosts: createDemoEndpoint({ ingest: { accept }, defaultTenant: tenant, clock: () => NOW_MS }),
    onAnswer: (calledFor) => answers.push(calledFor),
  })
  const call = async (method = 'POST', signal = new AbortController().signal, headers = {}) => {
    const { status, body } = await api.answer({ method, path: '/api/demo', headers, body: Buffer.alloc(0), signal })
    return { status, body: JSON.parse(body) as unknown }
  }
  return { answers, call }
}

test('the story goes through the ingest in calls that it takes, for the default tenant', async () => {
  const ids = new Set<unknown>()
  let documents = 0
  const { call, answers } = apiOver(async (asked, texts, source) => {
    expect([asked, source]).toEqual([tenant, 'http'])
    expect(texts.length).toBeLessThanOrEqual(50)
    for (const text of texts) ids.add((JSON.parse(text) as { trace_id: string }).trace_id)
    documents += texts.length
    return { rejections: [] }
  })
  expect(await call()).toEqual({ status: 200, body: { traces: ids.size, documents } })
  expect(ids.size).toBeGreaterThan(600)
  expect(answers).toEqual(['/api/demo'])
})

test('what was turned away is not counted', async () => {
  const message = 'Invalid segment. ErrorCode: InvalidName'
  const { call } = apiOver(async (_, texts) => ({ rejections: texts.map(() => ({ code: 'InvalidName', message })) }))
  expect(await call()).toMatchObject({ status: 200, body: { documents: 0 } })
})

test('one at a time', async () => {
  let open = (): void => undefined
  const gate = new Promise<void>((resolve) => (open = resolve))
  const { call } = apiOver(async () => {
    await gate
    return { rejections: [] }
  })
  const first = call()
  const message = 'Demo traces are being loaded already'
  expect(await call()).toMatchObject({ status: 400, body: { __type: 'InvalidRequestException', message } })
  open()
  expect(await first).toMatchObject({ status: 200 })
  expect(await call(), 'after it is done').toMatchObject({ status: 200 })
})

test('when there is no room, it says so, and may be called again', async () => {
  let isFull = true
  const { call } = apiOver(async () => {
    if (isFull) throw new OverloadError('full')
    return { rejections: [] }
  })
  expect(await call()).toMatchObject({ status: 429, body: { __type: 'ThrottledException' } })
  isFull = false
  expect(await call()).toMatchObject({ status: 200 })
})

test('it stops when the client goes away', async () => {
  const client = new AbortController()
  let calls = 0
  const { call } = apiOver(async () => {
    calls += 1
    client.abort()
    return { rejections: [] }
  })
  await call('POST', client.signal)
  expect(calls).toBe(1)
})

test.each(['GET', 'HEAD', 'DELETE'])('%s is refused', async (method) => {
  const { call } = apiOver(async () => ({ rejections: [] }))
  expect(await call(method)).toMatchObject({ status: 405, body: { message: 'This path is to be called with POST' } })
})

const FOREIGN = 'AccessDeniedException'
test.each<[string, Record<string, string>, string | undefined]>([
  ['no page at all', { host: 'localhost:2000' }, undefined],
  ['our own page', { host: 'localhost:2000', origin: 'http://localhost:2000' }, undefined],
  ['our own page, in capitals', { host: 'Traces.example.com', origin: 'https://traces.example.com' }, undefined],
  [
    'a proxy that names the host',
    { host: 'a:1', 'x-forwarded-host': 't.example', origin: 'https://t.example' },
    undefined,
  ],
  ['a proxy that does not', { host: 'a:1', origin: 'https://t.example', 'sec-fetch-site': 'same-origin' }, undefined],
  ['another host', { host: 'localhost:2000', origin: 'https://evil.example' }, FOREIGN],
  ['another port', { host: 'localhost:2000', origin: 'http://localhost:3000' }, FOREIGN],
  ['a page without origin', { host: 'localhost:2000', origin: 'null' }, FOREIGN],
  ['a request without host', { origin: 'http://localhost:2000' }, FOREIGN],
  ['what a browser knows better', { host: 'a:1', origin: 'http://b:1', 'sec-fetch-site': 'same-site' }, FOREIGN],
])('asked by %s', async (_, headers, refusal) => {
  const { call } = apiOver(async () => ({ rejections: [] }))
  const { status, body } = await call('POST', new AbortController().signal, headers)
  expect(body).toMatchObject(refusal === undefined ? { traces: expect.any(Number) } : { __type: refusal })
  expect(status).toBe(refusal === undefined ? 200 : 403)
})
