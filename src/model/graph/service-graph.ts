import type { EntityId, TraceId } from '../ids.ts'
import type { ServiceId } from '../summary.ts'
import type { TraceIndex } from '../trace-index.ts'
import { addTrace, addTraceByPeriod, type AddTraceOptions, type GraphWindow } from './add-trace.ts'
import type { CallCounts } from './call-counts.ts'
import { emptyGraph, extendSpan, NO_START, type EdgeKind, type GraphAccumulator } from './graph-accumulator.ts'
import type { Histogram } from './histogram.ts'
import { linkProducer, type LinkProducer } from './link-producer.ts'

/** An edge of a service graph, listed with the node it comes from. */
export type ServiceEdge = {
  /** Key of the node it leads to. */
  readonly to: string
  readonly kind: EdgeKind
  /** Whole epoch seconds. */
  readonly startSeconds: number
  readonly endSeconds: number
  readonly calls: CallCounts
  readonly eventAges: Histogram
  /** What callers call the node where that is not its name, by name and type. */
  readonly aliases: readonly ServiceId[]
}

/** A node of a service graph (spec/query §3.6). */
export type ServiceNode = {
  /** `nodeKey` of the service. */
  readonly key: string
  /** Its names are its own, then those of its aliases. */
  readonly service: ServiceId
  readonly isRoot: boolean
  /** Whoever called a root; nothing is counted for it. */
  readonly isClient: boolean
  /** Whether it reports itself. */
  readonly isActive: boolean
  /** Whole epoch seconds; of a node that has nothing of its own in the window, those of its edges. */
  readonly startSeconds: number
  readonly endSeconds: number
  readonly requests: CallCounts
  readonly durations: Histogram
  /** In the order of the nodes they lead to; of two to one node the calls first. */
  readonly edges: readonly ServiceEdge[]
}

/** Clients first, then by name, type and account. Positions are reference ids on the wire (spec/query §3.6). */
export type ServiceGraph = { readonly nodes: readonly ServiceNode[] }

/** The graph of traces, such as those of GetTraceGraph; links between them are known (spec/query §3.6, §3.7). */
export function serviceGraph(indexes: readonly TraceIndex[], window?: GraphWindow): ServiceGraph {
  const graph = emptyGraph()
  const options = optionsFor(indexes, window)
  for (const index of indexes) addTrace(graph, index, options)
  return finishGraph(graph)
}

/** One accumulator for each period in which traces have anything (`addTraceByPeriod`); links between them are known. */
export function graphsByPeriod(
  indexes: readonly TraceIndex[],
  periodSeconds: number,
  window?: GraphWindow,
): Map<number, GraphAccumulator> {
  const graphs = new Map<number, GraphAccumulator>()
  const options = optionsFor(indexes, window)
  for (const index of indexes) addTraceByPeriod(graphs, index, periodSeconds, options)
  return graphs
}

/** The graph of what was counted. It refers to the counts, so nothing may be added to them while it is in use. */
export function finishGraph(graph: GraphAccumulator): ServiceGraph {
  const names = namesOf([graph])
  const nodes = [...graph.nodes.values()].map((counts) => {
    const { key, service, hasSegments, isRoot, requests, durations } = counts
    return {
      key,
      service: { ...service, names: names.get(key) ?? service.names },
      isRoot,
      isClient: service.type === 'client' && !hasSegments,
      isActive: hasSegments,
      startSeconds: counts.startSeconds,
      endSeconds: counts.endSeconds,
      requests,
      durations,
      edges: [] as ServiceEdge[],
    }
  })
  nodes.sort((a, b) => Number(b.isClient) - Number(a.isClient) || compareServices(a.service, b.service))
  const positions = new Map(nodes.map(({ key }, position) => [key, position]))
  const spans = new Map(nodes.map(({ key }) => [key, { startSeconds: NO_START, endSeconds: 0 }]))
  for (const { from, to, kind, startSeconds, endSeconds, calls, eventAges, aliases } of graph.edges.values()) {
    const edge = { to, kind, startSeconds, endSeconds, calls, eventAges, aliases: sortedServices(aliases.values()) }
    nodes[positions.get(from) ?? -1]?.edges.push(edge)
    for (const key of [from, to]) {
      const span = spans.get(key)
      if (span !== undefined) extendSpan(span, startSeconds, endSeconds)
    }
  }
  for (const node of nodes) {
    node.edges.sort((a, b) => (positions.get(a.to) ?? 0) - (positions.get(b.to) ?? 0) || compareTexts(a.kind, b.kind))
    if (node.startSeconds === NO_START) Object.assign(node, spans.get(node.key))
  }
  return { nodes }
}

/** The names of each node that callers have others for, in any of the graphs: its own, then those (spec/query §3.3). */
export function namesOf(graphs: Iterable<GraphAccumulator>): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, { readonly own: string; readonly aliases: Set<string> }>()
  for (const { nodes, edges } of graphs) {
    for (const { to, aliases } of edges.values()) {
      if (aliases.size === 0) continue
      const known = names.get(to) ?? { own: nodes.get(to)?.service.name ?? '', aliases: new Set() }
      for (const { name } of aliases.values()) known.aliases.add(name)
      names.set(to, known)
    }
  }
  return new Map(Array.from(names, ([key, { own, aliases }]) => [key, [own, ...[...aliases].toSorted(compareTexts)]]))
}

function optionsFor(indexes: readonly TraceIndex[], window: GraphWindow | undefined): AddTraceOptions {
  const byId = new Map<TraceId, TraceIndex>(indexes.map((index) => [index.trace.id, index]))
  const producerOf = (traceId: TraceId, id: EntityId): LinkProducer | undefined => {
    const index = byId.get(traceId)
    return index && linkProducer(index, id)
  }
  return { producerOf, ...(window === undefined ? {} : { window }) }
}

function sortedServices(services: Iterable<ServiceId>): readonly ServiceId[] {
  return [...services].toSorted(compareServices)
}

function compareServices(a: ServiceId, b: ServiceId): number {
  return (
    compareTexts(a.name, b.name) ||
    compareTexts(a.type ?? '', b.type ?? '') ||
    compareTexts(a.accountId ?? '', b.accountId ?? '')
  )
}

/** By code units, which are the same everywhere. */
function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
