import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  CreateGroupCommand,
  GetInsightCommand,
  GetInsightEventsCommand,
  GetInsightImpactGraphCommand,
  GetInsightSummariesCommand,
  UpdateGroupCommand,
  type InsightSummary,
  type XRayClient,
} from '@aws-sdk/client-xray'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli, startServer, temporaryDirectory, type RunningServer } from '../fixtures/run-server.ts'
import { newId, newTraceId } from '../fixtures/segments.ts'
import { parseObject, xrayClient, type JsonObject } from '../fixtures/xray-client.ts'

const MINUTE = 60
/** Of a call. */
const MAX_DOCUMENTS = 50
const SENDERS = 8
const HOUR = 3_600
/** Catching up takes a while where the machine is busy. */
const WITHIN = { timeout: 90_000, interval: 250 }
/** Three runs, and as many minutes as it takes until there are enough faults: docs/insights.md. */
const STATED_DELAY_SECONDS = 4 * MINUTE

const minuteNow = Math.floor(Date.now() / 1_000 / MINUTE) * MINUTE
const SHOP = { start: minuteNow - 3 * HOUR, end: minuteNow - 3 * HOUR + 10 * MINUTE }
const MAIL = { start: minuteNow - 100 * MINUTE, end: minuteNow - 92 * MINUTE }
const RECENT = { start: minuteNow - 30 * MINUTE, end: minuteNow - 20 * MINUTE }

type Span = { readonly start: number; readonly end: number }
const isIn = (seconds: number, { start, end }: Span): boolean => seconds >= start && seconds < end

let data: Awaited<ReturnType<typeof temporaryDirectory>>
let server: RunningServer
let hook: Awaited<ReturnType<typeof webhookReceiver>>
const clients: XRayClient[] = []

beforeAll(async () => {
  data = await temporaryDirectory()
  hook = await webhookReceiver()
  server = await start()
}, 60_000)

afterAll(async () => {
  for (const one of clients) one.destroy()
  await server?.[Symbol.asyncDispose]()
  await hook?.close()
  await data?.[Symbol.asyncDispose]()
})

const start = (): Promise<RunningServer> => startServer({ dataDir: data.path, args: ['--insights-webhook', hook.url] })

/** Answers the first call with an error, as a receiver that is being restarted does. */
async function webhookReceiver() {
  const bodies: JsonObject[] = []
  const receiver = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      bodies.push(parseObject(body))
      response.writeHead(bodies.length === 1 ? 503 : 200).end()
    })
  })
  await new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve))
  const { port } = receiver.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/insights`,
    bodies,
    close: () => new Promise<void>((resolve) => void receiver.close(() => resolve())),
  }
}

function clientOf(account?: string): XRayClient {
  const credentials = account === undefined ? {} : { credentials: { accessKeyId: account, secretAccessKey: 'none' } }
  const client = xrayClient(server.url, credentials)
  clients.push(client)
  return client
}

/** A request to web, which calls api, which calls orders; all of them fail with orders. */
function shopRequest(seconds: number, fault: boolean): readonly object[] {
  const trace_id = newTraceId(seconds)
  const [toApi, toOrders] = [newId(), newId()]
  const flag = fault ? { fault } : {}
  const times = { start_time: seconds, end_time: seconds + 0.2, ...flag }
  const orders = { id: toOrders, name: 'orders', namespace: 'remote', ...times }
  const called = { id: toApi, name: 'api', namespace: 'remote', ...times }
  return [
    { id: newId(), trace_id, name: 'web', origin: 'AWS::ECS::Container', ...times, subsegments: [called] },
    { id: newId(), trace_id, parent_id: toApi, name: 'api', ...times, subsegments: [orders] },
  ]
}

const mailRequest = (seconds: number, fault: boolean): readonly object[] => [
  {
    id: newId(),
    trace_id: newTraceId(seconds),
    name: 'mail',
    start_time: seconds,
    end_time: seconds + 0.1,
    ...(fault ? { fault } : {}),
  },
]

async function put(documents: readonly object[], account = '000000000000'): Promise<void> {
  const headers = {
    'Content-Type': 'application/json',
    authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/us-east-1/xray/aws4_request, SignedHeaders=host, Signature=0`,
  }
  const batches = Array.from({ length: Math.ceil(documents.length / MAX_DOCUMENTS) }, (_, at) =>
    documents.slice(at * MAX_DOCUMENTS, (at + 1) * MAX_DOCUMENTS),
  )
  const send = async (): Promise<void> => {
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
      const body = JSON.stringify({ TraceSegmentDocuments: batch.map((document) => JSON.stringify(document)) })
      const answer = await fetch(`${server.url}/TraceSegments`, { method: 'POST', headers, body })
      expect([answer.status, await answer.json()]).toEqual([200, { UnprocessedTraceSegments: [] }])
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, send))
}

/** So many requests in each minute of a span; six of ten fail in an incident. */
function history(
  { start: from, end }: Span,
  perMinute: number,
  request: typeof shopRequest,
  incidents: readonly Span[],
): readonly object[] {
  const documents: object[] = []
  for (let minute = from; minute < end; minute += MINUTE) {
    for (let at = 0; at < perMinute; at++) {
      const isBad = at % 10 < 6 && incidents.some((incident) => isIn(minute, incident))
      documents.push(...request(minute + 1 + (at * 50) / perMinute, isBad))
    }
  }
  return documents
}

const INSIGHTS = { InsightsEnabled: true, NotificationsEnabled: false }
const lastHours = () => ({ StartTime: new Date(Date.now() - 6 * HOUR * 1_000), EndTime: new Date() })

async function summaries(client: XRayClient, GroupName: string): Promise<readonly InsightSummary[]> {
  const answer = await client.send(new GetInsightSummariesCommand({ GroupName, ...lastHours() }))
  return answer.InsightSummaries ?? []
}

async function backtested(group: string): Promise<readonly JsonObject[]> {
  const args = ['insights', '--backtest', '6h', '--group', group, '--json', '--url', server.url]
  const { code, stdout, stderr } = await runCli(args, { withinMs: 60_000 })
  expect([code, stderr]).toEqual([0, ''])
  return stdout.trim().split('\n').filter(Boolean).map(parseObject)
}

const found = (insights: readonly InsightSummary[]) =>
  insights.map(({ InsightId, State, StartTime, EndTime, RootCauseServiceId, Summary }) => ({
    id: InsightId,
    state: State,
    startTime: (StartTime?.getTime() ?? 0) / 1_000,
    endTime: (EndTime?.getTime() ?? 0) / 1_000,
    rootCause: RootCauseServiceId?.Name,
    summary: Summary,
  }))

describe('a history with two incidents', () => {
  test('has both found, and no more, as a backtest does, though the server was killed while it looked', async () => {
    const span = { start: minuteNow - 5 * HOUR, end: minuteNow }
    await put(history(span, 10, shopRequest, [SHOP]))
    await put(history(span, 10, mailRequest, [MAIL]))
    const before = clientOf()
    const group = { InsightsConfiguration: INSIGHTS }
    await before.send(new CreateGroupCommand({ GroupName: 'shop', FilterExpression: 'service("api")', ...group }))
    await before.send(new CreateGroupCommand({ GroupName: 'mail', FilterExpression: 'service("mail")', ...group }))
    await before.send(new UpdateGroupCommand({ GroupName: 'Default', ...group }))
    await expect.poll(async () => (await summaries(before, 'Default')).length, WITHIN).toBeGreaterThan(0)
    // With kill -9.
    await server[Symbol.asyncDispose]()
    server = await start()

    const client = clientOf()
    const expected = {
      Default: [
        ['mail', MAIL],
        ['orders', SHOP],
      ],
      mail: [['mail', MAIL]],
      shop: [['orders', SHOP]],
    } as const
    for (const [name, incidents] of Object.entries(expected)) {
      const backtest = await backtested(name)
      const same = backtest.toReversed().map(({ id, state, startTime, endTime, rootCause, summary }) => {
        return { id, state, startTime, endTime, rootCause: (rootCause as JsonObject)['name'], summary }
      })
      await expect.poll(async () => found(await summaries(client, name)), WITHIN).toEqual(same)
      expect(same.map(({ rootCause }) => rootCause)).toEqual(incidents.map(([root]) => root))
      for (const [index, [, incident]] of incidents.entries()) {
        const { startTime, openedTime, delay } = backtest.toReversed()[index] ?? {}
        expect(startTime).toBeGreaterThanOrEqual(incident.start)
        expect(Number(openedTime) - incident.start).toBeLessThanOrEqual(STATED_DELAY_SECONDS)
        expect(delay).toBe(3 * MINUTE)
      }
    }
  }, 240_000)

  test('is told by all four operations', async () => {
    const client = clientOf()
    const [shop] = await summaries(client, 'shop')
    expect(shop).toMatchObject({
      GroupName: 'shop',
      Categories: ['FAULT'],
      State: 'CLOSED',
      RootCauseServiceId: { Name: 'orders', Type: 'remote' },
    })
    // From the first anomalous minute to the last one: six of ten in ten minutes, and those after it.
    const { FaultCount, OkCount = 0, TotalCount = 0 } = shop?.ClientRequestImpactStatistics ?? {}
    expect(FaultCount).toBe(60)
    expect(TotalCount - OkCount).toBe(60)
    expect(shop?.TopAnomalousServices?.map(({ ServiceId }) => ServiceId?.Name).toSorted()).toEqual([
      'api',
      'orders',
      'web',
    ])
    expect(shop?.Summary).toMatch(
      /^Fault rate of .+ rose to \d+% \(expected at most \d+%\), and is back to normal\. Root/,
    )

    const InsightId = shop?.InsightId ?? ''
    const { Insight } = await client.send(new GetInsightCommand({ InsightId }))
    const { LastUpdateTime, ...rest } = shop ?? {}
    expect(Insight).toEqual(rest)
    const all = await client.send(new GetInsightEventsCommand({ InsightId }))
    const events = all.InsightEvents ?? []
    expect(events[0]?.EventTime).toEqual(LastUpdateTime)
    expect(events.at(-1)?.Summary).toMatch(/rose to/)
    const one = await client.send(new GetInsightEventsCommand({ InsightId, MaxResults: 1 }))
    const two = await client.send(new GetInsightEventsCommand({ InsightId, MaxResults: 1, NextToken: one.NextToken }))
    expect([...(one.InsightEvents ?? []), ...(two.InsightEvents ?? [])]).toEqual(events.slice(0, 2))

    const window = { StartTime: new Date(SHOP.start * 1_000), EndTime: new Date(SHOP.end * 1_000) }
    const graph = await client.send(new GetInsightImpactGraphCommand({ InsightId, ...window }))
    const services = graph.Services ?? []
    const nameOf = (id: number | undefined) => services.find(({ ReferenceId }) => ReferenceId === id)?.Name
    const ways = services.flatMap(({ Name, Edges = [] }) =>
      Edges.map((edge) => `${Name} → ${nameOf(edge.ReferenceId)}`),
    )
    expect(services.map(({ Name }) => Name)).not.toContain('mail')
    expect(ways.toSorted()).toEqual(['api → orders', 'web → api', 'web → web'])
  })

  test('is shown by the command line', async () => {
    const listed = await runCli(['insights', '--group', 'mail', '--url', server.url])
    expect(listed.code).toBe(0)
    expect(listed.stdout).toMatch(/root cause mail\n.*\d+ faults in \d+ requests of five minutes, at most \d+ expected/)
    const none = await runCli(['insights', '--active', '--url', server.url])
    expect(none.stdout).toBe('There are no insights.\n')
    const shown = await runCli(['insights', '--backtest', '6h', '--group', 'shop', '--url', server.url])
    expect(shown.stdout).toMatch(/opened 180 s after it began\n1 insights of shop from \S+ to \S+\.\n$/)
    const unknown = await runCli(['insights', '--backtest', '6h', '--group', 'unknown', '--url', server.url])
    expect([unknown.code, unknown.stderr]).toEqual([1, 'radiograph: Group not found\n'])
  })
})

test('a quiet week has no insight', async () => {
  const account = '222222222222'
  const span = { start: minuteNow - 7 * 24 * HOUR, end: minuteNow - MINUTE }
  // One fault in two hundred requests.
  let asked = 0
  await put(
    history(span, 2, (seconds) => mailRequest(seconds, (asked += 1) % 200 === 0), []),
    account,
  )
  const answer = await fetch(`${server.url}/api/insights/backtest?group=Default&from=7d&account=${account}`)
  const lines = (await answer.text()).trim().split('\n').map(parseObject)
  expect(lines.at(-1)).toMatchObject({ type: 'end', insights: 0 })
  const progress = lines.filter(({ type }) => type === 'progress')
  expect(progress.at(-1)).toMatchObject({ minutes: progress.at(-1)?.['of'] })
  expect(lines).toHaveLength(progress.length + 1)
}, 180_000)

test('a webhook is told, and told again when it failed', async () => {
  const account = '333333333333'
  const client = clientOf(account)
  await put(history({ start: minuteNow - 2 * HOUR, end: minuteNow }, 10, shopRequest, [RECENT]), account)
  const InsightsConfiguration = { InsightsEnabled: true, NotificationsEnabled: true }
  await client.send(new UpdateGroupCommand({ GroupName: 'Default', InsightsConfiguration }))
  const told = () => hook.bodies.map((body) => (body['detail'] as JsonObject)['State'])
  await expect.poll(() => told().at(-1), WITHIN).toBe('CLOSED')
  const [first, again] = hook.bodies
  expect(again).toEqual(first)
  const [summary] = await summaries(client, 'Default')
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00Z$/)
  const counts = { FaultCount: expect.any(Number), OkCount: expect.any(Number), TotalCount: expect.any(Number) }
  const top = expect.arrayContaining([{ ServiceId: { Name: 'orders', Names: ['orders'], Type: 'remote' } }])
  const impact = {
    ClientRequestImpactStatistics: counts,
    RootCauseServiceRequestImpactStatistics: counts,
    TopAnomalousServices: top,
  }
  expect(first).toEqual({
    version: '0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    source: 'aws.xray',
    'detail-type': 'AWS X-Ray Insight Update',
    account,
    time,
    region: 'us-east-1',
    resources: [],
    detail: {
      InsightId: summary?.InsightId,
      Summary: expect.stringContaining('Root cause: orders (remote).'),
      GroupName: 'Default',
      RootCauseServiceId: { Name: 'orders', Names: ['orders'], Type: 'remote' },
      Categories: ['FAULT'],
      Category: 'FAULT',
      State: 'ACTIVE',
      StartTime: RECENT.start,
      EndTime: null,
      ...impact,
      Event: { Summary: expect.stringContaining('rose to'), EventTime: time, ...impact },
    },
  })
  const last = hook.bodies.at(-1)?.['detail'] as JsonObject | undefined
  expect(last?.['EndTime']).toBe((summary?.EndTime?.getTime() ?? 0) / 1_000)
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  expect(metrics).toMatch(/^radiograph_insight_notifications_total [1-9]/m)
  expect(metrics).toMatch(/^radiograph_insight_notification_failures_total 0$/m)
}, 120_000)
