import type { ServiceGraph } from '../../model/graph/service-graph.ts'
import type { ImpactCounts, Insight, InsightEvent } from '../../model/insights/insight.ts'
import type { Wire } from './shapes.generated.ts'
import { writeServiceId } from './write-summary.ts'

/** The group of an insight. */
export type InsightGroupNames = { readonly name: string; readonly arn: string }

/** An insight in AWS's spelling. Clients look at its root cause and the first of its services unasked (spec/query §8). */
export function writeInsight(group: InsightGroupNames, insight: Insight): Wire['Insight'] {
  const { id, state, startSeconds, endSeconds, summary, rootCause } = insight
  return {
    InsightId: id,
    GroupARN: group.arn,
    GroupName: group.name,
    RootCauseServiceId: writeServiceId(rootCause),
    Categories: ['FAULT'],
    State: state,
    StartTime: startSeconds,
    ...(endSeconds === undefined ? {} : { EndTime: endSeconds }),
    Summary: summary,
    ...writeImpact(insight),
  }
}

/** The same, and when it last changed. */
export function writeInsightSummary(group: InsightGroupNames, insight: Insight): Wire['InsightSummary'] {
  return { ...writeInsight(group, insight), LastUpdateTime: insight.updatedSeconds }
}

export function writeInsightEvent(event: InsightEvent): Wire['InsightEvent'] {
  return { Summary: event.summary, EventTime: event.timeSeconds, ...writeImpact(event) }
}

/** The structure of a graph, or of one page of it; reference ids are positions in all of it. */
export function writeImpactGraph(
  { nodes }: ServiceGraph,
  { from, to }: { readonly from: number; readonly to: number },
): readonly Wire['InsightImpactGraphService'][] {
  const referenceIds = new Map(nodes.map(({ key }, position) => [key, position]))
  return nodes.slice(from, to).map(({ service, edges }, index) => ({
    ReferenceId: from + index,
    ...(service.type === undefined ? {} : { Type: service.type }),
    Name: service.name,
    Names: service.names,
    ...(service.accountId === undefined ? {} : { AccountId: service.accountId }),
    // Two edges to one node are one way here.
    Edges: [...new Set(edges.map((edge) => edge.to))].map((key) => ({ ReferenceId: referenceIds.get(key) ?? 0 })),
  }))
}

type Impact = Pick<InsightEvent, 'clientImpact' | 'rootCauseImpact' | 'topServices'>

/** What insights and events have in common. */
export function writeImpact({ clientImpact, rootCauseImpact, topServices }: Impact) {
  return {
    ClientRequestImpactStatistics: writeCounts(clientImpact),
    RootCauseServiceRequestImpactStatistics: writeCounts(rootCauseImpact),
    TopAnomalousServices: topServices.map((service) => ({ ServiceId: writeServiceId(service) })),
  }
}

function writeCounts({ requests, faults, errors }: ImpactCounts): Wire['RequestImpactStatistics'] {
  return { FaultCount: faults, OkCount: requests - faults - errors, TotalCount: requests }
}
