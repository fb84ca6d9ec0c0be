import { totalCount, type CallCounts } from '../model/graph/call-counts.ts'
import { histogramEntries, percentileSeconds, type Histogram } from '../model/graph/histogram.ts'
import type { ServiceEdge, ServiceGraph, ServiceNode } from '../model/graph/service-graph.ts'
import { topologyHash } from '../model/graph/topology-hash.ts'
import type { ServiceId } from '../model/summary.ts'

/** A stretch of a trend, by the second at which it starts. */
export type TrendPoint = { readonly startSeconds: number; readonly counts: CallCounts }

/** A graph as docs/own-api.md describes it: nodes and edges apart, nodes named by their keys. */
export function writeOwnGraph(graph: ServiceGraph): object {
  return {
    topology: topologyHash(graph),
    nodes: graph.nodes.map(writeNode),
    edges: graph.nodes.flatMap((node) => node.edges.map((edge) => writeEdge(node, edge))),
  }
}

/** One point a period in which anything was counted, ascending. */
export function writeTrend(periodSeconds: number, points: readonly TrendPoint[]): object {
  return {
    period: periodSeconds,
    points: points.map(({ startSeconds, counts }) => ({ time: startSeconds, ...writeCounts(counts) })),
  }
}

function writeNode(node: ServiceNode): object {
  const { key, service, isRoot, isClient, isActive, startSeconds, endSeconds, requests, durations } = node
  return {
    key,
    ...writeService(service),
    names: service.names,
    root: isRoot,
    client: isClient,
    active: isActive,
    startTime: startSeconds,
    endTime: endSeconds,
    requests: writeCounts(requests),
    durations: writeTimes(durations),
  }
}

function writeEdge({ key }: ServiceNode, edge: ServiceEdge): object {
  const { to, kind, startSeconds, endSeconds, calls, eventAges, aliases } = edge
  return {
    from: key,
    to,
    kind,
    startTime: startSeconds,
    endTime: endSeconds,
    calls: writeCounts(calls),
    ...(kind === 'link' ? { eventAges: writeTimes(eventAges) } : {}),
    aliases: aliases.map(writeService),
  }
}

function writeService({ name, type, accountId }: ServiceId): object {
  return { name, ...(type === undefined ? {} : { type }), ...(accountId === undefined ? {} : { account: accountId }) }
}

function writeCounts(counts: CallCounts): object {
  const { ok, error, throttle, fault, totalResponseUs, responseTimes } = counts
  return {
    total: totalCount(counts),
    ok,
    error,
    throttle,
    fault,
    totalResponseTime: totalResponseUs / 1e6,
    responseTimes: writeTimes(responseTimes),
  }
}

const PERCENTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const

/** Percentiles, absent where there is nothing, and the histogram that they are of. Seconds. */
function writeTimes(histogram: Histogram): object {
  const percentiles = Object.entries(PERCENTILES).flatMap(([name, fraction]) => {
    const seconds = percentileSeconds(histogram, fraction)
    return seconds === undefined ? [] : [[name, seconds] as const]
  })
  return {
    ...Object.fromEntries(percentiles),
    histogram: histogramEntries(histogram).map(({ valueSeconds, count }) => [valueSeconds, count]),
  }
}
