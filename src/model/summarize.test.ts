import { describe, expect, test } from 'vitest'
import { anEntity, segment, subsegment, T0, TRACE_ID } from '../../test/fixtures/model-documents.ts'
import { assemble } from './assemble.ts'
import type { AnnotationValue, SegmentDocument } from './entity.ts'
import { summarize } from './summarize.ts'
import type { TraceSummary } from './summary.ts'

function summaryOf(...documents: readonly SegmentDocument[]): TraceSummary {
  const received = documents.map((document, position) => ({ document, received: position + 1 }))
  return summarize(assemble(TRACE_ID, 3, received), T0 + 60)
}

const web = { name: 'web', names: ['web'], type: 'AWS::EC2::Instance' }
const api = { name: 'api', names: ['api'] }
const notes = (values: Record<string, AnnotationValue>) => new Map(Object.entries(values))

test('every member', () => {
  const summary = summaryOf(
    segment('a', {
      name: 'web',
      origin: 'AWS::EC2::Instance',
      end: 3,
      user: 'alice',
      resourceArn: 'arn:web',
      http: { url: 'http://web/', method: 'GET', userAgent: 'curl', clientIp: '10.0.0.1', status: 503, traced: true },
      aws: { ec2: { instance_id: 'i-1', availability_zone: 'us-east-1a' } },
      annotations: notes({ tenant: 'acme', size: 3 }),
      subsegments: [anEntity('b', { end: 4, traced: true, annotations: notes({ size: 3, ok: true }) })],
    }),
    segment('c', {
      name: 'api',
      parent: 'b',
      start: 1,
      throttle: true,
      user: 'alice',
      annotations: notes({ size: '3' }),
      aws: {
        ecs: { container_arn: 'arn:container' },
        cloudwatch_logs: [{ arn: 'arn:logs' }, { log_group: 'none' }, { arn: 'arn:web' }],
        function_arn: 'arn:function',
        topic_arn: 'arn:topic',
      },
    }),
  )
  expect(summary).toEqual({
    id: TRACE_ID,
    startTime: T0,
    duration: 4,
    responseTime: 3,
    hasFault: true,
    hasError: false,
    hasThrottle: true,
    isPartial: false,
    http: { url: 'http://web/', method: 'GET', userAgent: 'curl', clientIp: '10.0.0.1', status: 503 },
    annotations: new Map([
      ['tenant', [{ value: 'acme', serviceIds: [web] }]],
      [
        'size',
        [
          { value: 3, serviceIds: [web] },
          { value: '3', serviceIds: [api] },
        ],
      ],
      ['ok', [{ value: true, serviceIds: [web] }]],
    ]),
    users: [{ name: 'alice', serviceIds: [web, api] }],
    serviceIds: [{ ...web, type: 'client' }, web, api],
    resourceArns: ['arn:web', 'arn:function', 'arn:topic', 'arn:container', 'arn:logs'],
    instanceIds: ['i-1'],
    availabilityZones: ['us-east-1a'],
    entryPoint: web,
    faultRootCauses: [
      {
        services: [{ serviceId: web, inferred: false, entityPath: [{ name: 'web', remote: false, exceptions: [] }] }],
        clientImpacting: true,
      },
    ],
    errorRootCauses: [
      {
        services: [{ serviceId: api, inferred: false, entityPath: [{ name: 'api', remote: false, exceptions: [] }] }],
        clientImpacting: false,
      },
    ],
    responseTimeRootCauses: [
      {
        services: [
          {
            serviceId: web,
            inferred: false,
            entityPath: [
              { name: 'web', remote: false, coverage: 1 },
              { name: 'entity b', remote: false, coverage: 1 },
            ],
          },
        ],
        clientImpacting: true,
      },
    ],
    revision: 3,
  })
})

test('only an orphan: what needs a segment is empty or absent', () => {
  expect(summaryOf(subsegment('b', 'a', { fault: true, annotations: notes({ k: 1 }), user: 'bob' }))).toEqual({
    id: TRACE_ID,
    startTime: T0,
    duration: 1,
    hasFault: false,
    hasError: false,
    hasThrottle: false,
    isPartial: true,
    http: {},
    annotations: new Map([['k', [{ value: 1, serviceIds: [] }]]]),
    users: [],
    serviceIds: [],
    resourceArns: [],
    instanceIds: [],
    availabilityZones: [],
    faultRootCauses: [],
    errorRootCauses: [],
    responseTimeRootCauses: [],
    revision: 3,
  })
})

test('a root in progress has no response time, and contributes the flags that it has', () => {
  const summary = summaryOf(segment('a', { end: undefined, fault: true }))
  expect(summary).not.toHaveProperty('responseTime')
  expect(summary).toMatchObject({ hasFault: true, isPartial: true, duration: 0 })
})

test('faults and errors are those of the root, throttles those of any segment, never those of subsegments', () => {
  const call = anEntity('b', { fault: true, throttle: true })
  expect(summaryOf(segment('a', { subsegments: [call] }), segment('c', { parent: 'b', fault: true }))).toMatchObject({
    hasFault: false,
    hasError: false,
    hasThrottle: false,
  })
})

test('two nodes of one name: type and account tell them apart', () => {
  const { serviceIds, entryPoint } = summaryOf(
    segment('a', { name: 'f', origin: 'AWS::Lambda' }),
    segment('b', { name: 'f', origin: 'AWS::Lambda::Function', aws: { account_id: '111122223333' }, parent: 'a' }),
    segment('c', { name: 'f', origin: 'AWS::Lambda', parent: 'b' }),
  )
  const service = { name: 'f', names: ['f'], type: 'AWS::Lambda' }
  expect(serviceIds).toEqual([
    { ...service, type: 'client' },
    service,
    { name: 'f', names: ['f'], type: 'AWS::Lambda::Function', accountId: '111122223333' },
  ])
  expect(entryPoint).toEqual(service)
})

test('a service that does not report is a node with its resources and its throttles, and is no root', () => {
  const call = { namespace: 'aws', name: 'SNS', throttle: true, aws: { topic_arn: 'arn:topic', account_id: '1' } }
  expect(
    summaryOf(segment('a', { name: 'web', subsegments: [anEntity('b', call), anEntity('c', call)] })),
  ).toMatchObject({
    hasThrottle: true,
    hasError: false,
    serviceIds: [
      { name: 'web', names: ['web'], type: 'client' },
      { name: 'web', names: ['web'] },
      { name: 'SNS', names: ['SNS'], type: 'AWS::SNS', accountId: '1' },
    ],
    resourceArns: ['arn:topic'],
    entryPoint: { name: 'web', names: ['web'] },
  })
})

test('a trace whose first caller is not there has no client', () => {
  const { serviceIds } = summaryOf(segment('a', { parent: 'f' }))
  expect(serviceIds).toEqual([{ name: 'entity a', names: ['entity a'] }])
})

describe('partial', () => {
  const call = (fields: object) => segment('a', { subsegments: [anEntity('b', fields)] })
  test.each<{ reason: string; documents: SegmentDocument[]; partial: boolean }>([
    { reason: 'complete', documents: [segment('a')], partial: false },
    { reason: 'a segment in progress', documents: [segment('a', { end: undefined })], partial: true },
    { reason: 'a subsegment in progress', documents: [call({ end: undefined })], partial: true },
    { reason: 'an orphan', documents: [segment('a'), subsegment('b', 'f')], partial: true },
    { reason: 'subsegments of a cycle', documents: [segment('a'), subsegment('b', 'b')], partial: true },
    { reason: 'a traced call without its other side', documents: [call({ traced: true })], partial: true },
    { reason: 'the other spelling', documents: [call({ http: { traced: true } })], partial: true },
    {
      reason: 'a traced call with its other side',
      documents: [call({ traced: true }), segment('c', { parent: 'b' })],
      partial: false,
    },
    { reason: 'a downstream segment alone', documents: [segment('c', { parent: 'b' })], partial: true },
    {
      reason: 'a segment that names itself as its parent',
      documents: [segment('a', { parent: 'a' })],
      partial: false,
    },
  ])('$reason: $partial', ({ documents, partial }) => {
    expect(summaryOf(...documents).isPartial).toBe(partial)
  })
})

describe('annotations', () => {
  test('the first fifty keys are indexed, further values of theirs as well', () => {
    const many = (count: number, value: number) =>
      new Map(Array.from({ length: count }, (_, number) => [`k${number}`, value]))
    const { annotations } = summaryOf(
      segment('a', { annotations: many(49, 1) }),
      segment('b', { start: 1, annotations: many(52, 2) }),
    )
    expect([...annotations.keys()]).toEqual(Array.from({ length: 50 }, (_, number) => `k${number}`))
    expect(annotations.get('k0')?.map(({ value }) => value)).toEqual([1, 2])
    expect(annotations.get('k49')?.map(({ value }) => value)).toEqual([2])
  })

  test('text is cut to a thousand characters, not halves of them', () => {
    const { annotations } = summaryOf(segment('a', { annotations: notes({ k: '𝄞'.repeat(1_001), __proto: 'x' }) }))
    expect(annotations.get('k')?.map(({ value }) => value)).toEqual(['𝄞'.repeat(1_000)])
  })

  test('hostile keys are keys', () => {
    const { annotations } = summaryOf(segment('a', { annotations: new Map([['__proto__', 1]]) }))
    expect([...annotations]).toEqual([
      ['__proto__', [{ value: 1, serviceIds: [{ name: 'entity a', names: ['entity a'] }] }]],
    ])
  })
})

test.each([
  { reason: 'kept', status: 418, http: { status: 418 } },
  { reason: 'not of HTTP', status: 999, http: {} },
  { reason: 'not whole', status: 200.5, http: {} },
])('status $status is $reason', ({ status, http }) => {
  expect(summaryOf(segment('a', { http: { status } })).http).toEqual(http)
})

test('a chain of 20,000 subsegments', () => {
  const digits = (number: number) => (number + 1).toString(16)
  const chain = Array.from({ length: 20_000 }, (_, n) => subsegment(digits(n + 1), digits(n), { end: 2 + (n % 7) }))
  expect(summaryOf(segment(digits(0)), ...chain)).toMatchObject({ duration: 8, isPartial: false })
})
