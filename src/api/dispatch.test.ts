import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { send } from '../../test/fixtures/raw-http.ts'
import { createHttpServer } from '../server/http-server.ts'
import type { OperationName } from '../wire/xray/shapes.generated.ts'
import { operations } from '../wire/xray/shapes.generated.ts'
import type { ApiRequest } from './dispatch.ts'
import type { Operations } from './handler.ts'
import { MAX_BODY_BYTES } from './read-body.ts'

const NOW = 1_700_000_000
const TRACE = '1-6553f100-a006649127e371903a2de979'
const segment = { name: 'web', id: '70de5b6f19ff9a0a', trace_id: TRACE, start_time: NOW, end_time: NOW + 0.25 }
const put = (...documents: unknown[]) =>
  JSON.stringify({
    TraceSegmentDocuments: documents.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
  })

type Question = { method?: string; path?: string; headers?: Record<string, string>; body?: string | Uint8Array }
type Answer = { status: number; headers: Record<string, string>; text: string }
type Ask = (question: Question) => Promise<Answer>

const silent = { error: () => undefined }
const api = apiInMemory(NOW * 1000)
const server = createHttpServer({
  api,
  maxBodyBytes: MAX_BODY_BYTES,
  maxBodiesInFlightBytes: 4 * MAX_BODY_BYTES,
  log: silent,
})
const { port } = await server.listen('127.0.0.1', 0)
afterAll(() => server.close(100))

const lowered = (headers: object) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]))

const inProcess: Ask = async ({ method = 'POST', path = '/TraceSegments', headers = {}, body = '' }) => {
  const { signal } = new AbortController()
  const answer = await api.answer({ method, path, headers, body: Buffer.from(body), signal })
  return { status: answer.status, headers: lowered(answer.headers), text: answer.body }
}

const throughSocket: Ask = async (question) => {
  const answer = await send(`http://127.0.0.1:${port}`, question)
  return { ...answer, headers: lowered(answer.headers) }
}

describe.each<[string, Ask]>([
  ['in process', inProcess],
  ['through a socket', throughSocket],
])('%s', (place, ask) => {
  const error = async (question: Question) => {
    const answer = await ask(question)
    const body = JSON.parse(answer.text)
    expect(body).toEqual({ __type: answer.headers['x-amzn-errortype'], Message: body.message, message: body.message })
    return [answer.status, body.__type, body.message]
  }

  test.each<[string, Question]>([
    ['as AWS clients do', { body: put(segment), headers: { 'content-type': 'application/json' } }],
    ['without a content type', { body: put(segment) }],
    ['with another content type', { body: put(segment), headers: { 'content-type': 'application/x-amz-json-1.1' } }],
    ['with a trailing slash', { path: '/TraceSegments/', body: put(segment) }],
    ['with a query', { path: '/TraceSegments?x=/y', body: put(segment) }],
    ["by a proxy's absolute form", { path: 'http://xray.us-east-1.amazonaws.com/TraceSegments', body: put(segment) }],
    ['with a byte order mark', { body: `\uFEFF${put(segment)}` }],
    ['with letters beyond ASCII', { body: put({ ...segment, name: 'wéb' }) }],
    ['packed', { body: gzipSync(put(segment)), headers: { 'content-encoding': 'gzip' } }],
    ['packed, in another case', { body: gzipSync(put(segment)), headers: { 'content-encoding': 'X-GZIP' } }],
  ])('a document is taken %s', async (__, question) => {
    const answer = await ask(question)
    expect([answer.status, answer.text]).toEqual([200, '{"UnprocessedTraceSegments":[]}'])
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(answer.text.length),
      'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })

  test.each<[string, Question, number, string, string]>([
    ['an unknown path', { path: '/TraceSegment' }, 404, 'UnknownOperationException', 'No operation has this path'],
    [
      'an unknown path, GET',
      { method: 'GET', path: '/x' },
      404,
      'UnknownOperationException',
      'No operation has this path',
    ],
    ['a wrong method', { method: 'GET' }, 405, 'UnknownOperationException', 'This path is to be called with POST'],
    ['POST to the root', { path: '/' }, 405, 'UnknownOperationException', 'This path is to be called with GET, HEAD'],
    ['no body', {}, 400, 'InvalidRequestException', 'TraceSegmentDocuments is required'],
    ['a blank body', { body: ' \n' }, 400, 'InvalidRequestException', 'TraceSegmentDocuments is required'],
    ['no JSON', { body: '{"secret"' }, 400, 'SerializationException', 'The request body is not valid JSON'],
    [
      'JSON that is no object',
      { body: '[]' },
      400,
      'SerializationException',
      'The request body must be an object, but is a list',
    ],
    [
      'no gzip',
      { body: 'x', headers: { 'content-encoding': 'gzip' } },
      400,
      'SerializationException',
      'The request body is not valid gzip',
    ],
    [
      'half of a gzip',
      { body: gzipSync(put(segment)).subarray(0, 30), headers: { 'content-encoding': 'gzip' } },
      400,
      'SerializationException',
      'The request body is not valid gzip',
    ],
    [
      'brotli',
      { body: 'x', headers: { 'content-encoding': 'br' } },
      400,
      'SerializationException',
      'The Content-Encoding is not supported; send gzip or none',
    ],
    [
      'a bomb',
      { body: gzipSync(Buffer.alloc(MAX_BODY_BYTES + 1)), headers: { 'content-encoding': 'gzip' } },
      413,
      'RequestEntityTooLargeException',
      `The request body is larger than ${MAX_BODY_BYTES} bytes`,
    ],
    [
      '51 documents',
      { body: put(...Array<string>(51).fill('x')) },
      400,
      'InvalidRequestException',
      'Exceeding maximum segment count: 50',
    ],
    [
      'a bound',
      { path: '/GetGroup', body: '{"GroupName":""}' },
      400,
      'InvalidRequestException',
      "1 validation error detected: Value '' at 'groupName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
  ])('%s is an error', async (__, question, status, type, message) => {
    expect(await error(question)).toEqual([status, type, message])
  })

  test('a wrong method is told the right one', async () => {
    expect((await ask({ method: 'DELETE', path: '/Traces' })).headers['allow']).toBe('POST')
  })

  test('the root describes the service', async () => {
    const answer = await ask({ method: 'GET', path: '/' })
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      200,
      { name: 'Radiograph', version: '1.2.3', api: 'AWS X-Ray 2016-04-12', documentation: expect.any(String) },
    ])
  })

  test('accounts and regions do not see each other', async () => {
    const as = (key: string, region: string) => ({
      authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260101/${region}/xray/aws4_request, SignedHeaders=host, Signature=0`,
    })
    const id = `1-6553f100-${place.length.toString(16).padStart(24, '0')}`
    const found = async (headers: Record<string, string>) => {
      const body = JSON.stringify({ TraceIds: [id] })
      return JSON.parse((await ask({ path: '/Traces', headers, body })).text).Traces.length
    }
    await ask({ headers: as('111122223333', 'eu-west-1'), body: put({ ...segment, trace_id: id }) })
    expect(await found(as('111122223333', 'eu-west-1'))).toBe(1)
    expect(await found(as('111122223333', 'us-east-1'))).toBe(0)
    expect(await found(as('AKIDEXAMPLE', 'eu-west-1'))).toBe(0)
    expect(await found({})).toBe(0)
  })

  test("the REST reference's own call, with its two headers and no body", async () => {
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    const answer = await ask({ headers })
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      400,
      { success: false, error: { code: 'VALIDATION_ERROR', message: 'TraceSegmentDocuments is required' } },
    ])
    const taken = await ask({ headers, body: JSON.stringify({ TraceSegmentDocuments: segment }) })
    expect([taken.status, JSON.parse(taken.text)]).toEqual([
      200,
      { success: true, data: { id: taken.headers['x-amzn-requestid'], created_at: '2023-11-14T22:13:20.000Z' } },
    ])
  })
})

/** The table with one handler for all. The names are those of the model, and a handler that only rejects fits any. */
const everyOperation = (handler: () => Promise<never>): Operations =>
  Object.fromEntries(Object.keys(operations).map((name) => [name, handler])) as {
    [Op in OperationName]: () => Promise<never>
  }

describe('what nobody foresaw', () => {
  const request = (signal: AbortSignal): ApiRequest => ({
    method: 'POST',
    path: '/TraceSegments',
    headers: {},
    body: Buffer.from(put(segment)),
    signal,
  })
  const broken = (logged: object[]) =>
    apiInMemory(NOW * 1000, {
      log: { error: (fields) => void logged.push(fields) },
      operations: everyOperation(() => Promise.reject(new Error('EIO: the disk says no'))),
    })

  test('is an internal failure, logged once, and its words stay here', async () => {
    const logged: object[] = []
    const answer = await broken(logged).answer(request(new AbortController().signal))
    expect(answer.status).toBe(500)
    expect(JSON.parse(answer.body)).toEqual({
      __type: 'InternalFailure',
      Message: 'The call failed because of an internal error',
      message: 'The call failed because of an internal error',
    })
    const requestId = answer.headers['x-amzn-RequestId']
    expect(logged).toMatchObject([
      { requestId, operation: 'PutTraceSegments', err: { message: 'EIO: the disk says no' } },
    ])
  })

  test('is not logged when the client has gone', async () => {
    const logged: object[] = []
    expect((await broken(logged).answer(request(AbortSignal.abort()))).status).toBe(500)
    expect(logged).toEqual([])
  })

  test('a request that cannot be read is refused in its form', () => {
    const plain = { method: 'POST', path: '/TraceSegments', headers: { accept: 'application/json' } }
    expect(JSON.parse(api.refuse('ThrottledException', 'Rate exceeded', plain).body)).toEqual({
      success: false,
      error: { code: 'THROTTLED', message: 'Rate exceeded' },
    })
    expect(JSON.parse(api.refuse('ThrottledException', 'Rate exceeded').body)).toMatchObject({
      __type: 'ThrottledException',
    })
  })
})

test.each<[string, boolean]>([
  ['/TraceSegments', true],
  ['/TraceSegments/?x=1', true],
  ['/api', true],
  ['/api/not/yet', true],
  ['/', false],
  ['/traces', false],
  ['/apiary', false],
  ['/traces/1-6553f100-a006649127e371903a2de979', false],
])('%s is the API\u2019s: %j', (path, expected) => {
  expect(api.isOfApi(path)).toBe(expected)
})
