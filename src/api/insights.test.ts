import { beforeEach, describe, expect, test } from 'vitest'
import { callOperation } from '../../test/fixtures/call-operation.ts'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { controlInMemory } from '../../test/fixtures/control-in-memory.ts'
import { segment, newId, newTraceId } from '../../test/fixtures/segments.ts'
import { servicesInMemory } from '../../test/fixtures/services-in-memory.ts'
import type { Insight, InsightEvent } from '../model/insights/insight.ts'
import { emptyDetector } from '../model/insights/detector-state.ts'
import { nodeOf } from '../model/node.ts'
import { operations } from '../wire/xray/shapes.generated.ts'
import type { Api } from './dispatch.ts'
import type { Operations } from './handler.ts'
import { insightOperations } from './insights.ts'

const NOW = 1_700_000_000
const DAY = 86_400
const TENANT = { account: '000000000000', region: 'us-east-1' }
const GROUP = { name: 'Default', arn: 'arn:aws:xray:us-east-1:000000000000:group/Default' }
const COUNTS = { requests: 100, faults: 40, errors: 10 }
const ROOT = nodeOf('orders', 'AWS::DynamoDB::Table', undefined)
const API = nodeOf('api', undefined, '123456789012')

let api: Api
let control: ReturnType<typeof controlInMemory>
let services: ReturnType<typeof servicesInMemory>
const call = callOperation(() => api)

beforeEach(() => {
  control = controlInMemory(() => NOW * 1_000)
  services = servicesInMemory(() => NOW)
  const table = insightOperations({ ...control, graphs: services.graphs })
  api = apiInMemory(NOW * 1_000, { operations: { ...everyOther, ...table } })
})

/** Operations that are not looked at here. */
const everyOther = Object.fromEntries(
  Object.keys(operations).map((name) => [name, async () => ({})]),
) as unknown as Operations

const idOf = (number: number): string => `00000000-0000-5000-8000-${String(number).padStart(12, '0')}`

function insight(number: number, more: Partial<Insight> = {}): Insight {
  return {
    id: idOf(number),
    state: 'ACTIVE',
    startSeconds: NOW - number * 60,
    openedSeconds: NOW - number * 60 + 180,
    updatedSeconds: NOW - number * 60 + 240,
    summary: 'Fault rate of api rose to 40% (expected at most 4%). Root cause: orders (AWS::DynamoDB::Table).',
    rootCause: ROOT,
    topServices: [API, ROOT],
    services: [API, ROOT],
    clientImpact: COUNTS,
    rootCauseImpact: { requests: 7, faults: 7, errors: 0 },
    evidence: { requests: 10, faults: 7, expectedFaults: 2 },
    ...more,
  }
}

function event(number: number): InsightEvent {
  const { topServices, clientImpact, rootCauseImpact } = insight(1)
  return {
    number,
    kind: 'periodic',
    timeSeconds: NOW + number,
    summary: `event ${number}.`,
    topServices,
    clientImpact,
    rootCauseImpact,
  }
}

const keep = (insights: readonly Insight[], events = 1): Promise<unknown> => {
  const changes = insights.flatMap((one) =>
    Array.from({ length: events }, (_, at) => ({ insight: one, event: event(at + 1) })),
  )
  const sinceSeconds = control.insights.detector(TENANT, GROUP.arn)?.throughSeconds ?? 0
  const state = { ...emptyDetector, throughSeconds: sinceSeconds + 60 }
  return control.insights.save(TENANT, { group: GROUP, sinceSeconds, state, changes }, NOW)
}

const closed = (number: number, endSeconds: number) => insight(number, { state: 'CLOSED', endSeconds })
const window = { StartTime: NOW - 3_600, EndTime: NOW }
const WRITTEN = {
  InsightId: idOf(1),
  GroupARN: GROUP.arn,
  GroupName: 'Default',
  RootCauseServiceId: { Name: 'orders', Names: ['orders'], Type: 'AWS::DynamoDB::Table' },
  Categories: ['FAULT'],
  State: 'ACTIVE',
  StartTime: NOW - 60,
  Summary: insight(1).summary,
  ClientRequestImpactStatistics: { FaultCount: 40, OkCount: 50, TotalCount: 100 },
  RootCauseServiceRequestImpactStatistics: { FaultCount: 7, OkCount: 0, TotalCount: 7 },
  TopAnomalousServices: [
    { ServiceId: { Name: 'api', Names: ['api'], AccountId: '123456789012' } },
    { ServiceId: { Name: 'orders', Names: ['orders'], Type: 'AWS::DynamoDB::Table' } },
  ],
}

describe('an insight', () => {
  test('has all members; EndTime once it is over', async () => {
    await keep([insight(1), closed(2, NOW - 30)])
    expect(await call('GetInsight', { InsightId: idOf(1) })).toEqual({ Insight: WRITTEN })
    expect(await call('GetInsightSummaries', { ...window, GroupName: 'Default' })).toMatchObject({
      InsightSummaries: [
        { ...WRITTEN, LastUpdateTime: NOW + 180 },
        { InsightId: idOf(2), State: 'CLOSED', EndTime: NOW - 30 },
      ],
    })
  })

  test('is not found when there is none, for another tenant, or 30 days after it was over', async () => {
    await keep([insight(1), closed(2, NOW - 30 * DAY - 1)])
    const unknown = { error: 'InvalidRequestException', message: 'Insight not found' }
    for (const number of [2, 3]) expect(await call('GetInsight', { InsightId: idOf(number) })).toEqual(unknown)
    expect(await call('GetInsight', { InsightId: idOf(1) }, { region: 'eu-west-1' })).toEqual(unknown)
    expect(await call('GetInsightEvents', { InsightId: idOf(1) }, { account: '111111111111' })).toEqual(unknown)
    expect(await call('GetInsightImpactGraph', { ...window, InsightId: idOf(3) })).toEqual(unknown)
  })
})

test('insights that have lived for 30 days are dropped with their events', async () => {
  await keep([closed(1, NOW - 29 * DAY), closed(2, NOW - 31 * DAY)])
  await keep([])
  expect(control.insights.events(TENANT, idOf(1))).toHaveLength(1)
  expect(control.insights.events(TENANT, idOf(2))).toEqual([])
})

test('what was not found on top of what is kept is not kept', async () => {
  await keep([insight(1)])
  const { throughSeconds = 0 } = control.insights.detector(TENANT, GROUP.arn) ?? {}
  const late = { group: GROUP, state: { ...emptyDetector, throughSeconds: throughSeconds + 600 }, changes: [] }
  expect(await control.insights.save(TENANT, { ...late, sinceSeconds: throughSeconds - 60 }, NOW)).toBe(false)
  expect(control.insights.detector(TENANT, GROUP.arn)?.throughSeconds).toBe(throughSeconds)
  expect(await control.insights.save(TENANT, { ...late, sinceSeconds: throughSeconds }, NOW)).toBe(true)
  expect(control.insights.detectors(TENANT)).toEqual([{ group: GROUP, throughSeconds: throughSeconds + 600 }])
})

describe('GetInsightSummaries', () => {
  const ask = { ...window, GroupName: 'Default' }

  test.each<{ input: object; found: readonly number[]; reason: string }>([
    { input: {}, found: [10, 20, 30], reason: 'what was within the hour, the newest first' },
    { input: { States: [] }, found: [10, 20, 30], reason: 'no state is any state' },
    { input: { States: ['ACTIVE'] }, found: [10, 30], reason: 'those that go on' },
    { input: { States: ['CLOSED'] }, found: [20], reason: 'those that are over' },
    { input: { StartTime: NOW - 600, EndTime: NOW + 60 }, found: [10, 30], reason: 'one is over before, others go on' },
    { input: { StartTime: NOW - DAY, EndTime: NOW - 1_500 }, found: [30, 90], reason: 'two begin after' },
    { input: { GroupName: undefined, GroupARN: GROUP.arn }, found: [10, 20, 30], reason: 'the ARN says the same' },
  ])('$input: $reason', async ({ input, found }) => {
    await keep([insight(10), closed(20, NOW - 1_000), insight(30), closed(90, NOW - 5_000)])
    const { InsightSummaries } = await call('GetInsightSummaries', { ...ask, ...input })
    expect(InsightSummaries).toMatchObject(found.map((number) => ({ InsightId: idOf(number) })))
    expect(InsightSummaries).toHaveLength(found.length)
  })

  test.each<{ input: object; message: RegExp }>([
    { input: { GroupName: undefined }, message: /^GroupName or GroupARN is required$/ },
    { input: { GroupName: 'unknown' }, message: /^Group not found$/ },
    { input: { StartTime: undefined }, message: /^StartTime is required$/ },
    { input: { StartTime: NOW, EndTime: NOW }, message: /^StartTime must be before EndTime$/ },
    { input: { StartTime: NOW - 30 * DAY - 1 }, message: /^StartTime must not be more than 30 days ago$/ },
    { input: { StartTime: 1, EndTime: 2 }, message: /^StartTime must not be more than 30 days ago$/ },
    { input: { States: ['ACTIVE', 'CLOSED'] }, message: /less than or equal to 1/ },
    { input: { States: ['OPEN'] }, message: /enum value set/ },
    { input: { MaxResults: 0 }, message: /greater than or equal to 1/ },
    { input: { MaxResults: 101 }, message: /less than or equal to 100/ },
    { input: { NextToken: 'x' }, message: /^Invalid NextToken$/ },
  ])('refuses $input', async ({ input, message }) => {
    const answer = await call('GetInsightSummaries', { ...ask, ...input })
    expect(answer).toEqual({ error: 'InvalidRequestException', message: expect.stringMatching(message) })
  })

  test('goes on with the same question only, and is not moved by what is new', async () => {
    await keep(Array.from({ length: 5 }, (_, at) => insight(at + 10)))
    const pages: unknown[] = []
    let NextToken: unknown
    do {
      const page = await call('GetInsightSummaries', { ...ask, MaxResults: 2, NextToken })
      pages.push((page['InsightSummaries'] as { InsightId: string }[]).map(({ InsightId }) => InsightId))
      if (NextToken === undefined) await keep([insight(1)])
      NextToken = page['NextToken']
      if (NextToken === undefined) break
      const other = await call('GetInsightSummaries', { ...ask, States: ['ACTIVE'], MaxResults: 2, NextToken })
      expect(other).toMatchObject({ message: 'Invalid NextToken' })
    } while (pages.length < 10)
    expect(pages).toEqual([[idOf(10), idOf(11)], [idOf(12), idOf(13)], [idOf(14)]])
  })
})

describe('GetInsightEvents', () => {
  test('has them all, the newest first, fifty a page', async () => {
    await keep([insight(1)], 60)
    const first = await call('GetInsightEvents', { InsightId: idOf(1) })
    const events = first['InsightEvents'] as readonly { EventTime: number }[]
    expect(events[0]).toEqual({
      Summary: 'event 60.',
      EventTime: NOW + 60,
      ClientRequestImpactStatistics: WRITTEN.ClientRequestImpactStatistics,
      RootCauseServiceRequestImpactStatistics: WRITTEN.RootCauseServiceRequestImpactStatistics,
      TopAnomalousServices: WRITTEN.TopAnomalousServices,
    })
    const next = { InsightId: idOf(1), NextToken: first['NextToken'] }
    const second = await call('GetInsightEvents', next)
    expect(second).not.toHaveProperty('NextToken')
    const times = [...events, ...(second['InsightEvents'] as readonly { EventTime: number }[])]
    expect(times.map(({ EventTime }) => EventTime - NOW)).toEqual(Array.from({ length: 60 }, (_, at) => 60 - at))
    expect(await call('GetInsightEvents', { ...next, MaxResults: 5 })).toMatchObject({ message: 'Invalid NextToken' })
  })

  test.each([{ MaxResults: 51 }, { MaxResults: 0 }, { InsightId: 'no-uuid' }, { InsightId: undefined }])(
    'refuses %j',
    async (input) => {
      const answer = await call('GetInsightEvents', { InsightId: idOf(1), ...input })
      expect(answer).toMatchObject({ error: 'InvalidRequestException' })
    },
  )

  test('keeps the last thousand', async () => {
    await keep([insight(1)], 1_010)
    const numbers = control.insights.events(TENANT, idOf(1)).map(({ number }) => number)
    expect([numbers.length, numbers[0], numbers.at(-1)]).toEqual([1_000, 1_010, 11])
  })
})

describe('GetInsightImpactGraph', () => {
  /** A request of a client to web, which calls api, which calls a table; and one to mail. */
  async function story(): Promise<void> {
    const trace_id = newTraceId(NOW - 100)
    const times = { start_time: NOW - 100, end_time: NOW - 99 }
    const [toApi, toOrders] = [newId(), newId()]
    const called = { id: toApi, name: 'api', namespace: 'remote', ...times }
    const orders = { id: toOrders, name: 'orders', namespace: 'remote', ...times }
    const documents = [
      segment({ name: 'web', trace_id, ...times, subsegments: [called] }),
      segment({ name: 'api', trace_id, parent_id: toApi, ...times, subsegments: [orders] }),
      segment({ name: 'mail', trace_id: newTraceId(NOW - 100), ...times }),
    ]
    await services.ingest.accept(
      TENANT,
      documents.map((document) => JSON.stringify(document)),
      'http',
    )
  }

  test('has what lies between clients and the services of the insight', async () => {
    await story()
    await keep([insight(1, { services: [nodeOf('api', undefined, undefined)] })])
    const input = { InsightId: idOf(1), StartTime: NOW - 200.5, EndTime: NOW }
    const graph = await call('GetInsightImpactGraph', input)
    expect(graph).toEqual({
      ...input,
      ServiceGraphStartTime: NOW - 100,
      ServiceGraphEndTime: NOW - 99,
      Services: [
        { ReferenceId: 0, Name: 'web', Names: ['web'], Type: 'client', Edges: [{ ReferenceId: 2 }] },
        { ReferenceId: 1, Name: 'api', Names: ['api'], Edges: [] },
        { ReferenceId: 2, Name: 'web', Names: ['web'], Edges: [{ ReferenceId: 1 }] },
      ],
    })
  })

  test('covers all that was asked for where there is nothing', async () => {
    await keep([insight(1)])
    const input = { InsightId: idOf(1), StartTime: NOW - 100, EndTime: NOW }
    const covered = { ServiceGraphStartTime: NOW - 100, ServiceGraphEndTime: NOW }
    expect(await call('GetInsightImpactGraph', input)).toEqual({ ...input, ...covered, Services: [] })
  })

  test.each<{ input: object; message: string }>([
    { input: { EndTime: NOW - 3_600 }, message: 'StartTime must be before EndTime' },
    { input: { EndTime: NOW + 4 * 3_600 }, message: '' },
    {
      input: { EndTime: NOW + 5 * 3_600 + 1 },
      message: 'The time between StartTime and EndTime must not exceed six hours',
    },
    { input: { StartTime: NOW - 31 * DAY }, message: 'StartTime must not be more than 30 days ago' },
    { input: { NextToken: 'x' }, message: 'Invalid NextToken' },
    { input: { EndTime: undefined }, message: 'EndTime is required' },
  ])('answers $input with $message', async ({ input, message }) => {
    await keep([insight(1)])
    const answer = await call('GetInsightImpactGraph', { InsightId: idOf(1), ...window, ...input })
    expect(answer['message'] ?? '').toBe(message)
  })
})
