import { traceGraph, type TraceEdge, type TraceLink, type TraceNode } from '../edges.ts'
import type { Entity } from '../entity.ts'
import { readEntityId, readTraceId, type EntityId, type TraceId } from '../ids.ts'
import { nodeKey } from '../node.ts'
import type { TraceIndex } from '../trace-index.ts'
import { countCall, countOutcome, secondsBetween, toMs } from './call-counts.ts'
import { edgeAt, emptyGraph, extendSpan, nodeAt, type CountedSpan, type GraphAccumulator } from './graph-accumulator.ts'
import { addToHistogram } from './histogram.ts'
import { linkProducer, type LinkProducer } from './link-producer.ts'

/** Epoch seconds; the start belongs to the window, the end does not. */
export type GraphWindow = { readonly startSeconds: number; readonly endSeconds: number }

/** What else is known while a trace is counted. */
export type AddTraceOptions = {
  /** What lies outside is not counted. Without it everything is. */
  readonly window?: GraphWindow
  /** Knows `linkProducer` of other traces. A link whose producer is not known has no edge. */
  readonly producerOf?: (traceId: TraceId, id: EntityId) => LinkProducer | undefined
}

/**
 * Counts what a trace has within the window: its segments and its calls by their ends, or by their starts while they
 * are in progress, and nodes that only such calls lead to, so that no edge dangles (spec/query §3.6). Linear time.
 */
export function addTrace(graph: GraphAccumulator, index: TraceIndex, options: AddTraceOptions = {}): void {
  const { window } = options
  count(index, options, (seconds) => (isWithin(window, seconds) ? graph : undefined))
}

/**
 * Counts a trace into one accumulator for each period, by the second at which it starts: a multiple of the period's
 * length. Each gets what `addTrace` would count with the period as its window.
 */
export function addTraceByPeriod(
  graphs: Map<number, GraphAccumulator>,
  index: TraceIndex,
  periodSeconds: number,
  options: AddTraceOptions = {},
): void {
  const { window } = options
  count(index, options, (seconds) => {
    if (!isWithin(window, seconds)) return undefined
    const start = Math.floor(seconds / periodSeconds) * periodSeconds
    const known = graphs.get(start)
    if (known !== undefined) return known
    const graph = emptyGraph()
    graphs.set(start, graph)
    return graph
  })
}

/** Says where something that happened at this time is counted. */
type GraphAt = (seconds: number) => GraphAccumulator | undefined

function count(index: TraceIndex, { producerOf }: AddTraceOptions, graphAt: GraphAt): void {
  const { nodes, edges, links } = traceGraph(index)
  const lastEnds = lastEndsWithin(index)
  const nodeByKey = new Map<string, TraceNode>()
  for (const node of nodes) {
    nodeByKey.set(node.key, node)
    for (const segment of node.segments) countNode(node, segment, lastEnds.get(segment), graphAt)
    for (const call of node.inferred) countNode(node, call, undefined, graphAt)
  }
  for (const edge of edges) countEdge(edge, nodeByKey, graphAt)
  for (const link of links) {
    const traceId = link.link.traceId === undefined ? index.trace.id : readTraceId(link.link.traceId)
    const id = link.link.id === undefined ? undefined : readEntityId(link.link.id)
    if (traceId === undefined || id === undefined) continue
    const producer = traceId === index.trace.id ? linkProducer(index, id) : producerOf?.(traceId, id)
    if (producer !== undefined) countLink(link, producer, nodeByKey, graphAt)
  }
}

function countNode(node: TraceNode, entity: Entity, lastEnd: number | undefined, graphAt: GraphAt): void {
  const graph = graphAt(timeOf(entity))
  if (graph === undefined) return
  const counts = meet(graph, node)
  extend(counts, entity)
  if (entity.endTime === undefined) return
  countCall(counts.requests, entity)
  const end = lastEnd === undefined ? entity.endTime : Math.max(entity.endTime, lastEnd)
  addToHistogram(counts.durations, toMs(secondsBetween(entity.startTime, end)))
}

function countEdge(edge: TraceEdge, nodes: ReadonlyMap<string, TraceNode>, graphAt: GraphAt): void {
  const { statistics, alias } = edge
  const graph = graphAt(timeOf(statistics))
  const from = nodes.get(edge.from)
  const to = nodes.get(edge.to)
  if (graph === undefined || from === undefined || to === undefined) return
  meet(graph, from)
  const called = meet(graph, to)
  // The client's call is the root segment itself.
  if (isClient(from)) called.isRoot = true
  const counts = edgeAt(graph, edge.from, edge.to, 'call')
  extend(counts, statistics)
  if (alias !== undefined) counts.aliases.set(nodeKey(alias), alias)
  if (statistics.endTime !== undefined) countCall(counts.calls, statistics)
}

function countLink(
  { to, segment }: TraceLink,
  producer: LinkProducer,
  nodes: ReadonlyMap<string, TraceNode>,
  graphAt: GraphAt,
): void {
  const graph = graphAt(timeOf(segment))
  const consumer = nodes.get(to)
  if (graph === undefined || consumer === undefined) return
  meet(graph, consumer)
  const from = nodeAt(graph, producer.service)
  from.hasSegments ||= producer.hasSegments
  const counts = edgeAt(graph, from.key, to, 'link')
  extend(counts, segment)
  if (segment.endTime === undefined) return
  countOutcome(counts.calls, segment)
  if (producer.endTime === undefined) return
  addToHistogram(counts.eventAges, toMs(secondsBetween(producer.endTime, segment.startTime)))
}

/** The counts of a node that something in the trace is about. */
function meet(graph: GraphAccumulator, node: TraceNode) {
  const counts = nodeAt(graph, node.service, node.key)
  if (node.segments.length > 0) counts.hasSegments = true
  return counts
}

function isClient({ service, segments }: TraceNode): boolean {
  return service.type === 'client' && segments.length === 0
}

function isWithin(window: GraphWindow | undefined, seconds: number): boolean {
  return window === undefined || (seconds >= window.startSeconds && seconds < window.endSeconds)
}

function timeOf({ startTime, endTime }: Entity): number {
  return endTime ?? startTime
}

function extend(span: CountedSpan, { startTime, endTime = startTime }: Entity): void {
  extendSpan(span, Math.floor(startTime), Math.ceil(endTime))
}

/** The last end of the subsegments of each segment that has some that have ended. */
function lastEndsWithin({ subsegments }: TraceIndex): ReadonlyMap<Entity, number> {
  const ends = new Map<Entity, number>()
  for (const { entity, root } of subsegments) {
    const { endTime } = entity
    if (endTime === undefined || root.kind === 'orphan') continue
    const last = ends.get(root.entity)
    if (last === undefined || endTime > last) ends.set(root.entity, endTime)
  }
  return ends
}
