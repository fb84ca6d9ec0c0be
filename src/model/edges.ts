import { canonicalServiceName, isCall } from './called-node.ts'
import type { Entity, SpanLink } from './entity.ts'
import { nodeKey, nodeOf } from './node.ts'
import type { NumberedNode } from './numbered-nodes.ts'
import { MAX_TRACE_LINKS } from './processed-documents.ts'
import type { ServiceId } from './summary.ts'
import type { PlacedEntity, TraceIndex } from './trace-index.ts'

/** A node of one trace (spec/query §3.1). */
export type TraceNode = {
  /** `nodeKey` of the service. */
  readonly key: string
  readonly service: ServiceId
  /** Whether the trace begins here. */
  readonly isRoot: boolean
  /** The real segments of this node; the statistics of a service node count them. */
  readonly segments: readonly Entity[]
  /** The calls whose other side is inferred to be this node; the statistics count them in place of segments. */
  readonly inferred: readonly Entity[]
}

/** One call from one node to another (spec/query §3.3). */
export type TraceEdge = {
  /** Keys of nodes; the same one twice when a service calls itself. */
  readonly from: string
  readonly to: string
  /** Whose flags and times count: the subsegment that called, or, where there is none, the segment that was called. */
  readonly statistics: Entity
  /** What the caller calls the node, where that is not its name. */
  readonly alias?: ServiceId
}

/** The consumer's side of a link to a producer, which is often in another trace (spec/query §3.3 source 5). */
export type TraceLink = {
  /** Key of the consumer's node. */
  readonly to: string
  readonly link: SpanLink
  /** The consumer; an event has aged from the producer's end to its start. */
  readonly segment: Entity
}

/** What one trace adds to the service graph. */
export type TraceGraph = {
  readonly nodes: readonly TraceNode[]
  readonly edges: readonly TraceEdge[]
  readonly links: readonly TraceLink[]
}

type GrowingNode = {
  readonly key: string
  readonly service: ServiceId
  isRoot: boolean
  segments: Entity[]
  inferred: Entity[]
}

/** The nodes of a trace by their numbers, and what is found of them. */
type GrowingGraph = {
  readonly nodes: readonly GrowingNode[]
  readonly edges: TraceEdge[]
  readonly links: TraceLink[]
}

/** The link's owner is the producer, and the other end the consumer. */
const CHILD_REFERENCE = 'child'

/**
 * Nodes and edges of one trace, to be counted up by whoever adds traces together (spec/query §3.1–3.3). A segment whose
 * parent is not in the trace has a node, but nobody calls it. A subsegment that is no call, such as an attempt of
 * Lambda's, may have a downstream segment as well; then that segment tells how the call went.
 */
export function traceGraph(index: TraceIndex): TraceGraph {
  const nodes: GrowingNode[] = []
  for (const service of index.services) {
    nodes.push({ key: nodeKey(service), service, isRoot: false, segments: NONE, inferred: NONE })
  }
  const graph: GrowingGraph = { nodes, edges: [], links: [] }
  const top = addClientEdge(graph, index)
  for (const segment of index.placedSegments) {
    const node = nodeAt(graph, segment.owner)
    if (node === undefined) continue
    node.segments = withOne(node.segments, segment.entity)
    if (segment.entity.links !== undefined) addLinks(graph.links, segment, node)
  }
  for (const placed of index.subsegments) {
    const owner = nodeAt(graph, placed.owner)
    if (isCall(placed.entity)) addCallEdges(graph, placed, owner)
    if (placed.entity.links !== undefined && owner !== undefined) addLinks(graph.links, placed, owner)
  }
  if (index.calledBy.size > 0) {
    for (const segment of index.placedSegments) addDirectEdge(graph, segment)
  }
  return { nodes: rootFirst(nodes, top), edges: graph.edges, links: graph.links }
}

/** Shared by all nodes that have none, and never changed. */
const NONE: Entity[] = []

/** A list made with its first element is smaller than one that grows from nothing, and most stay at one. */
function withOne(list: Entity[], entity: Entity): Entity[] {
  if (list === NONE) return [entity]
  list.push(entity)
  return list
}

function nodeAt({ nodes }: GrowingGraph, node: NumberedNode | undefined): GrowingNode | undefined {
  return node === undefined ? undefined : nodes[node.number]
}

/** The edge of the client; answers the node that it calls. */
function addClientEdge(graph: GrowingGraph, { client, top }: TraceIndex): GrowingNode | undefined {
  // Only where nobody else is said to have called is it a client (spec/query §3.3 source 4).
  const from = nodeAt(graph, client)
  const to = nodeAt(graph, top?.owner)
  if (top === undefined || from === undefined || to === undefined) return undefined
  to.isRoot = true
  graph.edges.push({ from: from.key, to: to.key, statistics: top.entity })
  return to
}

/** The client, then the node that it calls, then the others in their order. */
function rootFirst(nodes: readonly GrowingNode[], top: GrowingNode | undefined): readonly TraceNode[] {
  const [client, second] = nodes
  if (top === undefined || client === undefined || top === client || top === second) return nodes
  return [client, top, ...nodes.filter((node) => node !== client && node !== top)]
}

/** The edges of a call, to the segments on its other side or to what is inferred there. */
function addCallEdges(graph: GrowingGraph, call: PlacedEntity, from: GrowingNode | undefined): void {
  const inferred = nodeAt(graph, call.inferred)
  if (inferred !== undefined) {
    inferred.inferred = withOne(inferred.inferred, call.entity)
    // Nobody knows yet on whose behalf an orphan called.
    if (from !== undefined) graph.edges.push(edgeOf(call.entity, from, inferred))
    return
  }
  if (from === undefined) return
  const { called } = call
  if (called.length > 1) {
    const nodes = new Set(called.map(({ owner }) => nodeAt(graph, owner)))
    for (const to of nodes) if (to !== undefined) graph.edges.push(edgeOf(call.entity, from, to))
    return
  }
  const to = nodeAt(graph, called[0]?.owner)
  if (to !== undefined) graph.edges.push(edgeOf(call.entity, from, to))
}

function edgeOf(call: Entity, from: GrowingNode, to: GrowingNode): TraceEdge {
  const { name, namespace } = call
  if (name === to.service.name) return { from: from.key, to: to.key, statistics: call }
  const type = namespace === 'aws' ? `AWS::${canonicalServiceName(name)}` : 'remote'
  return { from: from.key, to: to.key, statistics: call, alias: nodeOf(name, type, undefined) }
}

/** The edge of a segment that was called directly, or from within a subsegment that is no call itself. */
function addDirectEdge(graph: GrowingGraph, { entity, owner, caller }: PlacedEntity): void {
  if (caller === undefined || caller.entity === entity) return
  const isSubsegment = caller.parent !== undefined || caller.root.kind === 'orphan'
  if (isSubsegment && isCall(caller.entity)) return
  const from = nodeAt(graph, caller.owner)
  const to = nodeAt(graph, owner)
  if (from !== undefined && to !== undefined) graph.edges.push({ from: from.key, to: to.key, statistics: entity })
}

/** Links of a segment or of what stands in it, as long as there are no more than are returned of a trace. */
function addLinks(links: TraceLink[], { entity, root }: PlacedEntity, to: GrowingNode): void {
  for (const link of entity.links ?? []) {
    if (links.length === MAX_TRACE_LINKS) return
    if (link.attributes?.['aws.xray.reserved.reference_type'] === CHILD_REFERENCE) continue
    links.push({ to: to.key, link, segment: root.entity })
  }
}
