import type { OwnCounts, OwnEdge, OwnNode } from '../../wire/own/graph.ts'
import { mergeHistograms, percentileOf, type Histogram } from '../charts/response-histogram-counts.ts'

/** A node as it is drawn: one of the service map, or several alike that one service calls, as one. */
export type MapNode = Pick<OwnNode, 'key' | 'name' | 'type' | 'client' | 'active' | 'requests'> & {
  /** The nodes that this stands for, when it is a stack. */
  readonly stacked?: readonly OwnNode[]
}

/** An edge as it is drawn. */
export type MapEdge = Pick<OwnEdge, 'from' | 'to' | 'kind' | 'calls' | 'eventAges'>

/** What is drawn or listed. */
export type MapGraph = { readonly nodes: readonly MapNode[]; readonly edges: readonly MapEdge[] }

/** Names an edge among those of a graph, and in `sel` of a URL after `e:`. */
export function edgeId({ from, to, kind }: Pick<MapEdge, 'from' | 'to' | 'kind'>): string {
  return kind === 'link' ? `${from}~${to}~link` : `${from}~${to}`
}

/** How many requests a node had; of clients, how many they sent. */
export function trafficOf(node: MapNode, edges: readonly MapEdge[]): number {
  if (!node.client) return node.requests.total
  return edges.reduce((sum, edge) => (edge.from === node.key ? sum + edge.calls.total : sum), 0)
}

/** How many requests each node had; of clients, how many they sent. */
export function trafficByNode({ nodes, edges }: MapGraph): ReadonlyMap<string, number> {
  const sent = new Map<string, number>()
  for (const { from, calls } of edges) sent.set(from, (sent.get(from) ?? 0) + calls.total)
  return new Map(nodes.map(({ key, client, requests }) => [key, client ? (sent.get(key) ?? 0) : requests.total]))
}

/** Counts of several together, with the percentiles of all their times. */
export function addCounts(counts: readonly OwnCounts[]): OwnCounts {
  const sum = (of: (counts: OwnCounts) => number): number => counts.reduce((total, one) => total + of(one), 0)
  const histogram = mergeHistograms(counts.map(({ responseTimes }) => responseTimes.histogram))
  return {
    total: sum(({ total }) => total),
    ok: sum(({ ok }) => ok),
    error: sum(({ error }) => error),
    throttle: sum(({ throttle }) => throttle),
    fault: sum(({ fault }) => fault),
    totalResponseTime: sum(({ totalResponseTime }) => totalResponseTime),
    responseTimes: { ...percentilesOf(histogram), histogram },
  }
}

/** The percentiles that our own endpoints answer, of a histogram; none of an empty one. */
export function percentilesOf(histogram: Histogram): { readonly [name in 'p50' | 'p90' | 'p95' | 'p99']?: number } {
  const entries = (
    [
      ['p50', 0.5],
      ['p90', 0.9],
      ['p95', 0.95],
      ['p99', 0.99],
    ] as const
  ).flatMap(([name, fraction]) => {
    const seconds = percentileOf(histogram, fraction)
    return seconds === undefined ? [] : [[name, seconds] as const]
  })
  return Object.fromEntries(entries)
}
