import { describe, expect, test } from 'vitest'
import { outlineOf } from '../../../../test/fixtures/trace-outline.ts'
import { countMatches, findLocally, matchesOf } from './find-locally.ts'
import { buildTraceModel } from './trace-model.ts'

const model = buildTraceModel(
  outlineOf([
    { depth: 0, name: 'gateway', service: 'gateway', start: 0, end: 500_000, status: 500, flags: ['fault'] },
    { depth: 1, name: 'Checkout', service: 'Checkout', start: 0, end: 300_000, status: 200, detail: 'POST /cart' },
    { depth: 2, name: 'DynamoDB', start: 0, end: 100_000, status: 400, flags: ['error'], detail: 'GetItem carts' },
    { depth: 3, name: 'DynamoDB', service: 'carts', start: 0, end: 100_000, flags: ['inferred'] },
    { depth: 2, name: 'price', start: 0 },
  ]),
)

describe('find', () => {
  test.each<[string, readonly number[], string]>([
    ['cart', [1, 2, 3], 'details, and the names of services, of which subsegments are not found'],
    ['  dynamo ', [2, 3], 'names, in any case'],
    ['checkout', [1], 'of a segment'],
    ['0000000003', [2], 'ids'],
    ['nothing of the kind', [], 'nothing'],
    ['fault AND', [], 'no filter, so a text'],
  ])('text %j: %j: %s', (text, nodes) => {
    expect(findLocally(model, text)).toEqual({ kind: 'text', matches: matchesOf(model, nodes) })
  })

  test.each<[string, readonly number[]]>([
    ['fault', [0]],
    ['fault or duration > 0.2', [0, 1]],
    ['!fault AND duration >= 0.1', [1, 2, 3]],
    ['ok', [1, 3, 4]],
    ['ok = false', [0, 2]],
    ['partial', [4]],
    ['inferred', [3]],
    ['throttle', []],
    ['http.status = 500', [0]],
    ['http.status', [0, 1, 2]],
    ['http.status != 500', [1, 2, 3, 4]],
    ['duration', [0, 1, 2, 3]],
    ['name = "DynamoDB"', [2]],
    ['name CONTAINS "ar" OR name BEGINSWITH "Check"', [1, 3]],
    ['(error OR fault) AND responsetime < 0.4', [2]],
  ])('filter %s: %j', (text, nodes) => {
    expect(findLocally(model, text)).toEqual({ kind: 'filter', matches: matchesOf(model, nodes) })
  })

  test.each([
    'annotation.tenant = "acme"',
    'fault AND http.url CONTAINS "cart"',
    'type = "AWS::DynamoDB::Table"',
    'service("api") { fault }',
    'name MATCHES "^ch"',
    '!user',
    'root',
  ])('the server is asked: %s', (text) => {
    expect(findLocally(model, text)).toEqual({ kind: 'server' })
  })

  test('blank looks for nothing', () => {
    expect(findLocally(model, '  ')).toEqual({ kind: 'nothing' })
  })

  test('what the server found, and how many', () => {
    expect([...matchesOf(model, [1, 4, 99])]).toEqual([0, 1, 0, 0, 1])
    expect(countMatches(matchesOf(model, [1, 4, 99]))).toBe(2)
  })
})
