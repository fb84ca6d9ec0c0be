import { bench, describe } from 'vitest'
import type { JsonObject } from '../../model/json.ts'
import { findSearchFacts } from './find-search-facts.ts'
import { createDocumentReader } from './read-document.ts'
import { readOutline } from './read-outline.ts'
import { readSegmentDocument } from './read-segment-document.ts'
import { defaultReaderOptions } from './reader-options.ts'

const now = 1_780_000_000
const call = (number: number, fields: object): object => {
  const start = now - 1.4 + number / 10
  return { id: `53995c3f42cd8ad${number}`, start_time: start, end_time: start + 0.05, ...fields }
}
const text = JSON.stringify({
  name: 'api.example.com',
  id: '70de5b6f19ff9a0a',
  start_time: now - 1.5,
  trace_id: '1-6a18a400-a006649127e371903a2de979',
  parent_id: '70de5b6f19ff9a0b',
  end_time: now - 1,
  http: {
    request: { method: 'GET', url: 'https://api.example.com/orders/42?x=1', client_ip: '78.255.233.48' },
    response: { status: 200, content_length: 1234 },
  },
  aws: { xray: { sdk: 'X-Ray for Node.js', sdk_version: '3.12.0', sampling_rule_name: 'Default' } },
  annotations: { customer: 'acme', tier: 3 },
  metadata: { default: { cart: { items: [1, 2, 3], total: 99.5, note: 'x'.repeat(600) } } },
  origin: 'AWS::EC2::Instance',
  subsegments: [
    call(0, {
      name: 'DynamoDB',
      namespace: 'aws',
      http: { response: { status: 200 } },
      aws: { operation: 'PutItem', table_name: 'orders', region: 'us-east-1', request_id: 'ABCDEF', retries: 0 },
    }),
    call(1, {
      name: 'orders@db.internal',
      namespace: 'remote',
      sql: { url: 'postgresql://db.internal:5432/orders', sanitized_query: 'SELECT * FROM orders WHERE id = ?' },
    }),
    call(2, { name: 'parse' }),
  ],
})
const document = JSON.parse(text) as JsonObject
const read = createDocumentReader(defaultReaderOptions)
if (read(text, now)[0]?.ok !== true) throw new Error('the document must be accepted')

describe(`a document of ${text.length} bytes`, () => {
  bench('the reader', () => void read(text, now))
  bench('the facts that searches narrow by, alone', () => void findSearchFacts(document))
  bench('the outline', () => void readOutline(text))
  bench('the whole tree', () => void readSegmentDocument(text))
})
