import type { Groups } from '../control/groups.ts'
import { compareNewestFirst, type Insights, type KeptInsight } from '../control/insights.ts'
import type { ServiceGraph } from '../model/graph/service-graph.ts'
import { impactGraph } from '../model/insights/impact-graph.ts'
import { nodeKey } from '../model/node.ts'
import { topologyHash } from '../model/graph/topology-hash.ts'
import type { GraphQueries } from '../query/graphs.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import { readPageToken, writePageToken, type PagePosition } from '../wire/aws/page-token.ts'
import type { Shapes } from '../wire/xray/shapes.generated.ts'
import { writeImpactGraph, writeInsight, writeInsightEvent, writeInsightSummary } from '../wire/xray/write-insight.ts'
import { answered } from './answered.ts'
import { graphParameters, readGroup, readWindow } from './graph-scope.ts'
import type { Call, Handler, Operations } from './handler.ts'

type InsightOperation = 'GetInsight' | 'GetInsightEvents' | 'GetInsightImpactGraph' | 'GetInsightSummaries'

/** What the operations on insights work with. */
export type InsightServices = {
  readonly insights: Pick<Insights, 'list' | 'find' | 'events'>
  readonly groups: Groups
  readonly graphs: Pick<GraphQueries, 'serviceGraph'>
}

const OLDEST_SECONDS = 30 * 86_400
const LONGEST_GRAPH_SECONDS = 6 * 3_600
const MAX_SUMMARIES = 100
const MAX_EVENTS = 50
/** Services on a page of an impact graph, as on one of other graphs (spec/query §3.6). */
const MAX_SERVICES = 1_000

/** The operations on insights (spec/query §4.2). */
export function insightOperations(services: InsightServices): Pick<Operations, InsightOperation> {
  return {
    GetInsightSummaries: getInsightSummaries(services),
    GetInsight: async ({ InsightId }, call) => {
      const { group, insight } = await find(services, InsightId, call)
      return { Insight: writeInsight(group, insight) }
    },
    GetInsightEvents: getInsightEvents(services),
    GetInsightImpactGraph: getInsightImpactGraph(services),
  }
}

function getInsightSummaries({ insights, groups }: InsightServices): Handler<'GetInsightSummaries'> {
  return async (input, call) => {
    const { tenant, nowSeconds } = call
    const { GroupName: name, GroupARN: arn, States = [], MaxResults = MAX_SUMMARIES } = input
    if (name === undefined && arn === undefined) {
      fail('InvalidRequestException', 'GroupName or GroupARN is required')
    }
    const window = readWindow(input)
    refuseOld('StartTime', input.StartTime, nowSeconds)
    refuseOld('EndTime', input.EndTime, nowSeconds)
    const parameters = graphParameters('GetInsightSummaries', input, call)
    const after = readPosition(input.NextToken, parameters, call)
    const group = answered(groups.find(tenant, { name, arn }))
    const isMeant = ({ group: of, insight }: KeptInsight): boolean =>
      of.arn === group.arn &&
      (States.length === 0 || States.includes(insight.state)) &&
      insight.startSeconds <= window.endSeconds &&
      (insight.endSeconds ?? nowSeconds) >= window.startSeconds
    // A page begins after the insight in its token, so that those that come meanwhile move no others.
    const isAfter = ({ insight }: KeptInsight): boolean =>
      after === undefined || compareNewestFirst({ startSeconds: after.timeSeconds, id: after.id }, insight) < 0
    const rest = insights.list(tenant, nowSeconds).filter((kept) => isMeant(kept) && isAfter(kept))
    const page = rest.slice(0, MaxResults)
    const last = rest.length > page.length ? page.at(-1)?.insight : undefined
    return {
      InsightSummaries: page.map((kept) => writeInsightSummary(kept.group, kept.insight)),
      ...nextToken(parameters, last && { timeSeconds: last.startSeconds, id: last.id }, call),
    }
  }
}

function getInsightEvents(services: InsightServices): Handler<'GetInsightEvents'> {
  return async (input, call) => {
    const { InsightId, MaxResults = MAX_EVENTS, NextToken } = input
    const parameters = graphParameters('GetInsightEvents', input, call)
    const after = readPosition(NextToken, parameters, call)
    const { insight } = await find(services, InsightId, call)
    const all = services.insights.events(call.tenant, insight.id)
    const rest = after === undefined ? all : all.filter(({ number }) => number < after.timeSeconds)
    const page = rest.slice(0, MaxResults)
    const last = rest.length > page.length ? page.at(-1) : undefined
    return {
      InsightEvents: page.map(writeInsightEvent),
      ...nextToken(parameters, last && { timeSeconds: last.number, id: '' }, call),
    }
  }
}

function getInsightImpactGraph(services: InsightServices): Handler<'GetInsightImpactGraph'> {
  const { groups, graphs } = services
  return async (input, call) => {
    const { InsightId, StartTime, EndTime, NextToken } = input
    const window = readWindow(input)
    refuseOld('StartTime', StartTime, call.nowSeconds)
    if (EndTime - StartTime > LONGEST_GRAPH_SECONDS) {
      fail('InvalidRequestException', 'The time between StartTime and EndTime must not exceed six hours')
    }
    const parameters = graphParameters('GetInsightImpactGraph', input, call)
    const after = readPosition(NextToken, parameters, call)
    const { group, insight } = await find(services, InsightId, call)
    const filter = readGroup(groups, call.tenant, { GroupARN: group.arn })
    const query = filter === undefined ? { window } : { window, filter }
    const graph = impactGraph(
      await graphs.serviceGraph(call.tenant, query, call.signal),
      new Set(insight.services.map(nodeKey)),
    )
    // Edges lead to positions, which may be on other pages.
    const shape = topologyHash(graph)
    if (after !== undefined && after.id !== shape) fail('InvalidRequestException', 'Invalid NextToken')
    const from = after?.timeSeconds ?? 0
    const to = from + MAX_SERVICES
    const next = to < graph.nodes.length ? { timeSeconds: to, id: shape } : undefined
    return {
      InsightId: insight.id,
      StartTime,
      EndTime,
      ...writeCovered(graph, input),
      Services: writeImpactGraph(graph, { from, to }),
      ...nextToken(parameters, next, call),
    }
  }
}

async function find(
  { insights }: Pick<InsightServices, 'insights'>,
  id: string,
  { tenant, nowSeconds }: Call,
): Promise<KeptInsight> {
  // UUIDs are written in small letters here, and read in any.
  return answered(await insights.find(tenant, id.toLowerCase(), nowSeconds))
}

function refuseOld(member: 'StartTime' | 'EndTime', seconds: number, nowSeconds: number): void {
  if (seconds < nowSeconds - OLDEST_SECONDS) {
    fail('InvalidRequestException', `${member} must not be more than 30 days ago`)
  }
}

function readPosition(
  token: string | undefined,
  parameters: readonly unknown[],
  { nowSeconds }: Call,
): PagePosition | undefined {
  if (token === undefined) return undefined
  return readPageToken(token, parameters, nowSeconds) ?? fail('InvalidRequestException', 'Invalid NextToken')
}

function nextToken(
  parameters: readonly unknown[],
  next: PagePosition | undefined,
  { nowSeconds }: Call,
): { readonly NextToken?: string } {
  return next === undefined ? {} : { NextToken: writePageToken(parameters, next, nowSeconds) }
}

/** From the first to the last of what is shown, within what was asked for; all of that when nothing is. */
function writeCovered(
  { nodes }: ServiceGraph,
  { StartTime, EndTime }: Shapes['GetInsightImpactGraph']['input'],
): { readonly ServiceGraphStartTime: number; readonly ServiceGraphEndTime: number } {
  const first = nodes.reduce((least, { startSeconds }) => Math.min(least, startSeconds), Infinity)
  const last = nodes.reduce((greatest, { endSeconds }) => Math.max(greatest, endSeconds), -Infinity)
  if (first > last) return { ServiceGraphStartTime: StartTime, ServiceGraphEndTime: EndTime }
  const within = (seconds: number): number => Math.min(Math.max(seconds, StartTime), EndTime)
  return { ServiceGraphStartTime: within(first), ServiceGraphEndTime: within(last) }
}
