import { gunzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'

import { send } from '../../test/fixtures/raw-http.ts'
import { jsonResponse, type HttpResponse } from '../wire/aws/http-message.ts'
import { createHttpServer, type HttpServer } from './http-server.ts'
import { packAnswer } from './pack-answer.ts'

const LONG = JSON.stringify({ text: 'a line\n'.repeat(1000) })
const GZIP = { 'accept-encoding': 'gzip, br' }

const answerOf = (body: string, more: Record<string, string> = {}): HttpResponse => jsonResponse(200, 'id', body, more)

test.each<[string, string, Record<string, string>, HttpResponse, string | undefined]>([
  ['a large one is packed', '/api/status', GZIP, answerOf(LONG), 'gzip'],
  ['nobody asked for it', '/api/status', {}, answerOf(LONG), undefined],
  ['it was refused', '/api/status', { 'accept-encoding': 'gzip;q=0' }, answerOf(LONG), undefined],
  ['a small one is not worth it', '/api/status', GZIP, answerOf('{}'), undefined],
  ['operations are not packed', '/Traces', GZIP, answerOf(LONG), undefined],
])('%s', async (_, path, headers, answer, encoding) => {
  const packed = await packAnswer({ method: 'GET', path, headers }, answer)
  expect(packed.headers['Content-Encoding']).toBe(encoding)
  expect(packed.headers['Content-Length']).toBe(String(Buffer.byteLength(packed.body)))
  const text = encoding === undefined ? packed.body : gunzipSync(packed.body).toString()
  expect(text).toBe(answer.body)
})

test('what goes on is left as it is', async () => {
  const answer: HttpResponse = { ...answerOf(LONG), rest: (async function* () {})() }
  expect(await packAnswer({ method: 'GET', path: '/api/traces', headers: GZIP }, answer)).toBe(answer)
})

let server: HttpServer | undefined
afterEach(() => server?.close(100))

test('through a socket, below a prefix', async () => {
  server = createHttpServer({
    api: { answer: async ({ path }) => answerOf(JSON.stringify({ path, LONG })), refuse: () => answerOf('{}') },
    basePath: '/tracing/',
    maxBodyBytes: 1024,
    maxBodiesInFlightBytes: 1024,
    log: { error: () => undefined },
  })
  const { port } = await server.listen('127.0.0.1', 0)
  const path = '/tracing/api/graph?from=1'
  const { headers } = await send(`http://127.0.0.1:${port}`, { method: 'GET', path, headers: GZIP })
  expect([headers['content-encoding'], headers.vary]).toEqual(['gzip', 'Accept-Encoding'])
  const { text } = await send(`http://127.0.0.1:${port}`, { method: 'GET', path })
  expect(JSON.parse(text)).toEqual({ path: '/api/graph?from=1', LONG })
})
