import { expect, test } from 'vitest'
import type { Ingest } from '../ingest/ingest.ts'
import { OverloadError } from '../ingest/ingest.ts'
import { ServiceError } from '../wire/aws/error-catalogue.ts'
import { putTraceSegments } from './put-trace-segments.ts'

const tenant = { account: '123456789012', region: 'eu-west-1' }
const call = { requestId: 'r', tenant, signal: new AbortController().signal, nowSeconds: 1 }
const ending = (outcome: () => Promise<{ readonly rejections: [] }>): Ingest => ({ accept: outcome })

test('documents go to ingest in their order, in the name of the tenant', async () => {
  const accepted: unknown[] = []
  const put = putTraceSegments({
    async accept(...args) {
      accepted.push(args)
      return { rejections: [] }
    },
  })
  expect(await put({ TraceSegmentDocuments: ['b', 'a', 'b'] }, call)).toEqual({ UnprocessedTraceSegments: [] })
  expect(accepted).toEqual([[tenant, ['b', 'a', 'b'], 'http']])
})

test('rejections are listed in their order; one without an id has no Id', async () => {
  const put = putTraceSegments({
    async accept() {
      return {
        rejections: [
          {
            id: '70de5b6f19ff9a0a',
            code: 'MissingName',
            message: 'Invalid segment. ErrorCode: MissingName',
            path: 'name',
          },
          { code: 'ParseError', message: 'Invalid segment. ErrorCode: ParseError' },
        ],
      }
    },
  })
  expect(await put({ TraceSegmentDocuments: ['x', 'y', 'z'] }, call)).toStrictEqual({
    UnprocessedTraceSegments: [
      { ErrorCode: 'MissingName', Id: '70de5b6f19ff9a0a', Message: 'Invalid segment. ErrorCode: MissingName' },
      { ErrorCode: 'ParseError', Message: 'Invalid segment. ErrorCode: ParseError' },
    ],
  })
})

test('fifty documents are taken, fifty-one are not', async () => {
  const put = putTraceSegments(ending(async () => ({ rejections: [] })))
  const texts = Array<string>(50).fill('x')
  expect(await put({ TraceSegmentDocuments: texts }, call)).toEqual({ UnprocessedTraceSegments: [] })
  const tooMany = put({ TraceSegmentDocuments: [...texts, 'x'] }, call)
  await expect(tooMany).rejects.toMatchObject({
    code: 'InvalidRequestException',
    message: 'Exceeding maximum segment count: 50',
  })
})

test('an empty call asks ingest for nothing', async () => {
  const put = putTraceSegments(ending(() => Promise.reject(new Error('was asked'))))
  expect(await put({ TraceSegmentDocuments: [] }, call)).toEqual({ UnprocessedTraceSegments: [] })
})

test('no room is a throttle, any other failure is passed on', async () => {
  const full = putTraceSegments(ending(() => Promise.reject(new OverloadError('the spool is full'))))
  await expect(full({ TraceSegmentDocuments: ['x'] }, call)).rejects.toEqual(
    new ServiceError('ThrottledException', 'Rate exceeded'),
  )
  const broken = putTraceSegments(ending(() => Promise.reject(new Error('EIO'))))
  await expect(broken({ TraceSegmentDocuments: ['x'] }, call)).rejects.toThrow('EIO')
})
