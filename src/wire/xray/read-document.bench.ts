import { bench, describe } from 'vitest'
import { createDocumentReader } from './read-document.ts'
import { readSegmentDocument } from './read-segment-document.ts'
import { defaultReaderOptions } from './reader-options.ts'
import { writeDocument } from './write-document.ts'

const now = 1_780_000_000
const text = JSON.stringify({
  name: 'api.example.com',
  id: '70de5b6f19ff9a0a',
  start_time: now - 1.5,
  trace_id: '1-6a18a400-a006649127e371903a2de979',
  end_time: now - 1,
  http: {
    request: {
      method: 'GET',
      url: 'https://api.example.com/orders/42?x=1',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
      client_ip: '78.255.233.48',
    },
    response: { status: 200, content_length: 1234 },
  },
  aws: {
    account_id: '123456789012',
    ec2: { instance_id: 'i-0123456789abcdef0', availability_zone: 'us-east-1a' },
    xray: { sdk: 'X-Ray for Node.js', sdk_version: '3.12.0', package: 'aws-xray-sdk' },
  },
  annotations: { customer: 'acme', tier: 3, beta: true },
  metadata: { default: { cart: { items: [1, 2, 3], total: 99.5 } } },
  origin: 'AWS::EC2::Instance',
  service: { version: '1.2.3', runtime: 'node' },
  subsegments: [
    {
      id: '53995c3f42cd8ad8',
      name: 'DynamoDB',
      start_time: now - 1.4,
      end_time: now - 1.3,
      namespace: 'aws',
      http: { response: { status: 200 } },
      aws: { operation: 'PutItem', table_name: 'orders', region: 'us-east-1', request_id: 'ABCDEF', retries: 0 },
    },
    {
      id: '53995c3f42cd8ad9',
      name: 'orders@db.internal',
      start_time: now - 1.3,
      end_time: now - 1.2,
      namespace: 'remote',
      sql: {
        url: 'postgresql://db.internal:5432/orders',
        database_type: 'PostgreSQL',
        sanitized_query: 'SELECT * FROM orders WHERE id = ?',
      },
      subsegments: [{ id: '53995c3f42cd8ada', name: 'parse', start_time: now - 1.3, end_time: now - 1.25 }],
    },
  ],
})
const withPassword = text.replace('//db', '//web:hunter2@db')
const read = createDocumentReader(defaultReaderOptions)
const { traceId, entity } = readSegmentDocument(text)

describe(`a document of ${text.length} bytes`, () => {
  bench('JSON.parse alone', () => void JSON.parse(text))
  bench('the reader', () => void read(text, now))
  bench('the reader, with a password to mask', () => void read(withPassword, now))
  bench('the whole tree', () => void readSegmentDocument(text))
  bench('the tree as text', () => void writeDocument(traceId, { kind: 'segment', entity }))
})
