import { nodeKey } from '../node.ts'
import type { ServiceId } from '../summary.ts'
import { emptyCallCounts, mergeCallCounts, type CallCounts } from './call-counts.ts'
import { emptyHistogram, mergeHistogram, type Histogram } from './histogram.ts'

/** The start of what has none yet: the neutral element of the least. */
export const NO_START = Number.MAX_SAFE_INTEGER

/** Whole epoch seconds: the first start, rounded down, and the last end, rounded up; `NO_START` and 0 for nothing. */
export type CountedSpan = { startSeconds: number; endSeconds: number }

/**
 * What was counted for a node. As columns: name, type and account of the service, the four counts, the sum of times, the
 * two flags, the two times, and three for each histogram. Rows of one key are merged by sums, the greatest of flags and
 * ends, the least of starts.
 */
export type NodeCounts = CountedSpan & {
  /** `nodeKey` of the service. */
  readonly key: string
  /** Its one name, type and account. */
  readonly service: ServiceId
  /** Whether it reports itself; else it is a client, or inferred from calls. */
  hasSegments: boolean
  isRoot: boolean
  readonly requests: CallCounts
  /** From the start of a segment to the last end of anything in it. */
  readonly durations: Histogram
}

/** `link` for events that a consumer received of a producer, later and in another request. */
export type EdgeKind = 'call' | 'link'

/** What was counted for an edge. As columns: like a node, and the names and types of its aliases, as a set of pairs. */
export type EdgeCounts = CountedSpan & {
  /** Keys of nodes, both of which are in the same accumulator. */
  readonly from: string
  readonly to: string
  readonly kind: EdgeKind
  /** Of a link: how the consumer fared with the events, without times. */
  readonly calls: CallCounts
  /** Of a link: from the producer's end to the consumer's start. */
  readonly eventAges: Histogram
  /** By `nodeKey`. */
  readonly aliases: Map<string, ServiceId>
}

/**
 * What is known of a set of traces and of a stretch of time. `emptyGraph` and `mergeInto` make a commutative monoid: all
 * that is in here are sums of whole numbers, least and greatest values, sets, and histograms that merge exactly. So
 * accumulators of single minutes can be kept, and a longer stretch is their merger.
 */
export type GraphAccumulator = {
  /** By `nodeKey`. */
  readonly nodes: Map<string, NodeCounts>
  /** By `edgeKey`. */
  readonly edges: Map<string, EdgeCounts>
}

/** An accumulator of nothing. */
export function emptyGraph(): GraphAccumulator {
  return { nodes: new Map(), edges: new Map() }
}

/** Adds all of another accumulator, which stays as it is and shares nothing with the first. Gives the first back. */
export function mergeInto(graph: GraphAccumulator, other: GraphAccumulator): GraphAccumulator {
  for (const node of other.nodes.values()) addNodeCounts(graph, node)
  for (const edge of other.edges.values()) addEdgeCounts(graph, edge)
  return graph
}

/** Adds what was counted for a node, such as one stored row. */
export function addNodeCounts(graph: GraphAccumulator, other: NodeCounts): void {
  const node = nodeAt(graph, other.service, other.key)
  node.hasSegments ||= other.hasSegments
  node.isRoot ||= other.isRoot
  extendSpan(node, other.startSeconds, other.endSeconds)
  mergeCallCounts(node.requests, other.requests)
  mergeHistogram(node.durations, other.durations)
}

/** Adds what was counted for an edge, such as one stored row. Its nodes have to be added as well. */
export function addEdgeCounts(graph: GraphAccumulator, other: EdgeCounts): void {
  const edge = edgeAt(graph, other.from, other.to, other.kind)
  extendSpan(edge, other.startSeconds, other.endSeconds)
  mergeCallCounts(edge.calls, other.calls)
  mergeHistogram(edge.eventAges, other.eventAges)
  for (const [key, alias] of other.aliases) edge.aliases.set(key, alias)
}

/** The counts of a node, with nothing in them when it is new. */
export function nodeAt(graph: GraphAccumulator, service: ServiceId, key = nodeKey(service)): NodeCounts {
  const known = graph.nodes.get(key)
  if (known !== undefined) return known
  const node = {
    key,
    service,
    hasSegments: false,
    isRoot: false,
    startSeconds: NO_START,
    endSeconds: 0,
    requests: emptyCallCounts(),
    durations: emptyHistogram(),
  }
  graph.nodes.set(key, node)
  return node
}

/** The counts of an edge, with nothing in them when it is new. */
export function edgeAt(graph: GraphAccumulator, from: string, to: string, kind: EdgeKind): EdgeCounts {
  const key = edgeKey(from, to, kind)
  const known = graph.edges.get(key)
  if (known !== undefined) return known
  const edge = {
    from,
    to,
    kind,
    startSeconds: NO_START,
    endSeconds: 0,
    calls: emptyCallCounts(),
    eventAges: emptyHistogram(),
    aliases: new Map<string, ServiceId>(),
  }
  graph.edges.set(key, edge)
  return edge
}

/** The identity of an edge as one string: equal for equal edges, and only for them. */
export function edgeKey(from: string, to: string, kind: EdgeKind): string {
  // The length tells where the first key ends, whatever is in it.
  return `${kind} ${from.length} ${from}${to}`
}

/** Makes a span include another. Changes the first. */
export function extendSpan(span: CountedSpan, startSeconds: number, endSeconds: number): void {
  if (startSeconds < span.startSeconds) span.startSeconds = startSeconds
  if (endSeconds > span.endSeconds) span.endSeconds = endSeconds
}

/** About how many values a graph holds, which is what it takes in memory. */
export function graphValues({ nodes, edges }: GraphAccumulator): number {
  let values = 1
  for (const { requests, durations } of nodes.values()) {
    values += 10 + requests.responseTimes.counts.size + durations.counts.size
  }
  for (const { calls, eventAges } of edges.values())
    values += 10 + calls.responseTimes.counts.size + eventAges.counts.size
  return values
}
