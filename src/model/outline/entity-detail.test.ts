import { expect, test } from 'vitest'
import { anEntity, type EntityFields } from '../../../test/fixtures/model-documents.ts'
import { entityDetail } from './entity-detail.ts'

const cases: readonly (readonly [EntityFields, string | undefined])[] = [
  [{}, undefined],
  [{ sql: { sanitizedQuery: ' SELECT *\n  FROM t ' }, http: { method: 'GET' } }, 'SELECT * FROM t'],
  [{ sql: { sanitizedQuery: 'x'.repeat(201) } }, `${'x'.repeat(199)}…`],
  [{ sql: { sanitizedQuery: `${'x'.repeat(198)}😀😀` } }, `${'x'.repeat(198)}…`],
  [{ sql: {}, aws: { operation: 'GetItem', resource_names: ['orders'] } }, 'GetItem orders'],
  [{ aws: { operation: 'ListTables' } }, 'ListTables'],
  [{ http: { method: 'GET', url: 'https://shop/cart/7?token=secret#a' } }, 'GET /cart/7'],
  [{ http: { url: 'https://shop' } }, '/'],
  [{ http: { method: 'POST' } }, 'POST'],
  [{ http: { status: 200 } }, undefined],
]

test.each(cases)('%j: %s', (fields, expected) => {
  expect(entityDetail(anEntity('1', fields))).toBe(expected)
})
