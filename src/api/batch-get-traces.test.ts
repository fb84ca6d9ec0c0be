import { beforeAll, describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { traceId } from '../../test/fixtures/model-documents.ts'
import { batchGetTraces } from './batch-get-traces.ts'

const NOW = 1_700_000_000
const api = apiInMemory(NOW * 1000)
const { signal } = new AbortController()

const ask = async (path: string, body: unknown) => {
  const answer = await api.answer({
    method: 'POST',
    path,
    headers: {},
    body: Buffer.from(JSON.stringify(body)),
    signal,
  })
  return JSON.parse(answer.body)
}
const traces = (TraceIds: readonly unknown[], rest: object = {}) => ask('/Traces', { TraceIds, ...rest })
const idOf = (number: number) => `1-6553f100-${String(number).padStart(24, '0')}`

/** web → a subsegment that came on its own; an orphan; a segment in progress. */
const documents = [
  { name: 'web', id: '00000000000000a1', trace_id: idOf(1), start_time: NOW, end_time: NOW + 1 },
  {
    type: 'subsegment',
    name: 'call',
    id: '00000000000000a2',
    parent_id: '00000000000000a1',
    trace_id: idOf(1),
    start_time: NOW,
    end_time: NOW + 1.25,
  },
  {
    type: 'subsegment',
    name: 'lost',
    id: '00000000000000a3',
    parent_id: 'ffffffffffffffff',
    trace_id: idOf(1),
    start_time: NOW + 1,
    end_time: NOW + 1.2,
  },
  { name: 'slow', id: '00000000000000b1', trace_id: idOf(2), start_time: NOW, in_progress: true },
]

beforeAll(async () => {
  const TraceSegmentDocuments = documents.map((document) => JSON.stringify(document))
  await ask('/TraceSegments', { TraceSegmentDocuments })
})

test('a trace is one entry with its roots as documents', async () => {
  const { Traces, UnprocessedTraceIds } = await traces([idOf(1)])
  expect(UnprocessedTraceIds).toEqual([])
  expect(Traces).toHaveLength(1)
  expect(Traces[0]).toMatchObject({ Id: idOf(1), Duration: 1.25, LimitExceeded: false })
  const segments = Traces[0].Segments.map(({ Id, Document }: { Id: string; Document: string }) => [
    Id,
    JSON.parse(Document),
  ])
  expect(segments).toEqual([
    [
      '00000000000000a1',
      {
        ...documents[0],
        subsegments: [{ id: '00000000000000a2', name: 'call', start_time: NOW, end_time: NOW + 1.25 }],
      },
    ],
    ['00000000000000a3', documents[2]],
  ])
})

test('a service that does not report is there until it does', async () => {
  const trace_id = idOf(3)
  const times = { start_time: NOW, end_time: NOW + 1 }
  const call = { ...times, name: 'SNS', id: '00000000000000c2', namespace: 'aws', aws: { topic_arn: 'arn:x:t' } }
  const caller = { ...times, name: 'web', id: '00000000000000c1', trace_id, subsegments: [call] }
  const segments = async () => {
    const [trace] = (await traces([trace_id])).Traces
    return trace.Segments.map(({ Id, Document }: { Id: string; Document: string }) => [Id, JSON.parse(Document)])
  }
  await ask('/TraceSegments', { TraceSegmentDocuments: [JSON.stringify(caller)] })
  const aws = { topic_arn: 'arn:x:t', resource_names: ['t'] }
  // printf %s "$trace_id:$parent_id" | sha256sum | cut -c1-16
  const id = 'c2b307db6ac6cf79'
  const root = ['00000000000000c1', { ...caller, subsegments: [{ ...call, aws }] }]
  expect(await segments()).toEqual([
    root,
    [id, { ...times, id, name: 'SNS', trace_id, parent_id: call.id, inferred: true, aws, origin: 'AWS::SNS' }],
  ])

  const real = { ...times, name: 'SNS', id: '00000000000000c3', trace_id, parent_id: call.id }
  await ask('/TraceSegments', { TraceSegmentDocuments: [JSON.stringify(real)] })
  expect(await segments()).toEqual([root, ['00000000000000c3', real]])
})

test.each([
  { storedBytes: 999, exceeded: false },
  { storedBytes: 1_000, exceeded: true },
  { storedBytes: undefined, exceeded: false },
])('a trace of $storedBytes bytes has exceeded a limit of 1,000: $exceeded', async ({ storedBytes, exceeded }) => {
  const id = traceId(1)
  const queries = { traces: async () => [{ id, revision: 1, roots: [], ...(storedBytes && { storedBytes }) }] }
  const tenant = { account: '000000000000', region: 'us-east-1' }
  const handler = batchGetTraces(queries, () => '', 1_000)
  const { Traces } = await handler({ TraceIds: [id] }, { requestId: 'r', tenant, signal, nowSeconds: NOW })
  expect(Traces?.map(({ LimitExceeded }) => LimitExceeded)).toEqual([exceeded])
})

test('a trace in progress lasts no time yet', async () => {
  expect((await traces([idOf(2)])).Traces).toMatchObject([{ Id: idOf(2), Duration: 0 }])
})

test.each<[string, readonly string[], readonly string[], readonly string[]]>([
  ['in the order asked', [idOf(2), idOf(1)], [idOf(2), idOf(1)], []],
  ['each once', [idOf(1), idOf(1), idOf(2), idOf(1)], [idOf(1), idOf(2)], []],
  ['by the W3C form of an id', [idOf(1).replaceAll('-', '').slice(1)], [idOf(1)], []],
  ['both forms at once', [idOf(1), idOf(1).replaceAll('-', '').slice(1)], [idOf(1)], []],
  ['by upper case', [idOf(1).toUpperCase()], [idOf(1)], []],
  ['unknown ones as they were sent, once', [idOf(9), idOf(1), 'x', idOf(9)], [idOf(1)], [idOf(9), 'x']],
  [
    'the "no trace" id is unknown',
    [idOf(0).replace('6553f100', '00000000')],
    [],
    [idOf(0).replace('6553f100', '00000000')],
  ],
])('answers %s', async (_, ids, found, unprocessed) => {
  const answer = await traces(ids)
  expect(answer.Traces.map(({ Id }: { Id: string }) => Id)).toEqual(found)
  expect(answer.UnprocessedTraceIds).toEqual(unprocessed)
})

describe('refuses, in this order', () => {
  const six = Array<string>(6).fill('')
  test.each<[string, unknown, string, string]>([
    [
      'a wrong type',
      { TraceIds: six.map(() => 7), NextToken: 'x' },
      'SerializationException',
      'TraceIds[0] must be a string, but is an integer',
    ],
    ['no ids', { NextToken: 'x' }, 'InvalidRequestException', 'TraceIds is required'],
    ['a token', { TraceIds: six, NextToken: 'x' }, 'InvalidRequestException', 'NextToken is currently not supported'],
    [
      'more than five, even the same one',
      { TraceIds: six, NextToken: null },
      'InvalidRequestException',
      'Exceeding maximum query size: 5',
    ],
    [
      'an empty list',
      { TraceIds: [] },
      'InvalidRequestException',
      "1 validation error detected: Value '[]' at 'traceIds' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'an empty id',
      { TraceIds: [''] },
      'InvalidRequestException',
      "1 validation error detected: Value '' at 'traceIds.1.member' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'an id of 36 characters',
      { TraceIds: ['x'.repeat(36)] },
      'InvalidRequestException',
      `1 validation error detected: Value '${'x'.repeat(36)}' at 'traceIds.1.member' failed to satisfy constraint: Member must have length less than or equal to 35`,
    ],
  ])('%s', async (_, body, type, message) => {
    expect(await ask('/Traces', body)).toEqual({ __type: type, Message: message, message })
  })
})
