import { describe, expect, test } from 'vitest'
import { emptyCallCounts, type CallCounts } from '../../model/graph/call-counts.ts'
import { edgeAt, emptyGraph, extendSpan, nodeAt } from '../../model/graph/graph-accumulator.ts'
import { addToHistogram } from '../../model/graph/histogram.ts'
import { finishGraph } from '../../model/graph/service-graph.ts'
import { nodeOf } from '../../model/node.ts'
import { writeServices, writeTimeSeries } from './write-graph.ts'

const NOTHING = {
  OkCount: 0,
  ErrorStatistics: { ThrottleCount: 0, OtherCount: 0, TotalCount: 0 },
  FaultStatistics: { OtherCount: 0, TotalCount: 0 },
  TotalCount: 0,
  TotalResponseTime: 0,
}

/** A client, `api` in an account, and a queue that feeds it. */
function aGraph() {
  const graph = emptyGraph()
  const client = nodeAt(graph, nodeOf('api', 'client', undefined))
  const api = nodeAt(graph, nodeOf('api', undefined, '123456789012'))
  api.hasSegments = true
  api.isRoot = true
  extendSpan(api, 10, 12)
  Object.assign(api.requests, { ok: 1, throttle: 2, error: 3, fault: 4, totalResponseUs: 1_234_567 })
  addToHistogram(api.requests.responseTimes, 20, 9)
  addToHistogram(api.requests.responseTimes, 5)
  addToHistogram(api.durations, 30, 10)
  const queue = nodeAt(graph, nodeOf('queue', 'AWS::SQS::Queue', undefined))
  const request = edgeAt(graph, client.key, api.key, 'call')
  extendSpan(request, 10, 12)
  const alias = nodeOf('api.local', 'remote', undefined)
  request.aliases.set('alias', alias)
  const event = edgeAt(graph, queue.key, api.key, 'link')
  extendSpan(event, 11, 12)
  addToHistogram(event.eventAges, 2_500)
  return finishGraph(graph)
}

const client = {
  ReferenceId: 0,
  Name: 'api',
  Names: ['api'],
  Type: 'client',
  State: 'unknown',
  StartTime: 10,
  EndTime: 12,
  Edges: [
    {
      ReferenceId: 1,
      StartTime: 10,
      EndTime: 12,
      SummaryStatistics: NOTHING,
      ResponseTimeHistogram: [],
      Aliases: [{ Name: 'api.local', Names: ['api.local'], Type: 'remote' }],
    },
  ],
}
const api = {
  ReferenceId: 1,
  Name: 'api',
  Names: ['api', 'api.local'],
  Root: true,
  AccountId: '123456789012',
  State: 'active',
  StartTime: 10,
  EndTime: 12,
  Edges: [],
  SummaryStatistics: {
    OkCount: 1,
    ErrorStatistics: { ThrottleCount: 2, OtherCount: 3, TotalCount: 5 },
    FaultStatistics: { OtherCount: 4, TotalCount: 4 },
    TotalCount: 10,
    TotalResponseTime: 1.234567,
  },
  DurationHistogram: [{ Value: 0.03, Count: 10 }],
  ResponseTimeHistogram: [
    { Value: 0.005, Count: 1 },
    { Value: 0.02, Count: 9 },
  ],
}
const queue = {
  ReferenceId: 2,
  Name: 'queue',
  Names: ['queue'],
  Type: 'AWS::SQS::Queue',
  State: 'unknown',
  StartTime: 11,
  EndTime: 12,
  Edges: [
    {
      ReferenceId: 1,
      StartTime: 11,
      EndTime: 12,
      SummaryStatistics: NOTHING,
      ResponseTimeHistogram: [],
      Aliases: [],
      EdgeType: 'link',
      ReceivedEventAgeHistogram: [{ Value: 2.5, Count: 1 }],
    },
  ],
  SummaryStatistics: NOTHING,
  DurationHistogram: [],
  ResponseTimeHistogram: [],
}

describe('services', () => {
  test('have every member that clients walk, and none that is absent', () => {
    expect(JSON.parse(JSON.stringify(writeServices(aGraph())))).toEqual([client, api, queue])
  })

  test('have the same reference ids on every page', () => {
    expect(writeServices(aGraph(), { from: 1, to: 2 })).toEqual([api])
    expect(writeServices(aGraph(), { from: 2 })).toEqual([queue])
    expect(writeServices(aGraph(), { from: 3 })).toEqual([])
  })
})

describe('buckets of a series', () => {
  const counts: CallCounts = { ...emptyCallCounts(), fault: 1, totalResponseUs: 5_000 }
  addToHistogram(counts.responseTimes, 5)
  const statistics = {
    ...NOTHING,
    FaultStatistics: { OtherCount: 1, TotalCount: 1 },
    TotalCount: 1,
    TotalResponseTime: 0.005,
  }
  const ResponseTimeHistogram = [{ Value: 0.005, Count: 1 }]

  test('have the statistics of edges or of services, not both', () => {
    expect(writeTimeSeries([{ startSeconds: 60, kind: 'edge', counts }])).toEqual([
      { Timestamp: 60, EdgeSummaryStatistics: statistics, ResponseTimeHistogram },
    ])
    expect(writeTimeSeries([{ startSeconds: 60, kind: 'service', counts }])).toEqual([
      { Timestamp: 60, ServiceSummaryStatistics: statistics, ResponseTimeHistogram },
    ])
  })

  test('have a forecast when there is one', () => {
    const [written] = writeTimeSeries([{ startSeconds: 60, kind: 'service', counts, forecast: { high: 3, low: 0 } }])
    expect(written?.ServiceForecastStatistics).toEqual({ FaultCountHigh: 3, FaultCountLow: 0 })
  })
})
