import { describe, expect, test } from 'vitest'
import type { Json } from '../../model/json.ts'
import type { ErrorCode } from './error-catalogue.ts'
import { ServiceError } from './error-catalogue.ts'
import type { RequestHead } from './http-message.ts'
import { restEnvelope } from './rest-envelope.ts'
import { awsForm } from './wire-form.ts'

const auto = restEnvelope('auto')
const head = (headers: RequestHead['headers'], path = '/TraceSegments'): RequestHead => ({
  method: 'POST',
  path,
  headers,
})
const plain = { accept: 'application/json', 'content-type': 'application/json' }
const rest = restEnvelope('rest')('PutTraceSegments', head({}))

describe('who gets the envelope', () => {
  test.each<[string, RequestHead, boolean]>([
    ["the page's own call", head(plain), true],
    ['the same by curl', head({ ...plain, 'user-agent': 'curl/8.5.0' }), true],
    ['with a charset', head({ ...plain, accept: 'application/json; charset=utf-8' }), true],
    ['in another case', head({ ...plain, accept: 'Application/JSON' }), true],
    ['a bearer token is no AWS mark', head({ ...plain, authorization: 'Bearer x' }), true],
    ['no Accept', head({ 'content-type': 'application/json' }), false],
    ["curl's default", head({ accept: '*/*' }), false],
    ['application/json among others', head({ accept: 'application/json, text/plain, */*' }), false],
    ['a browser', head({ accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }), false],
    ['signed', head({ ...plain, authorization: 'AWS4-HMAC-SHA256 Credential=x/1/r/xray/aws4_request' }), false],
    ['x-amz-*', head({ ...plain, 'x-amz-date': '20260101T000000Z' }), false],
    ['amz-sdk-*', head({ ...plain, 'amz-sdk-invocation-id': 'x' }), false],
    ["the daemon's stamp", head({ ...plain, 'x-amzn-xray-timestamp': '1.5' }), false],
    ['presigned', head(plain, '/TraceSegments?X-Amz-Signature=00'), false],
    ['boto3', head({ ...plain, 'user-agent': 'Boto3/1.43 md/Botocore#1.43' }), false],
    ['JS SDK', head({ ...plain, 'user-agent': 'aws-sdk-js/3.1169.0 ua/2.1' }), false],
    ['AWS CLI', head({ ...plain, 'user-agent': 'aws-cli/2.15.0 md/awscrt' }), false],
    [
      'the daemon',
      head({ ...plain, 'user-agent': 'xray-agent/xray-daemon/3.6.6 exec-env/UNKNOWN OS/linux-amd64' }),
      false,
    ],
  ])('%s', (_, request, envelope) => {
    expect(auto('PutTraceSegments', request) !== awsForm).toBe(envelope)
  })

  test('only PutTraceSegments has one', () => {
    expect(auto('BatchGetTraces', head(plain, '/Traces'))).toBe(awsForm)
    expect(restEnvelope('rest')('GetTraceSummaries', head(plain))).toBe(awsForm)
    expect(auto(undefined, head(plain, '/'))).toBe(awsForm)
  })

  test('the operator can fix it', () => {
    expect(restEnvelope('aws')('PutTraceSegments', head(plain))).toBe(awsForm)
    expect(restEnvelope('rest')('PutTraceSegments', head({ 'x-amz-date': 'x' }))).not.toBe(awsForm)
  })
})

describe('what the plain form takes', () => {
  const text = '{"name":"a"}'
  test.each<[string, Json, Json]>([
    ['a list of texts, as AWS does', { TraceSegmentDocuments: [text, text] }, { TraceSegmentDocuments: [text, text] }],
    ['one text', { TraceSegmentDocuments: text }, { TraceSegmentDocuments: [text] }],
    ['one object', { TraceSegmentDocuments: { name: 'a' } }, { TraceSegmentDocuments: [text] }],
    ['objects in a list', { TraceSegmentDocuments: [{ name: 'a' }, text] }, { TraceSegmentDocuments: [text, text] }],
    [
      'a list in a list, which is an array document',
      { TraceSegmentDocuments: [[{ name: 'a' }]] },
      { TraceSegmentDocuments: [`[${text}]`] },
    ],
    ['nothing, to be refused by the shape', {}, {}],
    ['a number, to be refused by the shape', { TraceSegmentDocuments: 1 }, { TraceSegmentDocuments: 1 }],
    ['a list, to be refused by the shape', [], []],
  ])('%s', (_, body, read) => {
    expect(rest.readBody(body)).toEqual(read)
  })

  test('__proto__ in an object goes into its text', () => {
    const body = JSON.parse('{"TraceSegmentDocuments":{"__proto__":{"a":1}}}')
    expect(rest.readBody(body)).toEqual({ TraceSegmentDocuments: ['{"__proto__":{"a":1}}'] })
  })

  test('a document nested without end is refused, not a crash', () => {
    const body = JSON.parse(`{"TraceSegmentDocuments":${'['.repeat(200_000)}${']'.repeat(200_000)}}`)
    expect(() => rest.readBody({ TraceSegmentDocuments: [body.TraceSegmentDocuments] })).toThrow(ServiceError)
  })
})

describe('what it answers', () => {
  const nowMs = Date.UTC(2025, 0, 1)

  test('success names the request and the time', () => {
    const answer = rest.success({ UnprocessedTraceSegments: [] }, 'r-1', nowMs)
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({ 'Content-Type': 'application/json', 'x-amzn-RequestId': 'r-1' })
    expect(JSON.parse(answer.body)).toEqual({
      success: true,
      data: { id: 'r-1', created_at: '2025-01-01T00:00:00.000Z' },
    })
  })

  test('what was turned away is listed', () => {
    const UnprocessedTraceSegments = [{ ErrorCode: 'ParseError', Message: 'Invalid segment. ErrorCode: ParseError' }]
    const answer = rest.success({ UnprocessedTraceSegments }, 'r-1', nowMs)
    expect(JSON.parse(answer.body)).toMatchObject({ success: true, data: { UnprocessedTraceSegments } })
  })

  test.each<[ErrorCode, number, string]>([
    ['InvalidRequestException', 400, 'VALIDATION_ERROR'],
    ['SerializationException', 400, 'VALIDATION_ERROR'],
    ['RequestEntityTooLargeException', 413, 'VALIDATION_ERROR'],
    ['AccessDeniedException', 403, 'UNAUTHORIZED'],
    ['ThrottledException', 429, 'THROTTLED'],
    ['InternalFailure', 500, 'INTERNAL_ERROR'],
  ])('%s: %i %s', (code, status, restCode) => {
    const answer = rest.failure(new ServiceError(code, 'why'), 'r-1')
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.body)).toEqual({ success: false, error: { code: restCode, message: 'why' } })
  })
})
