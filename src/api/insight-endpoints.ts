import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Group } from '../control/group.ts'
import type { Groups } from '../control/groups.ts'
import type { Insights, KeptInsight } from '../control/insights.ts'
import { emptyDetector } from '../model/insights/detector-state.ts'
import type { Insight } from '../model/insights/insight.ts'
import { insightId } from '../model/insights/insight-id.ts'
import { step } from '../model/insights/step.ts'
import type { ServiceId } from '../model/summary.ts'
import type { Tenant } from '../model/tenant.ts'
import type { GraphQueries } from '../query/graphs.ts'
import { readInsightMinutes } from '../query/insight-minutes.ts'
import type { TraceFilter } from '../query/traces.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import { jsonResponse, type HttpResponse } from '../wire/aws/http-message.ts'
import { answered } from './answered.ts'
import { readGroup } from './graph-scope.ts'
import { integerParameter, OWN_HEADERS, textParameter, type OwnEndpoint, type OwnEndpoints } from './own-endpoints.ts'
import { linesResponse, writeFailure } from './search-answers.ts'
import { choiceParameter, spanParameters, tenantParameters } from './search-parameters.ts'

/** What the endpoints need of the rest of the program. */
export type InsightEndpointServices = {
  readonly insights: Pick<Insights, 'list'>
  readonly groups: Groups
  readonly graphs: Pick<GraphQueries, 'periods'>
  /** Whose insights are meant when nobody says. */
  readonly defaultTenant: Tenant
  /** Epoch milliseconds. */
  readonly clock: () => number
  readonly log: { error(fields: object, message: string): void }
}

const DAY_SECONDS = 86_400
const MAX_BACKTEST_SECONDS = 31 * DAY_SECONDS
/** So long before the time that is asked for, the detector begins to learn what is normal. */
const LEARNING_SECONDS = DAY_SECONDS
const LIST_LIMIT = { usual: 100, max: 5_000 }
const STATES = { ACTIVE: 'ACTIVE', CLOSED: 'CLOSED' } as const

/** The paths by which console and command line read insights. docs/own-api.md describes them. */
export function createInsightEndpoints(services: InsightEndpointServices): OwnEndpoints {
  return new Map<string, OwnEndpoint>([
    ['/api/insights', async (query, id) => list(services, query, id)],
    ['/api/insights/backtest', async (query, id, signal) => backtest(services, query, id, signal)],
  ])
}

/** What is known, of one group or of all, the newest first. */
function list(services: InsightEndpointServices, query: URLSearchParams, requestId: string): HttpResponse {
  const { insights, groups, defaultTenant, clock } = services
  const tenant = tenantParameters(query, defaultTenant)
  const nowSeconds = clock() / 1_000
  const { fromSeconds, toSeconds } = spanParameters(query, nowSeconds, 30 * DAY_SECONDS)
  const limit = integerParameter(query, 'limit', 1, LIST_LIMIT.max) ?? LIST_LIMIT.usual
  const state = choiceParameter(query, 'state', STATES)
  const name = textParameter(query, 'group')
  const arn = name === undefined ? undefined : answered(groups.find(tenant, { name })).arn
  const isMeant = ({ group, insight }: KeptInsight): boolean =>
    (arn === undefined || group.arn === arn) &&
    (state === undefined || insight.state === state) &&
    insight.startSeconds < toSeconds &&
    (insight.endSeconds ?? nowSeconds) >= fromSeconds
  const meant = insights.list(tenant, nowSeconds).filter(isMeant)
  const body = {
    insights: meant.slice(0, limit).map(({ group, insight }) => ({ group: group.name, ...writeOwnInsight(insight) })),
    complete: meant.length <= limit,
  }
  return jsonResponse(200, requestId, JSON.stringify(body), OWN_HEADERS)
}

/** Lets a new detector look at what was, as if it had been there. Nothing of it is kept, and nobody is told. */
async function backtest(
  services: InsightEndpointServices,
  query: URLSearchParams,
  requestId: string,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const { groups, defaultTenant, clock } = services
  const tenant = tenantParameters(query, defaultTenant)
  const span = spanParameters(query, clock() / 1_000, 7 * DAY_SECONDS)
  const fromSeconds = Math.floor(span.fromSeconds / 60) * 60
  // The present minute is not over yet, as it is not for a detector that watches.
  const toSeconds = Math.floor(Math.min(span.toSeconds, clock() / 1_000 - 60) / 60) * 60
  if (toSeconds - fromSeconds > MAX_BACKTEST_SECONDS) {
    fail('InvalidRequestException', 'The time between from and to must not exceed 31 days')
  }
  const name = textParameter(query, 'group') ?? fail('InvalidRequestException', 'group is required')
  const group = answered(groups.find(tenant, { name }))
  const filter = readGroup(groups, tenant, { GroupARN: group.arn })
  const test = { tenant, group, fromSeconds, toSeconds, ...(filter === undefined ? {} : { filter }) }
  return linesResponse(requestId, guarded(backtestLines(services, test, signal), services, requestId, signal))
}

type Backtest = {
  readonly tenant: Tenant
  readonly group: Group
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly filter?: TraceFilter
}

/** A line for each insight as soon as it is over, or at the end, and one for each stretch that was looked at. */
async function* backtestLines(
  { graphs }: InsightEndpointServices,
  { tenant, group, fromSeconds, toSeconds, filter }: Backtest,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const query = {
    fromSeconds: fromSeconds - LEARNING_SECONDS,
    toSeconds,
    ...(filter === undefined ? {} : { filter }),
  }
  const idOf = (startSeconds: number, rootKey: string): string => insightId(tenant, group.arn, startSeconds, rootKey)
  const active = new Map<string, Insight>()
  let state = emptyDetector
  let found = 0
  for await (const minutes of readInsightMinutes(graphs, tenant, query, signal)) {
    for (const minute of minutes) {
      const after = step(state, minute, idOf)
      state = after.state
      // Many nodes take a while, and others wait.
      if (minute.nodes.length > 0) await nextTurn()
      for (const { insight } of after.changes) {
        if (insight.openedSeconds <= fromSeconds) continue
        active.set(insight.id, insight)
        if (insight.state === 'ACTIVE') continue
        active.delete(insight.id)
        found += 1
        yield line({ type: 'insight', ...writeOwnInsight(insight) })
      }
    }
    const minutesLooked = Math.round((state.throughSeconds - query.fromSeconds) / 60)
    const allMinutes = Math.round((toSeconds - query.fromSeconds) / 60)
    yield line({ type: 'progress', minutes: minutesLooked, of: allMinutes, upTo: state.throughSeconds })
    await nextTurn()
  }
  for (const insight of active.values()) yield line({ type: 'insight', ...writeOwnInsight(insight) })
  yield line({ type: 'end', group: group.name, from: fromSeconds, to: toSeconds, insights: found + active.size })
}

/** The answer has begun, so that it is too late for a status: an error becomes the last line. */
async function* guarded(
  lines: AsyncIterable<string>,
  { log }: InsightEndpointServices,
  requestId: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  try {
    yield* lines
  } catch (error) {
    // When the client has gone, what was given up for it is no fault.
    if (signal.aborted) return
    log.error({ err: error, requestId }, 'a backtest failed')
    yield writeFailure('The backtest failed because of an internal error', requestId)
  }
}

const line = (event: object): string => `${JSON.stringify(event)}\n`

function writeOwnInsight(insight: Insight): object {
  const { id, state, startSeconds, openedSeconds, endSeconds, summary, rootCause, topServices, evidence } = insight
  return {
    id,
    state,
    startTime: startSeconds,
    ...(endSeconds === undefined ? {} : { endTime: endSeconds }),
    openedTime: openedSeconds,
    delay: openedSeconds - startSeconds,
    updatedTime: insight.updatedSeconds,
    summary,
    rootCause: writeService(rootCause),
    topServices: topServices.map(writeService),
    evidence,
    clientImpact: insight.clientImpact,
    rootCauseImpact: insight.rootCauseImpact,
  }
}

function writeService({ name, type, accountId }: ServiceId): object {
  return { name, ...(type === undefined ? {} : { type }), ...(accountId === undefined ? {} : { account: accountId }) }
}
