import { totalCount, type CallCounts } from '../../model/graph/call-counts.ts'
import type { FaultForecast } from '../../model/graph/forecast.ts'
import { histogramEntries, type Histogram } from '../../model/graph/histogram.ts'
import type { ServiceEdge, ServiceGraph, ServiceNode } from '../../model/graph/service-graph.ts'
import type { SeriesEntry } from '../../model/graph/time-series.ts'
import type { ServiceId } from '../../model/summary.ts'
import type { Wire } from './shapes.generated.ts'

/**
 * The nodes of a graph in AWS's spelling, or one page of them. Reference ids are positions in the whole graph, so that
 * they are the same on each page. Lists are always there, if only empty, because clients walk them unseen; a client has
 * none but its edges (spec/query §3.6, §8).
 */
export function writeServices(
  { nodes }: ServiceGraph,
  { from = 0, to = nodes.length }: { readonly from?: number; readonly to?: number } = {},
): readonly Wire['Service'][] {
  const referenceIds = new Map(nodes.map(({ key }, position) => [key, position]))
  return nodes.slice(from, to).map((node) => writeService(node, referenceIds))
}

/** The buckets of a series in AWS's spelling, with the forecast where there is one (spec/query §3.8). */
export function writeTimeSeries(
  series: readonly (SeriesEntry & { readonly forecast?: FaultForecast })[],
): readonly Wire['TimeSeriesServiceStatistics'][] {
  return series.map(({ startSeconds, kind, counts, forecast }) => ({
    Timestamp: startSeconds,
    ...(kind === 'edge'
      ? { EdgeSummaryStatistics: writeStatistics(counts) }
      : { ServiceSummaryStatistics: writeStatistics(counts) }),
    ...(forecast === undefined
      ? {}
      : { ServiceForecastStatistics: { FaultCountHigh: forecast.high, FaultCountLow: forecast.low } }),
    ResponseTimeHistogram: writeHistogram(counts.responseTimes),
  }))
}

type ReferenceIds = ReadonlyMap<string, number>

function writeService(node: ServiceNode, referenceIds: ReferenceIds): Wire['Service'] {
  const { service, isRoot, isClient, isActive, startSeconds, endSeconds, requests, durations, edges } = node
  return {
    // Keys of edges and nodes are those of this very graph.
    ReferenceId: referenceIds.get(node.key) ?? 0,
    Name: service.name,
    Names: service.names,
    ...(isRoot ? { Root: true } : {}),
    ...(service.accountId === undefined ? {} : { AccountId: service.accountId }),
    ...(service.type === undefined ? {} : { Type: service.type }),
    State: isActive ? 'active' : 'unknown',
    StartTime: startSeconds,
    EndTime: endSeconds,
    Edges: edges.map((edge) => writeEdge(edge, referenceIds)),
    ...(isClient
      ? {}
      : {
          SummaryStatistics: writeStatistics(requests),
          DurationHistogram: writeHistogram(durations),
          ResponseTimeHistogram: writeHistogram(requests.responseTimes),
        }),
  }
}

function writeEdge(edge: ServiceEdge, referenceIds: ReferenceIds): Wire['Edge'] {
  return {
    ReferenceId: referenceIds.get(edge.to) ?? 0,
    StartTime: edge.startSeconds,
    EndTime: edge.endSeconds,
    SummaryStatistics: writeStatistics(edge.calls),
    ResponseTimeHistogram: writeHistogram(edge.calls.responseTimes),
    Aliases: edge.aliases.map(writeAlias),
    ...(edge.kind === 'link' ? { EdgeType: 'link', ReceivedEventAgeHistogram: writeHistogram(edge.eventAges) } : {}),
  }
}

function writeAlias({ name, names, type }: ServiceId): Wire['Alias'] {
  return { Name: name, Names: names, ...(type === undefined ? {} : { Type: type }) }
}

/** Services and edges share the shape of their statistics. Nothing is left out: clients divide by counts. */
function writeStatistics(counts: CallCounts): Required<Wire['EdgeStatistics'] & Wire['ServiceStatistics']> {
  const { ok, throttle, error, fault, totalResponseUs } = counts
  return {
    OkCount: ok,
    ErrorStatistics: { ThrottleCount: throttle, OtherCount: error, TotalCount: throttle + error },
    FaultStatistics: { OtherCount: fault, TotalCount: fault },
    TotalCount: totalCount(counts),
    TotalResponseTime: totalResponseUs / 1e6,
  }
}

function writeHistogram(histogram: Histogram): readonly Wire['HistogramEntry'][] {
  return histogramEntries(histogram).map(({ valueSeconds, count }) => ({ Value: valueSeconds, Count: count }))
}
