import {
  CreateGroupCommand,
  GetServiceGraphCommand,
  GetTimeSeriesServiceStatisticsCommand,
  GetTraceGraphCommand,
  InvalidRequestException,
  paginateGetServiceGraph,
  paginateGetTimeSeriesServiceStatistics,
  PutTraceSegmentsCommand,
  type Service,
} from '@aws-sdk/client-xray'
import { beforeAll, describe, expect, test } from 'vitest'
import { newId, newTraceId, segment, type SegmentFields } from '../fixtures/segments.ts'
import { sharedServer } from '../fixtures/shared-server.ts'

/** The start of an hour and more ago: all has happened, and minutes are whole. */
const NOW = Math.floor(Date.now() / 3_600_000) * 3_600 - 3_600
const at = (seconds: number): Date => new Date((NOW + seconds) * 1000)
const window = { StartTime: at(0), EndTime: at(3_600) }

const { client } = await sharedServer()

async function put(documents: readonly SegmentFields[]): Promise<void> {
  for (let from = 0; from < documents.length; from += 50) {
    const TraceSegmentDocuments = documents.slice(from, from + 50).map((one) => JSON.stringify(one))
    const answer = await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments }))
    expect(answer.UnprocessedTraceSegments).toEqual([])
  }
}

const times = (start: number, seconds: number) => ({ start_time: NOW + start, end_time: NOW + start + seconds })

/** `shop` calls `stock`, which reads a table; the call fails where `fault` says so. */
function request(start: number, fault: boolean): readonly SegmentFields[] {
  const trace_id = newTraceId()
  const call = { id: newId(), name: 'stock.local', namespace: 'remote', fault, ...times(start, 2) }
  const read = { id: newId(), name: 'DynamoDB', namespace: 'aws', aws: { table_name: 'items' }, ...times(start, 1) }
  return [
    segment({ trace_id, name: 'shop', fault, ...times(start, 3), subsegments: [call] }),
    segment({
      trace_id,
      name: 'stock',
      origin: 'AWS::ECS::Container',
      parent_id: call.id,
      ...times(start, 2),
      subsegments: [read],
    }),
  ]
}

const shown = (services: readonly Service[] = []) =>
  services.flatMap(({ Name, Type = '', Edges = [] }) =>
    Edges.map(({ ReferenceId, EdgeType = 'call', SummaryStatistics }) => {
      const to = services.find((service) => service.ReferenceId === ReferenceId)?.Name
      return `${Name} (${Type}) ${EdgeType} ${to}: ${SummaryStatistics?.TotalCount}`
    }),
  )

describe('service graphs through the AWS SDK', () => {
  test('what was put is in the graph at once, as callers and as services saw it', async () => {
    await put([...request(10, false), ...request(70, true), ...request(3_598, false)])
    const answer = await client.send(new GetServiceGraphCommand(window))
    expect(answer).toMatchObject({ ...window, ContainsOldGroupVersions: false })
    expect(answer).not.toHaveProperty('NextToken')
    // The last request ends after the window, its read inside.
    expect(shown(answer.Services)).toEqual([
      'shop (client) call shop: 2',
      'shop () call stock: 2',
      'stock (AWS::ECS::Container) call items: 3',
    ])
    const [callers, table, shop, stock] = answer.Services ?? []
    expect(callers).toMatchObject({ Type: 'client', State: 'unknown', Edges: [{ Aliases: [] }] })
    expect(callers).not.toHaveProperty('SummaryStatistics')
    expect(table).toMatchObject({ Name: 'items', Type: 'AWS::DynamoDB::Table', State: 'unknown', Edges: [] })
    expect(shop).toMatchObject({
      Root: true,
      State: 'active',
      StartTime: at(10),
      EndTime: at(73),
      SummaryStatistics: { TotalCount: 2, OkCount: 1, FaultStatistics: { TotalCount: 1 }, TotalResponseTime: 6 },
      ResponseTimeHistogram: [{ Value: 3, Count: 2 }],
    })
    expect(shop?.Edges).toMatchObject([
      {
        SummaryStatistics: { TotalCount: 2, FaultStatistics: { TotalCount: 1 } },
        Aliases: [{ Name: 'stock.local', Names: ['stock.local'], Type: 'remote' }],
      },
    ])
    expect(stock).toMatchObject({
      Names: ['stock', 'stock.local'],
      SummaryStatistics: { FaultStatistics: { TotalCount: 0 } },
    })
  })

  test('a group has its traces, and a document that comes late changes the graph', async () => {
    await client.send(new CreateGroupCommand({ GroupName: 'late', FilterExpression: 'service("late")' }))
    const [trace_id, id] = [newTraceId(), newId()]
    const graph = async () =>
      shown((await client.send(new GetServiceGraphCommand({ ...window, GroupName: 'late' }))).Services)
    await put([segment({ trace_id, id, name: 'late', start_time: NOW + 200, end_time: undefined, in_progress: true })])
    expect(await graph()).toEqual(['late (client) call late: 0'])
    await put([segment({ trace_id, id, name: 'late', ...times(200, 50) })])
    expect(await graph()).toEqual(['late (client) call late: 1'])
    const before = await client.send(
      new GetServiceGraphCommand({ StartTime: at(200), EndTime: at(249), GroupName: 'late' }),
    )
    expect(before.Services).toEqual([])
  })

  test('a consumer is joined with the queue that another trace has sent to', async () => {
    const [producer, consumer, id] = [newTraceId(), newTraceId(), newId()]
    const aws = { queue_url: 'https://sqs.local/orders' }
    const send = { id, name: 'SQS', namespace: 'aws', aws, ...times(300, 1) }
    await put([
      segment({ trace_id: producer, name: 'sender', ...times(300, 2), subsegments: [send] }),
      segment({ trace_id: consumer, name: 'worker', ...times(311.5, 1), links: [{ trace_id: producer, id }] }),
    ])
    const { Services } = await client.send(new GetTraceGraphCommand({ TraceIds: [producer, consumer] }))
    expect(shown(Services)).toEqual([
      'sender (client) call sender: 1',
      'worker (client) call worker: 1',
      'https://sqs.local/orders (AWS::SQS::Queue) link worker: 1',
      'sender () call https://sqs.local/orders: 1',
    ])
    const window = { StartTime: at(310), EndTime: at(320) }
    const graph = await client.send(new GetServiceGraphCommand(window))
    const [link] = (graph.Services ?? [])
      .flatMap(({ Edges = [] }) => Edges)
      .filter(({ EdgeType }) => EdgeType === 'link')
    expect(link).toMatchObject({ ReceivedEventAgeHistogram: [{ Value: 10.5, Count: 1 }] })
    const alone = await client.send(new GetTraceGraphCommand({ TraceIds: [consumer, newTraceId()] }))
    expect(shown(alone.Services)).toEqual(['worker (client) call worker: 1'])
  })

  test('more than a thousand services come in pages whose edges meet', async () => {
    const subsegments = Array.from({ length: 1_100 }, (_, number) => ({
      id: newId(),
      name: `host-${String(number).padStart(4, '0')}`,
      namespace: 'remote',
      ...times(400, 0.001),
    }))
    const documents = Array.from({ length: 11 }, (_, part) =>
      segment({ name: 'wide', ...times(400, 1), subsegments: subsegments.slice(part * 100, part * 100 + 100) }),
    )
    await put(documents)
    const pages: (readonly Service[])[] = []
    const input = { StartTime: at(400), EndTime: at(402) }
    for await (const page of paginateGetServiceGraph({ client }, input)) pages.push(page.Services ?? [])
    expect(pages.map(({ length }) => length)).toEqual([1_000, 102])
    const all = pages.flat()
    expect(all.map(({ ReferenceId }) => ReferenceId)).toEqual(all.map((_, position) => position))
    const wide = all.find(({ Name, Root }) => Name === 'wide' && Root)
    expect(new Set(wide?.Edges?.map(({ ReferenceId = -1 }) => all[ReferenceId]?.Name))).toEqual(
      new Set(subsegments.map(({ name }) => name)),
    )
  })

  test.each([
    ['a window turned round', { StartTime: at(1), EndTime: at(0) }, 'StartTime must be before EndTime'],
    ['no such group', { ...window, GroupName: 'none' }, 'Group not found'],
    ['a token of another call', { ...window, NextToken: 'none' }, 'Invalid NextToken'],
  ])('%s is told in the words that clients match', async (_, input, message) => {
    const refused = client.send(new GetServiceGraphCommand(input))
    await expect(refused).rejects.toThrow(message)
    await expect(refused).rejects.toBeInstanceOf(InvalidRequestException)
  })
})

describe('time series through the AWS SDK', () => {
  const hour = { StartTime: at(-7_200), EndTime: at(-3_600) }
  beforeAll(async () => {
    await put([...request(-7_000, false), ...request(-6_998, true), ...request(-5_000, false)])
  })

  test('count requests, of which Grafana takes the sum', async () => {
    const counts: (readonly [number, number | undefined])[] = []
    for await (const page of paginateGetTimeSeriesServiceStatistics({ client }, { ...hour, Period: 300 })) {
      for (const { Timestamp, EdgeSummaryStatistics } of page.TimeSeriesServiceStatistics ?? []) {
        counts.push([(Timestamp?.getTime() ?? NaN) / 1000 - NOW, EdgeSummaryStatistics?.TotalCount])
      }
    }
    expect(counts).toEqual([
      [-7_200, 2],
      [-5_100, 1],
    ])
  })

  test('of a service, with the faults that were to be expected', async () => {
    const answer = await client.send(
      new GetTimeSeriesServiceStatisticsCommand({
        ...hour,
        EntitySelectorExpression: 'id(name: "shop", type: "")',
        ForecastStatistics: true,
      }),
    )
    expect(answer.TimeSeriesServiceStatistics).toMatchObject([
      { ServiceSummaryStatistics: { TotalCount: 2, FaultStatistics: { TotalCount: 1 } } },
      { ServiceSummaryStatistics: { TotalCount: 1 }, ServiceForecastStatistics: { FaultCountLow: 0 } },
    ])
  })

  test('of text that is no selector there are none', async () => {
    const refused = client.send(
      new GetTimeSeriesServiceStatisticsCommand({ ...hour, EntitySelectorExpression: 'http.status = 403' }),
    )
    await expect(refused).rejects.toThrow("Error Location: line 1, position 1 : Invalid input symbol: 'http.status'")
  })
})
