import { calledNode, canonicalServiceName, isCall } from './called-node.ts'
import type { Entity, SpanLink } from './entity.ts'
import { isTraced } from './is-partial.ts'
import { clientNode, nodeKey, nodeOf, segmentNode } from './node.ts'
import { MAX_TRACE_LINKS } from './processed-documents.ts'
import { rootSegment } from './root-segment.ts'
import type { ServiceId } from './summary.ts'
import type { TraceIndex } from './trace-index.ts'
import type { TraceRoot } from './trace.ts'

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

type GrowingNode = TraceNode & { readonly segments: Entity[]; readonly inferred: Entity[]; isRoot: boolean }

/** The link's owner is the producer, and the other end the consumer. */
const CHILD_REFERENCE = 'child'

/**
 * Nodes and edges of one trace, to be counted up by whoever adds traces together (spec/query §3.1–3.3). A segment whose
 * parent is not in the trace has a node, but nobody calls it. A subsegment that is no call, such as an attempt of
 * Lambda's, may have a downstream segment as well; then that segment tells how the call went.
 */
export function traceGraph(index: TraceIndex): TraceGraph {
  const nodes = new Map<string, GrowingNode>()
  const nodeAt = (service: ServiceId): GrowingNode => {
    const key = nodeKey(service)
    const known = nodes.get(key)
    if (known !== undefined) return known
    const node = { key, service, isRoot: false, segments: [], inferred: [] }
    nodes.set(key, node)
    return node
  }
  const edges: TraceEdge[] = []
  const owners = new Map<TraceRoot, GrowingNode>()
  const root = rootSegment(index)
  // Only where nobody else is said to have called is it a client (spec/query §3.3 source 4).
  if (root !== undefined && root.parentId === undefined) {
    const service = segmentNode(root.entity)
    const client = nodeAt(clientNode(service))
    const called = nodeAt(service)
    called.isRoot = true
    edges.push({ from: client.key, to: called.key, statistics: root.entity })
  }
  for (const segment of index.segments) {
    const node = nodeAt(segmentNode(segment.entity))
    node.segments.push(segment.entity)
    owners.set(segment, node)
  }
  for (const { entity: call, root: caller } of index.subsegments) {
    if (!isCall(call)) continue
    const from = owners.get(caller)
    const called = new Set(index.segmentsCalledBy(call.id).flatMap((segment) => owners.get(segment) ?? []))
    if (called.size === 0 && !isTraced(call)) {
      const node = nodeAt(calledNode(call))
      node.inferred.push(call)
      called.add(node)
    }
    // Nobody knows yet on whose behalf an orphan called.
    if (from === undefined) continue
    for (const to of called) edges.push({ from: from.key, to: to.key, statistics: call, ...aliasOf(call, to.service) })
  }
  for (const segment of index.segments) {
    const from = callerWithoutCall(segment, index, owners)
    const to = owners.get(segment)
    if (from !== undefined && to !== undefined) edges.push({ from: from.key, to: to.key, statistics: segment.entity })
  }
  return { nodes: [...nodes.values()], edges, links: linksOf(index, owners) }
}

/** The node that called a segment directly, or from within a subsegment that is no call itself. */
function callerWithoutCall(
  segment: TraceRoot,
  index: TraceIndex,
  owners: ReadonlyMap<TraceRoot, GrowingNode>,
): GrowingNode | undefined {
  const parent = segment.parentId === undefined ? undefined : index.find(segment.parentId)
  if (parent === undefined || parent.entity === segment.entity) return undefined
  const isSubsegment = parent.entity !== parent.root.entity || parent.root.kind === 'orphan'
  return isSubsegment && isCall(parent.entity) ? undefined : owners.get(parent.root)
}

function aliasOf(call: Entity, { name }: ServiceId): { readonly alias?: ServiceId } {
  if (call.name === name) return {}
  const type = call.namespace === 'aws' ? `AWS::${canonicalServiceName(call.name)}` : 'remote'
  return { alias: nodeOf(call.name, type, undefined) }
}

/** Links of segments and what stands in them, as many as are returned of a trace. */
function linksOf(index: TraceIndex, owners: ReadonlyMap<TraceRoot, GrowingNode>): readonly TraceLink[] {
  const links: TraceLink[] = []
  const add = (entity: Entity, root: TraceRoot): void => {
    const to = owners.get(root)
    if (entity.links === undefined || to === undefined) return
    for (const link of entity.links) {
      if (link.attributes?.['aws.xray.reserved.reference_type'] === CHILD_REFERENCE) continue
      if (links.length < MAX_TRACE_LINKS) links.push({ to: to.key, link, segment: root.entity })
    }
  }
  for (const segment of index.segments) add(segment.entity, segment)
  for (const { entity, root } of index.subsegments) add(entity, root)
  return links
}
