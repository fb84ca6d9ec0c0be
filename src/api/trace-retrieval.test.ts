import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { callOperation, type Caller } from '../../test/fixtures/call-operation.ts'
import { parseObject } from '../../test/fixtures/xray-client.ts'
import type { JsonObject } from '../../test/fixtures/xray-client.ts'
import type { Api } from './dispatch.ts'

const T0 = 1_700_000_000
let now = T0
let api: Api
beforeEach(() => {
  now = T0
  api = apiInMemory(T0 * 1000, { clock: () => now * 1000 })
})
afterEach(() => settled())
const call = callOperation(() => api)

type Span = { readonly Id: string; readonly Document: string }
type Retrieved = { readonly Id: string; readonly Duration: number; readonly Spans: readonly Span[] }

const idOf = (index: number) => `1-${T0.toString(16)}-${index.toString(16).padStart(24, '0')}`
const hex = (index: number) => index.toString(16).padStart(16, '0')
const UNKNOWN = { error: 'ResourceNotFoundException', message: expect.stringContaining('RetrievalToken') }
const settled = () => new Promise((resolve) => setTimeout(resolve, 5))

async function send(...documents: object[]): Promise<void> {
  for (let from = 0; from < documents.length; from += 50) {
    const TraceSegmentDocuments = documents.slice(from, from + 50).map((one) => JSON.stringify(one))
    expect(await call('PutTraceSegments', { TraceSegmentDocuments })).toEqual({ UnprocessedTraceSegments: [] })
  }
}

const segment = (index: number, more: object = {}) => ({
  trace_id: idOf(index),
  id: hex(index + 1),
  name: 'web',
  start_time: T0 - 10,
  end_time: T0 - 9,
  ...more,
})

async function start(TraceIds: readonly string[], StartTime = T0 - 100, EndTime = T0): Promise<string> {
  const { RetrievalToken } = await call('StartTraceRetrieval', { TraceIds, StartTime, EndTime })
  expect(RetrievalToken).toBeTypeOf('string')
  return String(RetrievalToken)
}

/** All pages of a retrieval, once it is complete. */
async function pagesOf(RetrievalToken: string, more: object = {}): Promise<readonly (readonly Retrieved[])[]> {
  await expect
    .poll(async () => (await call('ListRetrievedTraces', { RetrievalToken }))['RetrievalStatus'])
    .toBe('COMPLETE')
  const pages: (readonly Retrieved[])[] = []
  let NextToken: unknown
  do {
    const page: JsonObject = await call('ListRetrievedTraces', { RetrievalToken, NextToken, ...more })
    // The shape of the service model, and the test.
    const traces = page['Traces'] as readonly Retrieved[]
    expect(traces.length).toBeLessThanOrEqual(5)
    for (const { Spans } of traces) expect(Spans.length).toBeLessThanOrEqual(100)
    pages.push(traces)
    NextToken = page['NextToken']
  } while (NextToken !== undefined)
  return pages
}

describe('a retrieval', () => {
  test('has the documents that BatchGetTraces has, inferred ones included', async () => {
    const subsegments = [{ id: hex(99), name: 'db', namespace: 'remote', start_time: T0 - 9.9, end_time: T0 - 9.8 }]
    await send(segment(1, { subsegments, annotations: { key: 'value' } }))
    const [[trace] = []] = await pagesOf(await start([idOf(1)]))
    const { Traces } = await call('BatchGetTraces', { TraceIds: [idOf(1)] })
    const [{ Segments, Duration }] = Traces as [{ Segments: readonly Span[]; Duration: number }]
    expect(Segments).toHaveLength(2)
    expect(trace).toEqual({ Id: idOf(1), Duration, Spans: Segments })
  })

  test('has five traces a page in the order asked, each once; those that are unknown are missing', async () => {
    await send(...Array.from({ length: 12 }, (_, index) => segment(index)))
    const asked = Array.from({ length: 12 }, (_, index) => idOf(11 - index))
    const pages = await pagesOf(
      await start([...asked, 'no id', idOf(500), idOf(3), idOf(3).replace(/-/g, '').slice(1)]),
    )
    expect(pages.map((page) => page.map(({ Id }) => Id))).toEqual([
      asked.slice(0, 5),
      asked.slice(5, 10),
      asked.slice(10),
    ])
  })

  test('has a hundred spans of a trace a page, and goes on where it was', async () => {
    await send(
      segment(0),
      ...Array.from({ length: 250 }, (_, index) => segment(1, { id: hex(1_000 + index) })),
      segment(2),
    )
    const pages = await pagesOf(await start([idOf(0), idOf(1), idOf(2)]))
    expect(pages.map((page) => page.map(({ Id, Spans }) => [Id, Spans.length]))).toEqual([
      [
        [idOf(0), 1],
        [idOf(1), 100],
      ],
      [[idOf(1), 100]],
      [
        [idOf(1), 50],
        [idOf(2), 1],
      ],
    ])
    const ids = pages.flatMap((page) => page.filter(({ Id }) => Id === idOf(1)).flatMap(({ Spans }) => Spans))
    expect(new Set(ids.map(({ Id }) => Id)).size).toBe(250)
  })

  test.each<[string, number, number, boolean]>([
    ['around it', T0 - 20, T0, true],
    ['that ends when it begins', T0 - 20, T0 - 10, true],
    ['that begins when it ends', T0 - 9, T0, true],
    ['inside it', T0 - 9.6, T0 - 9.5, true],
    ['of one moment', T0 - 9.5, T0 - 9.5, true],
    ['before it', T0 - 20, T0 - 10.001, false],
    ['after it', T0 - 8.999, T0, false],
  ])('of the time %s', async (_, from, to, isThere) => {
    await send(segment(1))
    const pages = await pagesOf(await start([idOf(1)], from, to))
    expect(pages.flat().map(({ Id }) => Id)).toEqual(isThere ? [idOf(1)] : [])
  })

  test('has one OpenTelemetry span for each segment and subsegment', async () => {
    const subsegments = [{ id: hex(99), name: 'db', namespace: 'remote', start_time: T0 - 9.9, end_time: T0 - 9.8 }]
    await send(segment(1, { subsegments, parent_id: hex(77) }))
    const token = await start([idOf(1)])
    const [[trace] = []] = await pagesOf(token, { TraceFormat: 'OTEL' })
    expect(trace?.Spans.map(({ Id }) => Id)).toEqual([hex(2), hex(99)])
    expect(trace?.Spans.map(({ Document }) => parseObject(Document))).toMatchObject([
      { traceId: idOf(1).replaceAll('-', '').slice(1), spanId: hex(2), parentSpanId: hex(77), kind: 'SERVER' },
      { spanId: hex(99), parentSpanId: hex(2), kind: 'CLIENT', durationNano: 100_000_000 },
    ])
    expect(await call('ListRetrievedTraces', { RetrievalToken: token, TraceFormat: 'OTEL' })).toMatchObject({
      TraceFormat: 'OTEL',
    })
  })

  test('has the graph of its traces, with the links of each node to other traces', async () => {
    const links = [{ trace_id: idOf(7), id: hex(1) }, { trace_id: idOf(8) }, { trace_id: idOf(7), id: hex(2) }]
    await send(segment(1, { links }), segment(2, { name: 'other' }))
    const RetrievalToken = await start([idOf(1), idOf(2)])
    await pagesOf(RetrievalToken)
    const graph = await call('GetRetrievedTracesGraph', { RetrievalToken })
    const { Services } = await call('GetTraceGraph', { TraceIds: [idOf(1), idOf(2)] })
    const link = { ReferenceType: 'link', SourceTraceId: idOf(1), DestinationTraceIds: [idOf(7), idOf(8)] }
    expect(graph).toEqual({
      RetrievalStatus: 'COMPLETE',
      Services: (Services as { Name: string; Type?: string }[]).map((Service) => ({
        Service,
        Links: Service.Name === 'web' && Service.Type !== 'client' ? [link] : [],
      })),
    })
    expect(graph['Services']).toHaveLength(4)
  })

  test('sees traces that are not indexed', async () => {
    await call('UpdateIndexingRule', { Name: 'Default', Rule: { Probabilistic: { DesiredSamplingPercentage: 0 } } })
    await call('UpdateTraceSegmentDestination', { Destination: 'CloudWatchLogs' })
    await send(segment(1, { start_time: T0 + 1, end_time: T0 + 2 }))
    expect(await call('BatchGetTraces', { TraceIds: [idOf(1)] })).toMatchObject({ Traces: [] })
    const [page] = await pagesOf(await start([idOf(1)], T0, T0 + 10))
    expect(page).toMatchObject([{ Id: idOf(1) }])
  })

  test('of ids of which none is there is complete and empty', async () => {
    const RetrievalToken = await start([idOf(1)])
    expect(await pagesOf(RetrievalToken)).toEqual([[]])
    expect(await call('GetRetrievedTracesGraph', { RetrievalToken })).toEqual({
      RetrievalStatus: 'COMPLETE',
      Services: [],
    })
  })
})

describe('a token', () => {
  const asks = ['ListRetrievedTraces', 'GetRetrievedTracesGraph', 'CancelTraceRetrieval'] as const

  test.each(asks)('that is unknown, empty, or of somebody else is no resource to %s', async (operation) => {
    const token = await start([idOf(1)])
    for (const RetrievalToken of ['', 'unknown', '__proto__']) {
      expect(await call(operation, { RetrievalToken })).toEqual(UNKNOWN)
    }
    const others: readonly Caller[] = [{ region: 'eu-west-1' }, { account: '111122223333' }]
    for (const other of others) expect(await call(operation, { RetrievalToken: token }, other)).toEqual(UNKNOWN)
  })

  test('lives for a day', async () => {
    const RetrievalToken = await start([idOf(1)])
    await pagesOf(RetrievalToken)
    now += 86_399
    expect(await call('ListRetrievedTraces', { RetrievalToken })).toMatchObject({ RetrievalStatus: 'COMPLETE' })
    now += 1
    expect(await call('ListRetrievedTraces', { RetrievalToken })).toEqual(UNKNOWN)
  })

  test('can be cancelled until the work is done, and then has nothing', async () => {
    await send(segment(1))
    const RetrievalToken = await start([idOf(1)])
    expect(await call('CancelTraceRetrieval', { RetrievalToken })).toEqual({})
    await settled()
    expect(await call('ListRetrievedTraces', { RetrievalToken })).toEqual({
      RetrievalStatus: 'CANCELLED',
      TraceFormat: 'XRAY',
      Traces: [],
    })
    expect(await call('GetRetrievedTracesGraph', { RetrievalToken })).toEqual({
      RetrievalStatus: 'CANCELLED',
      Services: [],
    })
    const done = await start([idOf(1)])
    await pagesOf(done)
    for (const [token, status] of [
      [RetrievalToken, 'CANCELLED'],
      [done, 'COMPLETE'],
    ]) {
      expect(await call('CancelTraceRetrieval', { RetrievalToken: token })).toEqual({
        error: 'InvalidRequestException',
        message: `The retrieval cannot be cancelled: its status is ${status}.`,
      })
    }
  })

  test.each<[string, object]>([
    ['that was never issued', { NextToken: 'x' }],
    ['that is empty', { NextToken: '' }],
    ['of the other format', { TraceFormat: 'OTEL' }],
  ])('of a page %s is refused', async (_, wrong) => {
    await send(...Array.from({ length: 6 }, (__, index) => segment(index)))
    const RetrievalToken = await start(Array.from({ length: 6 }, (__, index) => idOf(index)))
    await pagesOf(RetrievalToken)
    const { NextToken } = await call('ListRetrievedTraces', { RetrievalToken })
    expect(NextToken).toBeTypeOf('string')
    expect(await call('ListRetrievedTraces', { RetrievalToken, NextToken, ...wrong })).toEqual({
      error: 'InvalidRequestException',
      message: 'Invalid NextToken',
    })
  })
})

test.each<[object, unknown]>([
  [{ TraceIds: [] }, 'TraceIds must not be empty'],
  [{ StartTime: T0 + 1 }, 'StartTime must not be after EndTime'],
  [{ TraceIds: undefined }, 'TraceIds is required'],
  [{ StartTime: undefined }, 'StartTime is required'],
  [{ TraceIds: Array.from({ length: 101 }, () => 'x') }, expect.stringContaining('less than or equal to 100')],
  [{ TraceIds: ['x'.repeat(36)] }, expect.stringContaining('less than or equal to 35')],
])('a start with %j is refused', async (wrong, message) => {
  const input = { TraceIds: [idOf(1)], StartTime: T0, EndTime: T0, ...wrong }
  expect(await call('StartTraceRetrieval', input)).toEqual({ error: 'InvalidRequestException', message })
})
