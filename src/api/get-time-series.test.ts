import { beforeAll, describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { controlInMemory } from '../../test/fixtures/control-in-memory.ts'
import type { KeptInsight } from '../control/insights.ts'
import { addToHistogram } from '../model/graph/histogram.ts'
import { emptyGraph, nodeAt } from '../model/graph/graph-accumulator.ts'
import { nodeOf } from '../model/node.ts'
import type { GraphQueries } from '../query/graphs.ts'
import { getTimeSeries } from './get-time-series.ts'

/** A multiple of five minutes. */
const NOW = 1_700_000_100
const api = apiInMemory(NOW * 1000)
const idOf = (number: number) => `1-65000000-${number.toString(16).padStart(24, '0')}`

const ask = async (path: string, body: unknown) => {
  const { signal } = new AbortController()
  const answer = await api.answer({
    method: 'POST',
    path,
    headers: {},
    body: Buffer.from(JSON.stringify(body)),
    signal,
  })
  return JSON.parse(answer.body)
}
const window = { StartTime: NOW - 600, EndTime: NOW }
const series = (rest: object = {}) => ask('/TimeSeriesServiceStatistics', { ...window, ...rest })
const entriesOf = async (rest: object) => (await series(rest)).TimeSeriesServiceStatistics

/** A request that ends so many seconds before now: `web` calls `backend`, and calls it by another name. */
const requestAt = (number: number, age: number, fault: boolean) => {
  const trace_id = idOf(number)
  const times = { start_time: NOW - age - 1, end_time: NOW - age }
  const call = { id: '00000000000000c1', name: 'backend.local', namespace: 'remote', ...times }
  return [
    { ...times, trace_id, id: '00000000000000a1', name: 'web', fault, subsegments: [call] },
    { ...times, trace_id, id: '00000000000000b1', parent_id: call.id, name: 'backend', origin: 'AWS::EC2::Instance' },
  ]
}

beforeAll(async () => {
  const documents = [
    requestAt(1, 590, false),
    requestAt(2, 585, true),
    requestAt(3, 301, true),
    requestAt(4, 60, false),
  ]
  const TraceSegmentDocuments = documents.flat().map((document) => JSON.stringify(document))
  await ask('/TraceSegments', { TraceSegmentDocuments })
  await ask('/CreateGroup', { GroupName: 'faults', FilterExpression: 'fault' })
})

const statistics = (TotalCount: number, faults: number) => ({
  TotalCount,
  OkCount: TotalCount - faults,
  ErrorStatistics: { ThrottleCount: 0, OtherCount: 0, TotalCount: 0 },
  FaultStatistics: { OtherCount: faults, TotalCount: faults },
  TotalResponseTime: TotalCount,
})
const histogram = (Count: number) => ({ ResponseTimeHistogram: [{ Value: 1, Count }] })
const edge = (Timestamp: number, total: number, faults: number) => ({
  Timestamp,
  EdgeSummaryStatistics: statistics(total, faults),
  ...histogram(total),
})
const service = (Timestamp: number, total: number, faults: number) => ({
  Timestamp,
  ServiceSummaryStatistics: statistics(total, faults),
  ...histogram(total),
})

describe('buckets', () => {
  test.each<{ reason: string; input: object; entries: object[] }>([
    {
      reason: 'without a selector they count requests of clients, by the minute, and empty ones are left out',
      input: {},
      entries: [edge(NOW - 600, 2, 1), edge(NOW - 360, 1, 1), edge(NOW - 60, 1, 0)],
    },
    { reason: 'five minutes', input: { Period: 300 }, entries: [edge(NOW - 600, 3, 2), edge(NOW - 300, 1, 0)] },
    {
      reason: 'what a service answered',
      input: { Period: 300, EntitySelectorExpression: 'service("backend")' },
      entries: [service(NOW - 600, 3, 0), service(NOW - 300, 1, 0)],
    },
    {
      reason: 'a service by the name that callers use',
      input: { Period: 300, EntitySelectorExpression: 'service("backend.local")' },
      entries: [service(NOW - 600, 3, 0), service(NOW - 300, 1, 0)],
    },
    {
      reason: 'one by its identity',
      input: { Period: 300, EntitySelectorExpression: 'id(name: "backend", type: "AWS::EC2::Instance")' },
      entries: [service(NOW - 600, 3, 0), service(NOW - 300, 1, 0)],
    },
    {
      reason: 'an edge',
      input: { Period: 300, EntitySelectorExpression: 'edge("web", "backend")' },
      entries: [edge(NOW - 600, 3, 0), edge(NOW - 300, 1, 0)],
    },
    { reason: 'nobody', input: { EntitySelectorExpression: 'service("nobody")' }, entries: [] },
    { reason: 'a group', input: { Period: 300, GroupName: 'faults' }, entries: [edge(NOW - 600, 2, 2)] },
    {
      reason: 'under the start of the bucket, whatever part of it is in the window',
      input: { StartTime: NOW - 587, EndTime: NOW - 580.5 },
      entries: [edge(NOW - 600, 1, 1)],
    },
    { reason: 'no time', input: { StartTime: NOW, EndTime: NOW + 60 }, entries: [] },
  ])('$reason', async ({ input, entries }) => {
    expect(await series(input)).toEqual({ TimeSeriesServiceStatistics: entries, ContainsOldGroupVersions: false })
  })
})

describe('forecasts', () => {
  const byId = { ForecastStatistics: true, EntitySelectorExpression: 'id(name: "web", type: "")', Period: 300 }

  test('bound the faults that were to be expected, by what came before', async () => {
    const forecasts = (await entriesOf(byId)).map(
      (one: { ServiceForecastStatistics: unknown }) => one.ServiceForecastStatistics,
    )
    // Three requests at one in a hundred; one at 0.01 + 0.05 × (2/3 − 0.01).
    expect(forecasts).toEqual([
      { FaultCountHigh: 2, FaultCountLow: 0 },
      { FaultCountHigh: 2, FaultCountLow: 0 },
    ])
  })

  test('look back beyond the window', async () => {
    const last = { ...byId, StartTime: NOW - 300, EndTime: NOW }
    expect(await entriesOf(last)).toEqual((await entriesOf(byId)).slice(1))
  })

  test.each<{ insight: { readonly startSeconds: number; readonly endSeconds?: number }; name: string; high: number }>([
    { insight: { startSeconds: NOW - 480, endSeconds: NOW - 360 }, name: 'web', high: 5 },
    { insight: { startSeconds: NOW - 480 }, name: 'web', high: 5 },
    { insight: { startSeconds: NOW - 900, endSeconds: NOW - 600 }, name: 'web', high: 15 },
    { insight: { startSeconds: NOW - 480, endSeconds: NOW - 360 }, name: 'other', high: 15 },
  ])('do not expect what an insight of $name was about: $insight', async ({ insight, name, high }) => {
    const graphOf = (ok: number, fault: number) => {
      const graph = emptyGraph()
      Object.assign(nodeAt(graph, nodeOf('web', undefined, undefined)).requests, { ok, fault })
      return graph
    }
    const periods: GraphQueries['periods'] = async () =>
      new Map([
        [NOW - 600, graphOf(0, 100)],
        [NOW - 300, graphOf(100, 0)],
      ])
    const group = { name: 'Default', arn: 'arn:aws:xray:us-east-1:000000000000:group/Default' }
    const services = [nodeOf(name, undefined, undefined)]
    // What else an insight has does not matter here.
    const kept = { group, insight: { ...insight, services } } as unknown as KeptInsight
    const insights = { list: () => [kept] }
    const { groups } = controlInMemory(() => NOW * 1000)
    const tenant = { account: '000000000000', region: 'us-east-1' }
    const call = { requestId: 'r', tenant, signal: new AbortController().signal, nowSeconds: NOW }
    const answer = await getTimeSeries({ periods }, groups, insights)({ ...window, ...byId }, call)
    // One in a hundred of a hundred, or that and a twentieth of what was above it.
    const [, second] = answer.TimeSeriesServiceStatistics ?? []
    expect(second?.ServiceForecastStatistics?.FaultCountHigh).toBe(high)
  })

  test('are not there unless they are asked for', async () => {
    expect(JSON.stringify(await series({ ...byId, ForecastStatistics: false }))).not.toContain('Forecast')
  })
})

test.each<[string, object, string]>([
  ['an empty window', { EndTime: window.StartTime }, 'StartTime must be before EndTime'],
  ['a period of nothing', { Period: 0 }, 'Period must be 60 or 300'],
  ['another period', { Period: 120 }, 'Period must be 60 or 300'],
  [
    'a filter',
    { EntitySelectorExpression: 'fault' },
    "Error Location: line 1, position 1 : Invalid input symbol: 'fault'",
  ],
  [
    'a selector with a body',
    { EntitySelectorExpression: 'service("x") { fault }' },
    "Error Location: line 1, position 14 : Invalid input symbol: '{'",
  ],
  [
    'a forecast of all requests',
    { ForecastStatistics: true },
    'ForecastStatistics requires an EntitySelectorExpression with the id() of a service',
  ],
  [
    'a forecast of whatever has a name',
    { ForecastStatistics: true, EntitySelectorExpression: 'service("web")' },
    'ForecastStatistics requires an EntitySelectorExpression with the id() of a service',
  ],
  ['a group that does not exist', { GroupName: 'nobody' }, 'Group not found'],
  ['a token of its own making', { NextToken: 'abc' }, 'Invalid NextToken'],
])('refuses %s', async (_, input, message) => {
  expect(await series(input)).toEqual({ __type: 'InvalidRequestException', Message: message, message })
})

describe('pages', () => {
  /** A handler of pages of two, over a node with a request in each of five minutes, and the windows it asked for. */
  function pagesOverMinutes() {
    const asked: number[] = []
    const periods: GraphQueries['periods'] = async (_, { window: { startSeconds, endSeconds } }) => {
      asked.push(startSeconds - NOW)
      const minutes = [0, 60, 120, 240, 300].map((at) => NOW + at)
      return new Map(
        minutes
          .filter((minute) => minute >= startSeconds && minute < endSeconds)
          .map((minute) => {
            const graph = emptyGraph()
            const { requests } = nodeAt(graph, nodeOf('web', undefined, undefined))
            requests.ok = 1
            addToHistogram(requests.responseTimes, 5)
            return [minute, graph]
          }),
      )
    }
    const { groups } = controlInMemory(() => NOW * 1000)
    const handler = getTimeSeries({ periods }, groups, { list: () => [] }, 2)
    const page = (EntitySelectorExpression: string, NextToken?: string) =>
      handler(
        {
          StartTime: NOW,
          EndTime: NOW + 600,
          EntitySelectorExpression,
          ...(NextToken === undefined ? {} : { NextToken }),
        },
        {
          requestId: 'r',
          tenant: { account: '000000000000', region: 'us-east-1' },
          signal: new AbortController().signal,
          nowSeconds: NOW,
        },
      )
    return { asked, page }
  }

  test.each([
    { selector: 'id(name: "web")', windows: [0, 120, 300], reason: 'are counted from where they begin' },
    { selector: 'service("web")', windows: [0, 0, 0], reason: 'are counted whole where names depend on all' },
  ])('meet without gap or repeat, and $reason', async ({ selector, windows }) => {
    const { asked, page } = pagesOverMinutes()
    const pages = [await page(selector)]
    for (let next = pages[0]?.NextToken; next !== undefined; next = pages.at(-1)?.NextToken) {
      pages.push(await page(selector, next))
    }
    const times = pages.map(({ TimeSeriesServiceStatistics: entries = [] }) =>
      entries.map(({ Timestamp = NaN }) => Timestamp - NOW),
    )
    expect(times).toEqual([[0, 60], [120, 240], [300]])
    expect(asked).toEqual(windows)
  })

  test('are those of the request that got the token', async () => {
    const { page } = pagesOverMinutes()
    const { NextToken } = await page('id(name: "web")')
    await expect(page('id(name: "api")', NextToken)).rejects.toThrow('Invalid NextToken')
  })
})
