import { expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import type { RejectedQuery } from '../ingest/rejected-document.ts'
import { createOwnEndpoints } from './own-endpoints.ts'

const asked: RejectedQuery[] = []
const answers: unknown[] = []
let reasons: readonly string[] = []
const api = apiInMemory(0, {
  own: createOwnEndpoints({
    unreadyReasons: async () => reasons,
    metrics: { contentType: 'text/plain; version=0.0.4; charset=utf-8', text: async () => 'a 1\n' },
    rejected: {
      dropped: 3,
      async read(query) {
        asked.push(query)
        return { rejected: [], next: 7 }
      },
    },
    collectors: () => [],
  }),
  onAnswer: (calledFor, status, seconds) => answers.push([calledFor, status, seconds >= 0]),
})

async function get(path: string, method = 'GET'): Promise<readonly [number, string, string]> {
  const { signal } = new AbortController()
  const answer = await api.answer({ method, path, headers: {}, body: Buffer.alloc(0), signal })
  expect(answer.headers['x-amzn-RequestId']).toMatch(/^[0-9a-f-]{36}$/)
  return [answer.status, answer.headers['Content-Type'] ?? '', answer.body]
}

const JSON_TYPE = 'application/json'

test('the process is alive', async () => {
  expect(await get('/healthz')).toEqual([200, JSON_TYPE, '{"status":"ok"}'])
  expect((await get('/healthz', 'HEAD'))[0]).toBe(200)
})

test('it is ready, or says why not', async () => {
  expect(await get('/readyz')).toEqual([200, JSON_TYPE, '{"ready":true,"reasons":[]}'])
  reasons = ['the spool is full']
  expect(await get('/readyz?x')).toEqual([503, JSON_TYPE, '{"ready":false,"reasons":["the spool is full"]}'])
})

test('metrics are text', async () => {
  expect(await get('/metrics')).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8', 'a 1\n'])
})

test.each<[string, RejectedQuery]>([
  ['', { limit: 100 }],
  ['?limit=5&code=ParseError&before=17', { limit: 5, code: 'ParseError', before: 17 }],
  ['?since=1700000000.5&limit=', { limit: 100, sinceMs: 1_700_000_000_500 }],
  ['?since=2023-11-14T22:13:20Z', { limit: 100, sinceMs: 1_700_000_000_000 }],
])('rejections are asked for by %j', async (query, expected) => {
  asked.length = 0
  expect(await get(`/api/rejected${query}`)).toEqual([200, JSON_TYPE, '{"rejected":[],"next":7,"dropped":3}'])
  expect(asked).toEqual([expected])
})

test.each<[string, string, number, string]>([
  ['GET', '/api/rejected?limit=0', 400, 'limit must be an integer from 1 to 1000'],
  ['GET', '/api/rejected?limit=1e2', 400, 'limit must be an integer from 1 to 1000'],
  ['GET', '/api/rejected?before=-1', 400, `before must be an integer from 1 to ${Number.MAX_SAFE_INTEGER}`],
  ['GET', '/api/rejected?since=yesterday', 400, 'since must be epoch seconds or an ISO 8601 date'],
  ['POST', '/api/rejected', 405, 'This path is to be called with GET, HEAD'],
  ['GET', '/api/nothing', 404, 'No operation has this path'],
])('%s %s is answered %i', async (method, path, status, message) => {
  const [code, type, body] = await get(path, method)
  expect([code, type, Reflect.get(Object(JSON.parse(body)), 'message')]).toEqual([status, JSON_TYPE, message])
})

test('every answer is told with what it was for', async () => {
  answers.length = 0
  await get('/api/collectors')
  await get('/TraceSegments')
  await get('/nowhere')
  expect(answers).toEqual([
    ['/api/collectors', 200, true],
    ['PutTraceSegments', 405, true],
    [undefined, 404, true],
  ])
})
