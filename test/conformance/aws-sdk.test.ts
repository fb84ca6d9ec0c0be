import {
  BatchGetTracesCommand,
  GetTraceSummariesCommand,
  InvalidRequestException,
  paginateGetTraceSummaries,
  PutTraceSegmentsCommand,
  type GetTraceSummariesCommandOutput,
  type TraceSummary,
} from '@aws-sdk/client-xray'
import { beforeAll, describe, expect, test } from 'vitest'
import { newId, newTraceId, segment, subsegment, type SegmentFields } from '../fixtures/segments.ts'
import { sharedServer } from '../fixtures/shared-server.ts'
import { documents, entities, readTraces, subsegments, xrayClient } from '../fixtures/xray-client.ts'

const { server, client } = await sharedServer()

/** Puts documents and expects every one to be taken. */
async function put(...docs: readonly (SegmentFields | readonly SegmentFields[])[]): Promise<void> {
  const texts = docs.map((document) => JSON.stringify(document))
  const answer = await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: texts }))
  expect(answer.UnprocessedTraceSegments).toEqual([])
}

async function summary(traceId: string): Promise<TraceSummary | undefined> {
  const now = Date.now() / 1000
  const pages = paginateGetTraceSummaries(
    { client },
    { StartTime: new Date((now - 60) * 1000), EndTime: new Date((now + 60) * 1000) },
  )
  for await (const page of pages) {
    const found = page.TraceSummaries?.find(({ Id }) => Id === traceId)
    if (found !== undefined) return found
  }
  return undefined
}

test('documents in, one merged trace out, at once (issue 2, acceptance 1)', async () => {
  const traceId = '1-58406520-a006649127e371903a2de979'
  const now = Date.now() / 1000
  const [root, worker, query, parse] = ['70de5b6f19ff9a0a', '53995c3f42cd8ad8', newId(), newId()]
  const times = { start_time: now - 3, end_time: now - 1 }

  await put({ name: 'Scorekeep', id: root, trace_id: traceId, ...times })
  expect(documents((await readTraces(client, [traceId]))[0])).toMatchObject([{ id: root, name: 'Scorekeep', ...times }])

  const open = { name: 'worker', id: worker, trace_id: traceId, parent_id: query, start_time: now - 2.5 }
  await put({ ...open, in_progress: true, annotations: { stage: 'early' } })
  expect(entities((await readTraces(client, [traceId]))[0]).get(worker)).toMatchObject({ in_progress: true })
  expect(await summary(traceId)).toMatchObject({ IsPartial: true })

  await put({ ...open, end_time: now - 2, annotations: { stage: 'late' }, user: 'alice' })
  const completed = entities((await readTraces(client, [traceId]))[0]).get(worker)
  expect(completed).toMatchObject({ end_time: now - 2, annotations: { stage: 'late' } })
  expect(completed).not.toHaveProperty('in_progress')

  const inner = { type: 'subsegment', trace_id: traceId, start_time: now - 2.8, end_time: now - 1.5 }
  await put([
    { ...inner, name: 'worker', id: query, parent_id: root, namespace: 'remote' },
    { ...inner, name: 'parse', id: parse, parent_id: query },
  ])

  const answer = await client.send(new BatchGetTracesCommand({ TraceIds: [traceId] }))
  expect(answer.UnprocessedTraceIds).toEqual([])
  expect(answer.Traces).toHaveLength(1)
  const [trace] = answer.Traces ?? []
  expect(trace).toMatchObject({ Id: traceId, LimitExceeded: false })
  expect(trace?.Duration).toBeCloseTo(2, 2)
  expect(documents(trace).map(({ id }) => id)).toEqual([root, worker])
  const [call] = subsegments(documents(trace)[0])
  expect(call).toMatchObject({ id: query, name: 'worker', namespace: 'remote' })
  expect(subsegments(call)).toMatchObject([{ id: parse, name: 'parse' }])
  for (const member of ['type', 'trace_id', 'parent_id']) expect(call).not.toHaveProperty(member)

  const line = await summary(traceId)
  expect(line).toMatchObject({
    Id: traceId,
    IsPartial: false,
    HasFault: false,
    HasError: false,
    HasThrottle: false,
    Revision: 4,
    EntryPoint: { Name: 'Scorekeep' },
    Users: [{ UserName: 'alice' }],
    Annotations: { stage: [{ AnnotationValue: { StringValue: 'late' } }] },
  })
  expect(line?.Http).toBeTypeOf('object')
  expect(line?.ServiceIds?.map(({ Name, Type = 'none' }) => `${Name} ${Type}`).toSorted()).toEqual([
    'Scorekeep client',
    'Scorekeep none',
    'worker none',
  ])
  expect(line?.Duration).toBeCloseTo(2, 2)
  expect(line?.ResponseTime).toBeCloseTo(2, 2)
  expect(line?.StartTime?.getTime()).toBeCloseTo((now - 3) * 1000, -1)
}, 30_000)

describe('BatchGetTraces', () => {
  test('answers each trace once, in the order asked, and names the ids it does not know', async () => {
    const [first, second, unknown] = [newTraceId(), newTraceId(), newTraceId()]
    await put(segment({ trace_id: first }), segment({ trace_id: second }))
    const TraceIds = [second, unknown, first, second]
    const answer = await client.send(new BatchGetTracesCommand({ TraceIds }))
    expect(answer.Traces?.map(({ Id }) => Id)).toEqual([second, first])
    expect(answer.UnprocessedTraceIds).toEqual([unknown])
    expect(answer.NextToken).toBeUndefined()
  })

  test('takes a W3C trace id of 32 digits for the same trace', async () => {
    const traceId = newTraceId()
    await put(segment({ trace_id: traceId.slice(2).replace('-', '') }))
    expect((await readTraces(client, [traceId])).map(({ Id }) => Id)).toEqual([traceId])
  })

  test('an orphan subsegment is kept on its own, with its type and parent, and makes the trace partial', async () => {
    const [trace_id, parent_id] = [newTraceId(), newId()]
    await put(subsegment({ trace_id, parent_id }))
    const [trace] = await readTraces(client, [trace_id])
    expect(documents(trace)).toMatchObject([{ type: 'subsegment', parent_id, trace_id, name: 'work' }])
    expect(await summary(trace_id)).toMatchObject({ IsPartial: true })
    await put(segment({ trace_id, id: parent_id }))
    const [whole] = await readTraces(client, [trace_id])
    expect(documents(whole)).toMatchObject([{ id: parent_id, subsegments: [{ name: 'work' }] }])
    expect(await summary(trace_id)).toMatchObject({ IsPartial: false })
  })

  test('what is outside the schema is gone, what is inside is as it was sent', async () => {
    const document = segment({
      http: {
        request: { url: 'http://shop.example/ä', method: 'GET' },
        response: { status: 503, content_length: '12' },
      },
      annotations: { ok: 1, 'not ok': 2, flag: true, text: '' },
      metadata: { default: { deep: [1, { two: null }], nothing: '' } },
      fault: true,
      cause: { working_directory: '/app', exceptions: [{ id: newId(), message: 'boom', type: 'Error' }] },
      Dummy: false,
    })
    await put(document)
    const [trace] = await readTraces(client, [String(document['trace_id'])])
    const [stored] = documents(trace)
    expect(stored).toMatchObject({
      http: { request: { url: 'http://shop.example/ä', method: 'GET' }, response: { status: 503, content_length: 12 } },
      annotations: { ok: 1, flag: true, text: '' },
      fault: true,
      cause: { exceptions: [{ message: 'boom', type: 'Error' }] },
      start_time: document['start_time'],
      end_time: document['end_time'],
    })
    expect(stored).not.toHaveProperty('Dummy')
    expect(stored?.['annotations']).not.toHaveProperty('not ok')
  })
})

describe('GetTraceSummaries pages', () => {
  const COUNT = 230
  // A second of its own, an hour ago, so that nothing else is in the window.
  const from = Math.floor(Date.now() / 1000) - 3600
  const window = { StartTime: new Date(from * 1000), EndTime: new Date((from + COUNT) * 1000) }
  const ids = Array.from({ length: COUNT }, (_, second) => newTraceId(from + second))

  beforeAll(async () => {
    const docs = ids.map((trace_id, second) =>
      segment({ trace_id, start_time: from + second, end_time: from + second + 0.25 }),
    )
    for (let at = 0; at < docs.length; at += 50) await put(...docs.slice(at, at + 50))
  }, 30_000)

  test('each trace comes once, newest first, a hundred to a page', async () => {
    const pages: GetTraceSummariesCommandOutput[] = []
    for await (const page of paginateGetTraceSummaries({ client }, window)) pages.push(page)
    expect(pages.map((page) => page.TraceSummaries?.length)).toEqual([100, 100, 30])
    expect(pages.flatMap((page) => page.TraceSummaries?.map(({ Id }) => Id))).toEqual(ids.toReversed())
    expect(pages.at(-1)?.NextToken).toBeUndefined()
    expect(pages[0]?.ApproximateTime).toBeInstanceOf(Date)
    expect(pages[0]?.TracesProcessedCount).toBeGreaterThanOrEqual(100)
  })

  test('the window is half-open', async () => {
    const StartTime = new Date((from + 10) * 1000)
    const EndTime = new Date((from + 12) * 1000)
    const answer = await client.send(new GetTraceSummariesCommand({ StartTime, EndTime }))
    expect(answer.TraceSummaries?.map(({ Id }) => Id)).toEqual([ids[11], ids[10]])
  })

  test.each([
    ['a token that is none', () => ({ ...window, NextToken: 'nonsense' })],
    [
      'a token of another window',
      (NextToken: string) => ({ ...window, StartTime: new Date(from * 1000 + 1), NextToken }),
    ],
  ])('%s is refused', async (_, input) => {
    const first = await client.send(new GetTraceSummariesCommand(window))
    const call = client.send(new GetTraceSummariesCommand(input(first.NextToken ?? '')))
    await expect(call).rejects.toMatchObject({ name: 'InvalidRequestException', message: 'Invalid NextToken' })
  })
})

describe("errors arrive as the SDK's own classes", () => {
  const documentsOf = (count: number) => Array.from({ length: count }, () => JSON.stringify(segment()))
  const now = new Date()
  const cases: readonly [string, () => Promise<unknown>, string | RegExp][] = [
    [
      '51 documents',
      () => client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: documentsOf(51) })),
      'Exceeding maximum segment count: 50',
    ],
    [
      'no documents member',
      () => client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: undefined })),
      /TraceSegmentDocuments/,
    ],
    [
      'six trace ids',
      () => client.send(new BatchGetTracesCommand({ TraceIds: Array.from({ length: 6 }, () => newTraceId()) })),
      'Exceeding maximum query size: 5',
    ],
    [
      'NextToken of BatchGetTraces',
      () => client.send(new BatchGetTracesCommand({ TraceIds: [newTraceId()], NextToken: 'x' })),
      'NextToken is currently not supported',
    ],
    ['no trace ids', () => client.send(new BatchGetTracesCommand({ TraceIds: [] })), /./],
    ['an empty trace id', () => client.send(new BatchGetTracesCommand({ TraceIds: [''] })), /./],
    ['a trace id of 36 characters', () => client.send(new BatchGetTracesCommand({ TraceIds: ['1'.repeat(36)] })), /./],
    [
      'an empty window',
      () => client.send(new GetTraceSummariesCommand({ StartTime: now, EndTime: now })),
      'StartTime must be before EndTime',
    ],
    ['no window', () => client.send(new GetTraceSummariesCommand({ StartTime: now, EndTime: undefined })), /EndTime/],
  ]

  test.each(cases)('%s', async (_, call, message) => {
    const error: unknown = await call().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(InvalidRequestException)
    expect(error).toMatchObject({ name: 'InvalidRequestException', $metadata: { httpStatusCode: 400 } })
    expect(error).toHaveProperty('$metadata.requestId', expect.stringMatching(/^[0-9a-f-]{36}$/))
    expect(error).toHaveProperty('message', typeof message === 'string' ? message : expect.stringMatching(message))
  })

  test('an unknown trace id of at most 35 characters is no error', async () => {
    const answer = await client.send(new BatchGetTracesCommand({ TraceIds: ['not-a-trace-id'] }))
    expect(answer).toMatchObject({ Traces: [], UnprocessedTraceIds: ['not-a-trace-id'] })
  })

  test('50 documents and none are taken', async () => {
    const full = await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: documentsOf(50) }))
    const empty = await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: [] }))
    expect([full.UnprocessedTraceSegments, empty.UnprocessedTraceSegments]).toEqual([[], []])
  })
})

test('every caller of many reads what it wrote, at once', async () => {
  const callers = Array.from({ length: 16 }, async () => {
    for (let round = 0; round < 5; round++) {
      const trace_id = newTraceId()
      const root = segment({ trace_id })
      const parent_id = String(root['id'])
      await Promise.all([put(root), ...Array.from({ length: 4 }, () => put(subsegment({ trace_id, parent_id })))])
      const [trace] = await readTraces(client, [trace_id])
      expect(subsegments(documents(trace)[0])).toHaveLength(4)
      expect(trace?.Segments).toHaveLength(1)
    }
  })
  await Promise.all(callers)
}, 60_000)

test('an account sees only its own traces (design §6)', async () => {
  const other = xrayClient(server.url, { credentials: { accessKeyId: '123456789012', secretAccessKey: 'none' } })
  const document = segment()
  const traceId = String(document['trace_id'])
  await other.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: [JSON.stringify(document)] }))
  expect(await readTraces(other, [traceId])).toHaveLength(1)
  expect(await readTraces(client, [traceId])).toHaveLength(0)
  other.destroy()
})
