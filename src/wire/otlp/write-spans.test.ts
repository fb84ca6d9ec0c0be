import { describe, expect, test } from 'vitest'
import { parseObject } from '../../../test/fixtures/xray-client.ts'
import type { Entity } from '../../model/entity.ts'
import type { EntityId, TraceId } from '../../model/ids.ts'
import { writeSpans } from './write-spans.ts'

const TRACE = '1-6553f100-a006649127e371903a2de979' as TraceId
const ID = '70de5b6f19ff9a0a' as EntityId
const PARENT = '53995c3f42cd8ad8' as EntityId
const entity: Entity = {
  id: ID,
  name: 'web',
  startTime: 1_700_000_000.123456,
  endTime: 1_700_000_000.223456,
  inProgress: false,
  subsegments: [],
}
const write = (changed: Partial<Entity>, kind: 'segment' | 'orphan' = 'segment') =>
  [...writeSpans(TRACE, { kind, parentId: PARENT, entity: { ...entity, ...changed } })].map(({ document }) => document)

test('a span has its ids in the form of W3C, and times to the nanosecond', () => {
  const [text = ''] = write({})
  expect(text).toContain('"startTimeUnixNano":1700000000123456000,"endTimeUnixNano":1700000000223456000,')
  expect(parseObject(text)).toMatchObject({
    resource: { attributes: { 'service.name': 'web', 'cloud.provider': 'unknown' } },
    traceId: '6553f100a006649127e371903a2de979',
    spanId: ID,
    parentSpanId: PARENT,
    name: 'web',
    kind: 'SERVER',
    durationNano: 100_000_000,
    attributes: {},
    events: [],
    links: [],
    status: { code: 'UNSET' },
  })
})

describe('of an entity', () => {
  test.each<[string, Partial<Entity>, object]>([
    ['with a fault is an error', { fault: true }, { status: { code: 'ERROR' } }],
    ['with a status of 404 is an error', { http: { status: 404 } }, { status: { code: 'ERROR' } }],
    ['with a cause elsewhere names it', { cause: { kind: 'reference', id: 'abc' } }, { status: { message: 'abc' } }],
    [
      'with exceptions has events',
      {
        cause: {
          kind: 'exceptions',
          exceptions: [{ type: 'E', message: 'm', stack: [{ path: 'a.js', line: 3, label: 'f' }, { path: 'b.js' }] }],
        },
      },
      {
        status: { code: 'ERROR', message: 'm' },
        events: [
          {
            name: 'exception',
            attributes: {
              'exception.type': 'E',
              'exception.message': 'm',
              'exception.stacktrace': 'E: m\n\tat f(a.js: 3)\n\tat (b.js: <unknown>)',
            },
          },
        ],
      },
    ],
    [
      'with annotations and metadata has attributes; its own ones win',
      {
        annotations: new Map<string, string | number>([
          ['a', 1],
          ['http.url', 'mine'],
        ]),
        metadata: new Map([['default', { deep: [1] }]]),
        http: { url: 'https://example.com', method: 'GET' },
        user: 'u',
      },
      {
        attributes: {
          a: 1,
          'http.url': 'https://example.com',
          'http.method': 'GET',
          'enduser.id': 'u',
          'aws.xray.annotations': ['a', 'http.url'],
          'aws.xray.metadata.default': '{"deep":[1]}',
        },
      },
    ],
    [
      'that calls AWS names the service',
      { namespace: 'aws', name: 'DynamoDB', aws: { table_name: 't', account_id: '111122223333' } },
      { attributes: { 'aws.service': 'DynamoDB', 'aws.table_name': 't', 'aws.account_id': '111122223333' } },
    ],
    [
      'with links has theirs, ids in the form of W3C',
      { links: [{ traceId: TRACE, id: ID }] },
      { links: [{ traceId: '6553f100a006649127e371903a2de979', spanId: ID }] },
    ],
  ])('%s', (_, changed, expected) => {
    expect(parseObject(write(changed)[0] ?? '')).toMatchObject(expected)
  })

  test('in progress has no end', () => {
    const { endTime: _, ...open } = entity
    const [{ document } = { document: '' }] = writeSpans(TRACE, {
      kind: 'segment',
      entity: { ...open, inProgress: true },
    })
    expect(parseObject(document)).toMatchObject({ attributes: { 'aws.xray.inprogress': true } })
    expect(document).not.toMatch(/endTimeUnixNano|durationNano|parentSpanId|null/)
  })

  test.each([Number.MAX_VALUE, -Number.MAX_VALUE, 0])('at the time %d is a span', (startTime) => {
    expect(write({ startTime })).toHaveLength(1)
  })

  test.each<[string | undefined, string]>([
    ['aws', 'CLIENT'],
    ['remote', 'CLIENT'],
    [undefined, 'INTERNAL'],
  ])('sent on its own, of the namespace %s, is of the kind %s', (namespace, kind) => {
    const [text = ''] = write(namespace === undefined ? {} : { namespace }, 'orphan')
    expect(parseObject(text)).toMatchObject({ kind })
  })

  test('that is too long loses its metadata', () => {
    const [text = ''] = write({ metadata: new Map([['default', 'x'.repeat(204_800)]]), user: 'u' })
    expect(parseObject(text)['attributes']).toEqual({ 'enduser.id': 'u' })
  })
})
