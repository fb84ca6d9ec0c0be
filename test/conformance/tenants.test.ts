import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { operations, type OperationName } from '../../src/wire/xray/shapes.generated.ts'
import { samplingRule, POLICY } from '../fixtures/seeded-state.ts'
import { send } from '../fixtures/raw-http.ts'
import { rawOperations, type RawOperations, type TenantName } from '../fixtures/raw-operation.ts'
import { startServer, type RunningServer } from '../fixtures/run-server.ts'
import { newTraceId } from '../fixtures/segments.ts'
import { report, SAME, seedTenant, type SeededTenant } from '../fixtures/tenant-seeds.ts'
import { parseObject } from '../fixtures/xray-client.ts'

/**
 * Accounts and regions see nothing of each other (design §6). Four tenants write through every operation, under the same
 * names; then three of them try to reach what the first one has, by every operation and own path, with its names, ids,
 * ARNs and tokens. No answer may hold a text that only the first one wrote, and nothing of the first one may change.
 */

let server: RunningServer
let raw: RawOperations
let owner: SeededTenant
let others: readonly SeededTenant[]

const names = Object.keys(operations) as OperationName[]

beforeAll(async () => {
  server = await startServer()
  raw = rawOperations(server.url)
  const sharedTraceId = newTraceId()
  const seeded: SeededTenant[] = []
  // The percentage is an account's and region's own, too; with 100, the first one goes on finding all of its traces.
  for (const [account, region, marker, indexed] of [
    ['300000000001', 'us-east-1', 'zebra-1', 100],
    ['300000000001', 'eu-west-1', 'zebra-2', 20],
    ['300000000002', 'us-east-1', 'zebra-3', 30],
    ['300000000002', 'eu-west-1', 'zebra-4', 40],
  ] as const) {
    seeded.push(await seedTenant(raw, { account, region }, marker, sharedTraceId, indexed))
  }
  const [first, ...rest] = seeded
  if (first === undefined) throw new Error('nobody was seeded')
  owner = first
  others = rest
  const says = (name: OperationName, input: object, of: TenantName, word: string) =>
    vi.waitUntil(async () => (await raw.answer(name, input, of)).text.includes(word), { timeout: 30_000 })
  await says('GetTraceSegmentDestination', {}, owner, 'ACTIVE')
  for (const of of seeded) {
    await says('ListRetrievedTraces', { RetrievalToken: of.retrievalToken }, of, 'COMPLETE')
  }
}, 120_000)

afterAll(async () => {
  raw?.close()
  await server?.[Symbol.asyncDispose]()
})

/** How one would reach for what a tenant has, by each operation. One that is missing does not compile. */
const REACHES: { readonly [Op in OperationName]: (of: SeededTenant) => readonly object[] } = {
  BatchGetTraces: ({ traceIds }) => [{ TraceIds: traceIds }],
  CancelTraceRetrieval: ({ retrievalToken }) => [{ RetrievalToken: retrievalToken }],
  CreateGroup: () => [{ GroupName: SAME.group, FilterExpression: 'ok' }],
  CreateSamplingRule: () => [{ SamplingRule: samplingRule(SAME.rule) }],
  DeleteGroup: ({ groupArn, marker }) => [{ GroupARN: groupArn }, { GroupName: marker }],
  DeleteResourcePolicy: () => [{ PolicyName: SAME.policy, PolicyRevisionId: '7' }],
  DeleteSamplingRule: ({ ruleArn, marker }) => [{ RuleARN: ruleArn }, { RuleName: marker }],
  GetEncryptionConfig: () => [{}],
  GetGroup: ({ groupArn, marker }) => [{ GroupARN: groupArn }, { GroupName: marker }, { GroupName: SAME.group }],
  GetGroups: () => [{}],
  GetIndexingRules: () => [{}],
  GetInsight: () => [{ InsightId: '6b55dcc4-9793-4f1a-8a2d-0123456789ab' }],
  GetInsightEvents: () => [{ InsightId: '6b55dcc4-9793-4f1a-8a2d-0123456789ab' }],
  GetInsightImpactGraph: ({ window }) => [{ InsightId: '6b55dcc4-9793-4f1a-8a2d-0123456789ab', ...window }],
  GetInsightSummaries: ({ window, groupArn }) => [
    { ...window, GroupName: 'Default' },
    { ...window, GroupName: SAME.group },
    { ...window, GroupARN: groupArn },
  ],
  GetRetrievedTracesGraph: ({ retrievalToken }) => [{ RetrievalToken: retrievalToken }],
  GetSamplingRules: () => [{}],
  GetSamplingStatisticSummaries: () => [{}],
  GetSamplingTargets: ({ marker, window: { EndTime } }) => [
    { SamplingStatisticsDocuments: [report(marker, EndTime), report(SAME.rule, EndTime)] },
  ],
  GetServiceGraph: ({ window, groupArn, marker }) => [
    window,
    { ...window, GroupName: SAME.group },
    { ...window, GroupName: marker },
    { ...window, GroupARN: groupArn },
  ],
  GetTimeSeriesServiceStatistics: ({ window, groupArn, marker }) => [
    { ...window, EntitySelectorExpression: `service("svc-${marker}")` },
    { ...window, GroupName: SAME.group },
    { ...window, GroupARN: groupArn },
  ],
  GetTraceGraph: ({ traceIds }) => [{ TraceIds: traceIds }],
  GetTraceSegmentDestination: () => [{}],
  GetTraceSummaries: ({ window, marker, groupArn, pageToken }) => [
    window,
    { ...window, NextToken: pageToken },
    { ...window, FilterExpression: `service("svc-${marker}") OR user = "${marker}"` },
    { ...window, FilterExpression: `group.name = "${SAME.group}"` },
    { ...window, FilterExpression: `group.name = "${marker}"` },
    { ...window, FilterExpression: `group.arn = "${groupArn}"` },
  ],
  ListResourcePolicies: () => [{}],
  ListRetrievedTraces: ({ retrievalToken }) => [
    { RetrievalToken: retrievalToken },
    { RetrievalToken: retrievalToken, TraceFormat: 'OTEL' },
  ],
  ListTagsForResource: ({ groupArn, ruleArn }) => [{ ResourceARN: groupArn }, { ResourceARN: ruleArn }],
  PutEncryptionConfig: () => [{ Type: 'NONE' }],
  PutResourcePolicy: () => [{ PolicyName: SAME.policy, PolicyDocument: POLICY, PolicyRevisionId: '1' }],
  PutTelemetryRecords: () => [{ TelemetryRecords: [{ Timestamp: 1 }], Hostname: 'other' }],
  PutTraceSegments: ({ traceIds, segmentId, window: { EndTime } }) => [
    {
      TraceSegmentDocuments: traceIds.map((trace_id) =>
        JSON.stringify({ trace_id, id: segmentId, name: 'foreign', start_time: EndTime - 90, end_time: EndTime - 80 }),
      ),
    },
  ],
  StartTraceRetrieval: ({ traceIds, window }) => [{ TraceIds: traceIds, ...window }],
  TagResource: ({ groupArn, ruleArn }) =>
    [groupArn, ruleArn].map((ResourceARN) => ({ ResourceARN, Tags: [{ Key: 'foreign', Value: 'foreign' }] })),
  UntagResource: ({ groupArn, marker }) => [{ ResourceARN: groupArn, TagKeys: [marker] }],
  UpdateGroup: ({ groupArn, marker }) => [
    { GroupARN: groupArn, FilterExpression: 'ok' },
    { GroupName: marker, FilterExpression: 'ok' },
  ],
  UpdateIndexingRule: () => [{ Name: 'Default', Rule: { Probabilistic: { DesiredSamplingPercentage: 7 } } }],
  UpdateSamplingRule: ({ ruleArn, marker }) => [
    { SamplingRuleUpdate: { RuleARN: ruleArn, FixedRate: 0 } },
    { SamplingRuleUpdate: { RuleName: marker, FixedRate: 0 } },
  ],
  UpdateTraceSegmentDestination: () => [{ Destination: 'CloudWatchLogs' }],
}

/** The same by our own paths. A path without a line here fails a test below. */
const OWN_REACHES: Readonly<Record<string, (of: SeededTenant) => readonly string[]>> = {
  '/api/traces': ({ marker }) => ['/api/traces', `/api/traces?filter=user = "${marker}"`, bySame('/api/traces?')],
  '/api/traces/explain': ({ traceIds: [shared, own] }) =>
    [shared, own].map((id) => `/api/traces/explain?filter=user&trace=${id}`).concat(bySame('/api/traces/explain?')),
  '/api/traces/{id}/outline': ({ traceIds }) => traceIds.map((id) => `/api/traces/${id}/outline`),
  '/api/traces/{id}/segments/{segment}': ({ traceIds, segmentId }) =>
    traceIds.map((id) => `/api/traces/${id}/segments/${segmentId}`),
  '/api/traces/{id}/find': ({ traceIds }) => traceIds.map((id) => `/api/traces/${id}/find?text=zebra`),
  '/api/traces/{id}/percentile': ({ traceIds }) => traceIds.map((id) => `/api/traces/${id}/percentile`),
  '/api/complete': ({ marker }) =>
    ['service', 'annotation-key', 'url', 'user', `annotation-value&key=${marker.replace('-', '_')}`].map(
      (kind) => `/api/complete?kind=${kind}`,
    ),
  '/api/graph': () => ['/api/graph', `/api/graph?group=${SAME.group}`],
  '/api/graph/trend': ({ marker }) => [`/api/graph/trend?node=3 0 svc-${marker}`],
  '/api/overview': () => ['/api/overview', `/api/overview?group=${SAME.group}`],
  '/api/insights': ({ marker }) => [
    '/api/insights',
    ...[SAME.group, marker].map((name) => `/api/insights?group=${name}`),
  ],
  '/api/insights/backtest': ({ marker }) =>
    [SAME.group, marker].map((name) => `/api/insights/backtest?group=${name}&from=1h`),
  '/api/sampling/try': ({ marker }) => ['/api/sampling/try', `/api/sampling/try?service=${marker}&host=${marker}`],
  '/api/sampling/trend': ({ marker }) => ['/api/sampling/trend', `/api/sampling/trend?rule=${marker}`],
}

/** Paths that are of no account and region, and why. */
const OF_NO_TENANT: Readonly<Record<string, string>> = {
  '/api/demo': 'it writes, for unsigned calls only, and answers with a count',
  '/api/status': 'it counts what the process received, and names nothing of it',
  '/api/rejected': 'it is the log of who runs the server, and says of each entry whose it is',
  '/api/collectors': 'it is about the daemons that send to this server, for who runs it',
}

const bySame = (path: string): string => `${path}filter=group.name = "${SAME.group}"`

/** An answer without what the question said: messages repeat names. */
function withoutGiven(text: string, given: object | string): string {
  const strings = typeof given === 'string' ? [...given.matchAll(/zebra-\d/g)].map(([one]) => one) : stringsIn(given)
  return strings.toSorted((a, b) => b.length - a.length).reduce((left, one) => left.replaceAll(one, '…'), text)
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value, JSON.stringify(value).slice(1, -1)]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

async function readOwn(path: string, { account, region }: SeededTenant) {
  const url = `${path}${path.includes('?') ? '&' : '?'}account=${account}&region=${region}`
  return send(server.url, { method: 'GET', path: url.replaceAll(' ', '%20').replaceAll('"', '%22') })
}

/** What the owner reads of itself. */
async function snapshot(): Promise<readonly string[]> {
  const answers: string[] = []
  for (const name of names.filter((one) => /^(Get|List|Batch)/.test(one) && one !== 'GetSamplingTargets')) {
    for (const input of REACHES[name](owner)) {
      answers.push(`${name} ${JSON.stringify(input)} ${await allPages(name, input)}`)
    }
  }
  return answers
}

/** The answers of all pages in one text; of summaries only these, since a page may end whenever it took long. */
async function allPages(name: OperationName, input: object): Promise<string> {
  const texts: string[] = []
  for (let asked: object | undefined = input; asked !== undefined;) {
    const { status, text } = await raw.answer(name, asked, owner)
    const { NextToken, TraceSummaries, ...more } = parseObject(text)
    if (Array.isArray(TraceSummaries)) texts.push(...TraceSummaries.map((summary) => JSON.stringify(summary)))
    else texts.push(`${status} ${JSON.stringify(more)}`)
    asked = NextToken === undefined ? undefined : { ...input, NextToken }
  }
  return texts.join('\n')
}

/** Where a text becomes another one, with what stands around it. */
function difference(before: string, after: string): readonly string[] {
  if (before === after) return []
  const at = [...after].findIndex((letter, index) => letter !== before[index])
  return [`${after.slice(0, 200)} … ${before.slice(at - 100, at + 100)} ≠ ${after.slice(at - 100, at + 100)}`]
}

test('the owner finds what it wrote, by every operation and path that reads, and nothing of others', async () => {
  /** These say nothing that is a tenant's own text. */
  const SILENT = /^(GetInsight|GetIndexingRules|GetTraceSegmentDestination|GetTimeSeriesServiceStatistics)/
  const wrong: string[] = []
  for (const answer of await snapshot()) {
    const [name = '', input = ''] = answer.split(' ')
    const said = withoutGiven(answer.slice(name.length + input.length), '')
    if (!SILENT.test(name) && !said.includes(owner.marker)) wrong.push(`does not find: ${answer.slice(0, 300)}`)
    for (const { marker } of others) if (answer.includes(marker)) wrong.push(`${marker} is in ${answer.slice(0, 300)}`)
  }
  for (const [pattern, reach] of Object.entries(OWN_REACHES)) {
    const texts = await Promise.all(reach(owner).map(async (path) => (await readOwn(path, owner)).text))
    const isSilent = /insights|graph\/trend|find|explain|percentile/.test(pattern)
    if (!isSilent && !texts.some((text) => text.includes(owner.marker))) wrong.push(`does not find: ${pattern}`)
    for (const { marker } of others) if (texts.join().includes(marker)) wrong.push(`${marker} is in ${pattern}`)
  }
  expect(wrong).toEqual([])
  const indexing = await raw.answer('GetIndexingRules', {}, owner)
  expect(indexing.text).toContain('"DesiredSamplingPercentage":100')
})

describe('others', () => {
  let before: readonly string[]

  beforeAll(async () => {
    before = await snapshot()
  })

  test.each(names)('%s', async (name) => {
    const wrong: string[] = []
    for (const other of others) {
      for (const input of REACHES[name](owner)) {
        const { status, text } = await raw.answer(name, input, other)
        if (status >= 500) wrong.push(`${status} ${text}`)
        if (withoutGiven(text, input).includes(owner.marker)) wrong.push(`${JSON.stringify(input)}: ${text}`)
        if (isOfOwner(input) && status === 200 && !isEmpty(name, text))
          wrong.push(`done: ${JSON.stringify(input)} ${text}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test.each(Object.keys(OWN_REACHES))('%s', async (pattern) => {
    const wrong: string[] = []
    for (const other of others) {
      for (const path of OWN_REACHES[pattern]?.(owner) ?? []) {
        const { status, text } = await readOwn(path, other)
        if (status >= 500) wrong.push(`${status} ${text}`)
        if (withoutGiven(text, path).includes(owner.marker)) wrong.push(`${path}: ${text}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('have changed nothing of the owner', async () => {
    const after = await snapshot()
    expect(after.flatMap((text, index) => difference(before[index] ?? '', text))).toEqual([])
  })

  test('do not share its reservoir, and count on their own', async () => {
    for (const tenant of [owner, ...others]) {
      const SamplingStatisticsDocuments = [report(SAME.rule, Date.now() / 1000)]
      const targets = await raw.output('GetSamplingTargets', { SamplingStatisticsDocuments }, tenant)
      expect(targets).toMatchObject({ SamplingTargetDocuments: tenant === owner ? [{ ReservoirQuota: 5 }] : [{}] })
    }
  })
})

/** Whether an input names something by an ARN, a token or a name that only the owner has. */
function isOfOwner(input: object): boolean {
  const text = JSON.stringify(input)
  return [owner.groupArn, owner.ruleArn, owner.retrievalToken, owner.pageToken].some((one) => text.includes(one))
}

/** Success that found nothing. */
function isEmpty(name: OperationName, text: string): boolean {
  return name === 'GetInsightSummaries' && /"InsightSummaries":\[\]/.test(text)
}

test('every path of our own is here, or is of no tenant', () => {
  const folder = new URL('../../src/api/', import.meta.url)
  const sources = readdirSync(folder).filter((name) => /^[a-z-]+\.ts$/.test(name))
  const paths = sources.flatMap((name) =>
    [...readFileSync(new URL(name, folder), 'utf8').matchAll(/'(\/api\/[^'?]+)'/g)].map(([, path = '']) => path),
  )
  const found = [...new Set(paths)].filter((path) => !path.endsWith('/'))
  expect(found.length).toBeGreaterThan(12)
  const known = new Set([...Object.keys(OWN_REACHES), ...Object.keys(OF_NO_TENANT)])
  expect(found.filter((path) => !known.has(path))).toEqual([])
})

test('the log of rejected documents says whose each was', async () => {
  await raw.output('PutTraceSegments', { TraceSegmentDocuments: ['{}'] }, owner)
  const { text } = await send(server.url, { method: 'GET', path: '/api/rejected' })
  expect(JSON.parse(text)).toMatchObject({ rejected: [{ account: owner.account, region: owner.region }] })
})
