import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ErrorCode } from './error-catalogue.ts'
import { ServiceError, errorCatalogue, fail } from './error-catalogue.ts'
import { errorResponse } from './error-response.ts'

describe('the wire form of an error', () => {
  test.each<[ErrorCode, number, string]>([
    ['InvalidRequestException', 400, 'InvalidRequestException'],
    ['ThrottledException', 429, 'ThrottledException'],
    ['ResourceNotFoundException', 404, 'ResourceNotFoundException'],
    ['UnknownOperationException', 404, 'UnknownOperationException'],
    ['MethodNotAllowed', 405, 'UnknownOperationException'],
    ['RequestEntityTooLargeException', 413, 'RequestEntityTooLargeException'],
    ['AccessDeniedException', 403, 'AccessDeniedException'],
    ['InternalFailure', 500, 'InternalFailure'],
  ])('%s: %i %s', (code, status, type) => {
    const answer = errorResponse(new ServiceError(code, 'Überlast'), 'r-1')
    expect(answer).toEqual({
      status,
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': String(Buffer.byteLength(answer.body)),
        'x-amzn-RequestId': 'r-1',
        'x-amzn-ErrorType': type,
      },
      body: `{"__type":"${type}","Message":"Überlast","message":"Überlast"}`,
    })
  })

  test('fail throws what it is told', () => {
    expect(() => fail('ThrottledException', 'Rate exceeded')).toThrow(
      new ServiceError('ThrottledException', 'Rate exceeded'),
    )
  })
})

test('docs/errors.md lists the catalogue, line for line', () => {
  const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
  const listed = page.split('\n').filter((line) => line.startsWith('| `'))
  const catalogue = Object.entries(errorCatalogue).map(
    ([code, error]) => `| \`${'type' in error ? error.type : code}\` | ${error.status} | ${error.when} |`,
  )
  expect(catalogue.length).toBeGreaterThan(20)
  expect(listed, 'docs/errors.md and src/wire/aws/error-catalogue.ts disagree').toEqual(catalogue)
})
