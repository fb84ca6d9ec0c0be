import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jsonAnswer, send, sendBytes, type RawAnswer, type RawRequest } from '../fixtures/raw-http.ts'
import { startServer, type RunningServer } from '../fixtures/run-server.ts'
import { segment } from '../fixtures/segments.ts'
import { parseObject } from '../fixtures/xray-client.ts'

let server: RunningServer

beforeAll(async () => {
  server = await startServer()
}, 60_000)

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
})

const JSON_TYPE = { 'content-type': 'application/json' }
const one = () => JSON.stringify({ TraceSegmentDocuments: [JSON.stringify(segment())] })
const call = (what: RawRequest = {}) => send(server.url, what)
const ACCEPTED = '{"UnprocessedTraceSegments":[]}'

function expectError(answer: RawAnswer, status: number, type: string, message: RegExp = /./): void {
  const body = jsonAnswer(answer)
  expect(answer.status).toBe(status)
  expect(answer.headers['x-amzn-errortype']).toBe(type)
  expect(body).toMatchObject({ __type: type, message: expect.stringMatching(message) })
  expect(body['Message']).toBe(body['message'])
  expect(answer.text).not.toContain('null')
}

describe('a call that is taken', () => {
  const bodies: readonly [string, () => RawRequest][] = [
    ['plain', () => ({ headers: JSON_TYPE, body: one() })],
    ['no content type', () => ({ body: one() })],
    [
      'a content type in another case, with a charset',
      () => ({ headers: { 'content-type': 'Application/JSON; charset=UTF-8' }, body: one() }),
    ],
    ['application/x-amz-json-1.1', () => ({ headers: { 'content-type': 'application/x-amz-json-1.1' }, body: one() })],
    ['text/plain', () => ({ headers: { 'content-type': 'text/plain' }, body: one() })],
    ['gzip', () => ({ headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body: gzipSync(one()) })],
    [
      'chunked',
      () => ({
        headers: JSON_TYPE,
        chunks: [...one()]
          .map((_, at, all) => (at % 50 ? '' : all.slice(at, at + 50).join('')))
          .filter((piece) => piece !== ''),
      }),
    ],
    ['Expect: 100-continue', () => ({ headers: { ...JSON_TYPE, expect: '100-continue' }, body: one() })],
    ['an unknown member', () => ({ headers: JSON_TYPE, body: one().replace('{', '{"Unknown":null,') })],
    [
      'junk credentials',
      () => ({
        headers: {
          ...JSON_TYPE,
          authorization:
            'AWS4-HMAC-SHA256 Credential=dummy/20260101/us-east-1/xray/aws4_request, SignedHeaders=host, Signature=0',
        },
        body: one(),
      }),
    ],
    [
      'a browser',
      () => ({
        headers: {
          accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
          'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)',
          'accept-language': 'en',
        },
        body: one(),
      }),
    ],
  ]

  test.each(bodies)('%s', async (_, request) => {
    const answer = await call(request())
    jsonAnswer(answer)
    expect(answer.text).toBe(ACCEPTED)
    expect(answer.status).toBe(200)
    expect(answer.headers['content-length']).toBe(String(ACCEPTED.length))
    expect(Math.abs(Date.parse(answer.headers.date ?? '') - Date.now())).toBeLessThan(5_000)
    expect(answer.headers['x-amzn-errortype']).toBeUndefined()
  })

  test('every request has an id of its own', async () => {
    const answers = await Promise.all([call({ body: one() }), call({ body: one() }), call({ body: '[' })])
    expect(new Set(answers.map((answer) => answer.headers['x-amzn-requestid'])).size).toBe(3)
  })

  test('an empty list is no error', async () => {
    expect((await call({ body: '{"TraceSegmentDocuments":[]}' })).text).toBe(ACCEPTED)
  })

  test('a rejection without an id has no Id member, and nothing is null', async () => {
    const answer = await call({ body: JSON.stringify({ TraceSegmentDocuments: ['x'] }) })
    expect(jsonAnswer(answer)).toEqual({
      UnprocessedTraceSegments: [{ ErrorCode: 'ParseError', Message: 'Invalid segment. ErrorCode: ParseError' }],
    })
  })
})

describe('a call that is refused', () => {
  const cases: readonly [string, RawRequest, number, string, RegExp?][] = [
    ['no body', {}, 400, 'InvalidRequestException', /TraceSegmentDocuments/],
    ['an empty object', { body: '{}' }, 400, 'InvalidRequestException', /TraceSegmentDocuments/],
    [
      'a null list',
      { body: '{"TraceSegmentDocuments":null}' },
      400,
      'InvalidRequestException',
      /TraceSegmentDocuments/,
    ],
    ['no JSON', { body: '{"TraceSegmentDocuments":[' }, 400, 'SerializationException'],
    ['JSON that is no object', { body: '[]' }, 400, 'SerializationException'],
    ['JSON that is a string', { body: '"x"' }, 400, 'SerializationException'],
    ['a list that is a string', { body: '{"TraceSegmentDocuments":"x"}' }, 400, 'SerializationException'],
    ['a list that is an object', { body: '{"TraceSegmentDocuments":{}}' }, 400, 'SerializationException'],
    ['an element that is a number', { body: '{"TraceSegmentDocuments":[1]}' }, 400, 'SerializationException'],
    [
      'an element that is an object',
      { body: '{"TraceSegmentDocuments":[{"name":"x"}]}' },
      400,
      'SerializationException',
      /string/i,
    ],
    [
      '51 documents',
      { body: JSON.stringify({ TraceSegmentDocuments: Array(51).fill('x') }) },
      400,
      'InvalidRequestException',
      /^Exceeding maximum segment count: 50$/,
    ],
    [
      'gzip that is none',
      { headers: { 'content-encoding': 'gzip' }, body: 'x'.repeat(40) },
      400,
      'SerializationException',
    ],
    ['a path that is unknown', { path: '/NoSuchOperation', body: '{}' }, 404, 'UnknownOperationException'],
    ['a path that is nearly known', { path: '/TraceSegments/x', body: '{}' }, 404, 'UnknownOperationException'],
    ['GET', { method: 'GET' }, 405, 'UnknownOperationException'],
    ['PUT', { method: 'PUT', body: one() }, 405, 'UnknownOperationException'],
    ['DELETE', { method: 'DELETE' }, 405, 'UnknownOperationException'],
    ["a browser's GET", { method: 'GET', headers: { accept: 'text/html' } }, 405, 'UnknownOperationException'],
    ['trace ids that are numbers', { path: '/Traces', body: '{"TraceIds":[1]}' }, 400, 'SerializationException'],
    ['trace ids that are text', { path: '/Traces', body: '{"TraceIds":"1"}' }, 400, 'SerializationException'],
    ['no trace ids', { path: '/Traces' }, 400, 'InvalidRequestException', /TraceIds/],
    [
      'a time that is a list',
      { path: '/TraceSummaries', body: '{"StartTime":[],"EndTime":2}' },
      400,
      'SerializationException',
    ],
    ['no times', { path: '/TraceSummaries', body: '{}' }, 400, 'InvalidRequestException', /StartTime/],
  ]

  test.each(cases)('%s', async (_, request, status, type, message) => {
    expectError(await call(request), status, type, message)
  })

  test('HEAD has the status and no body', async () => {
    const answer = await call({ method: 'HEAD' })
    expect([answer.status, answer.text]).toEqual([405, ''])
  })

  test('a body of 10 MiB is read, one byte more is too large, said or chunked or unpacked', async () => {
    const limit = 10 * 1024 * 1024
    const full = one().padEnd(limit, ' ')
    expect((await call({ body: full })).text).toBe(ACCEPTED)
    expectError(await call({ body: `${full} ` }), 413, 'RequestEntityTooLargeException')
    expectError(await call({ chunks: [full, ' '] }), 413, 'RequestEntityTooLargeException')
    const packed = { headers: { 'content-encoding': 'gzip' }, body: gzipSync(`${full} `) }
    expectError(await call(packed), 413, 'RequestEntityTooLargeException')
    expect((await call({ body: one() })).text).toBe(ACCEPTED)
  }, 30_000)

  test.each([
    ['bytes that are no HTTP', 'GARBAGE\r\n\r\n', 400],
    ['a header without a name', 'POST /TraceSegments HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n', 400],
    ['headers of 200 kB', `POST /TraceSegments HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(200_000)}\r\n\r\n`, 431],
    ['two lengths', 'POST /TraceSegments HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx', 400],
  ])('%s is answered with JSON', async (_, bytes, status) => {
    const text = await sendBytes(server.port, bytes)
    const [head = '', body = ''] = text.split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(head).toMatch(/^content-type: application\/json/im)
    expect(parseObject(body)).toHaveProperty('__type')
    expect((await call({ body: one() })).text).toBe(ACCEPTED)
  })
})

describe('the 38 paths', () => {
  const paths = `/Traces /CancelTraceRetrieval /CreateGroup /CreateSamplingRule /DeleteGroup /DeleteResourcePolicy
    /DeleteSamplingRule /EncryptionConfig /GetGroup /Groups /GetIndexingRules /Insight /InsightEvents /InsightImpactGraph
    /InsightSummaries /GetRetrievedTracesGraph /GetSamplingRules /SamplingStatisticSummaries /SamplingTargets
    /ServiceGraph /TimeSeriesServiceStatistics /TraceGraph /GetTraceSegmentDestination /TraceSummaries
    /ListResourcePolicies /ListRetrievedTraces /ListTagsForResource /PutEncryptionConfig /PutResourcePolicy
    /TelemetryRecords /TraceSegments /StartTraceRetrieval /TagResource /UntagResource /UpdateGroup /UpdateIndexingRule
    /UpdateSamplingRule /UpdateTraceSegmentDestination`
    .trim()
    .split(/\s+/)

  test('are all known: {} is answered with 200 or a 4xx of that operation, as JSON without null', async () => {
    expect(paths).toHaveLength(38)
    for (const path of paths) {
      const answer = await call({ path, headers: JSON_TYPE, body: '{}' })
      jsonAnswer(answer)
      expect([path, answer.status < 500, answer.status === 405]).toEqual([path, true, false])
      expect([path, answer.headers['x-amzn-errortype']]).not.toEqual([path, 'UnknownOperationException'])
      expect(answer.text).not.toMatch(/:null|UnknownAction|InvalidAction|Unknown operation:/)
    }
  })
})

describe("the REST reference's envelope (design §9)", () => {
  const plain = { accept: 'application/json', 'content-type': 'application/json', 'user-agent': 'curl/8.5.0' }
  const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

  test('its own call, by curl, gets the failure envelope that names the missing member', async ({ skip }) => {
    const args = ['--silent', '--request', 'POST', '--url', `${server.url}/TraceSegments`]
    args.push('--header', 'accept: application/json', '--header', 'content-type: application/json')
    const ran = await promisify(execFile)('curl', args).catch((error: unknown) => error)
    if (typeof ran === 'object' && ran !== null && 'code' in ran && ran.code === 'ENOENT')
      skip('no curl on this machine')
    expect(ran).toHaveProperty('stdout')
    const { stdout } = ran as { stdout: string }
    expect(parseObject(stdout)).toEqual({
      success: false,
      error: { code: 'VALIDATION_ERROR', message: expect.stringContaining('TraceSegmentDocuments') },
    })
  })

  test('the same call by another plain client: 400', async () => {
    const answer = await call({ headers: plain })
    expect(answer.status).toBe(400)
    expect(jsonAnswer(answer)).toMatchObject({ success: false, error: { code: 'VALIDATION_ERROR' } })
  })

  test.each([
    ['a list of texts', [JSON.stringify(segment())]],
    ['one text', JSON.stringify(segment())],
    ['a list of objects', [segment(), segment()]],
    ['one object', segment()],
  ])('%s gets the success envelope', async (_, TraceSegmentDocuments) => {
    const answer = await call({ headers: plain, body: JSON.stringify({ TraceSegmentDocuments }) })
    const body = jsonAnswer(answer)
    expect(answer.status).toBe(200)
    expect(body).toEqual({
      success: true,
      data: { id: answer.headers['x-amzn-requestid'], created_at: expect.stringMatching(UTC) },
    })
  })

  test('what was stored through it is there', async () => {
    const document = segment()
    await call({ headers: plain, body: JSON.stringify({ TraceSegmentDocuments: document }) })
    const answer = await call({ path: '/Traces', body: JSON.stringify({ TraceIds: [document['trace_id']] }) })
    expect(jsonAnswer(answer)).toMatchObject({ Traces: [{ Id: document['trace_id'] }], UnprocessedTraceIds: [] })
  })

  test('rejected documents are listed in data', async () => {
    const body = JSON.stringify({ TraceSegmentDocuments: ['x', JSON.stringify(segment())] })
    expect(jsonAnswer(await call({ headers: plain, body }))).toMatchObject({
      success: true,
      data: { UnprocessedTraceSegments: [{ ErrorCode: 'ParseError' }] },
    })
  })

  test.each([
    ['bad JSON', '{'],
    ['51 documents', JSON.stringify({ TraceSegmentDocuments: Array(51).fill('x') })],
  ])('%s gets the failure envelope', async (_, body) => {
    const answer = await call({ headers: plain, body })
    expect(answer.status).toBe(400)
    expect(jsonAnswer(answer)).toMatchObject({ success: false, error: { code: 'VALIDATION_ERROR' } })
  })

  const marks: readonly [string, Readonly<Record<string, string>>][] = [
    [
      'a signature',
      {
        authorization:
          'AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/xray/aws4_request, SignedHeaders=host, Signature=0',
      },
    ],
    ['x-amz-date', { 'x-amz-date': '20260101T000000Z' }],
    ['amz-sdk-request', { 'amz-sdk-request': 'attempt=1; max=3' }],
    ["boto3's user agent", { 'user-agent': 'Boto3/1.43.11 md/Botocore#1.43.11' }],
    ["the CLI's user agent", { 'user-agent': 'aws-cli/2.15.0 Python/3.11' }],
    ["the JS SDK's user agent", { 'user-agent': 'aws-sdk-js/3.1169.0' }],
    ["the daemon's user agent", { 'user-agent': 'xray-agent/xray-daemon/3.6.6 exec-env/UNKNOWN OS/linux-amd64' }],
    ['accept */*', { accept: '*/*' }],
    ['accept of a browser', { accept: 'text/html,application/json;q=0.9,*/*;q=0.8' }],
  ]
  test.each(marks)("%s gets AWS's shape", async (_, headers) => {
    expect((await call({ headers: { ...plain, ...headers }, body: one() })).text).toBe(ACCEPTED)
    expectError(await call({ headers: { ...plain, ...headers } }), 400, 'InvalidRequestException')
  })

  test('no other operation has an envelope', async () => {
    const answer = await call({ path: '/Traces', headers: plain, body: '{"TraceIds":["x"]}' })
    expect(jsonAnswer(answer)).toEqual({ Traces: [], UnprocessedTraceIds: ['x'] })
  })
})
