import { traceGraph, type TraceGraph } from '../model/edges.ts'
import type { Entity } from '../model/entity.ts'
import { inferSegments, type InferredSegment } from '../model/infer-segments.ts'
import { isPartial } from '../model/is-partial.ts'
import { nodeKey, segmentNode } from '../model/node.ts'
import { rootSegment } from '../model/root-segment.ts'
import { summarizeIndexed } from '../model/summarize.ts'
import type { ServiceId, TraceSummary } from '../model/summary.ts'
import type { TraceIndex } from '../model/trace-index.ts'
import { traceSpan } from '../model/trace-span.ts'
import type { TraceRoot } from '../model/trace.ts'

/** A segment as `service(…)` sees it. The names of its node include those that callers use (spec/query §3.3). */
export type SegmentFacts = {
  /** The segment; of an inferred one, the call that it was inferred from. */
  readonly entity: Entity
  readonly node: ServiceId
  readonly isInferred: boolean
  readonly isRoot: boolean
  readonly trace: TraceFacts
}

/** A call as `edge(…)` sees it. */
export type CallFacts = {
  /** The subsegment that called; the segment that was called where there is none, as for what clients call. */
  readonly entity: Entity
  readonly from: ServiceId
  readonly to: ServiceId
  readonly isFromClient: boolean
  /** Whether it is the callee that is inferred. */
  readonly isInferred: boolean
  readonly trace: TraceFacts
}

/** What filter expressions ask of one trace. Whatever is a function is worked out when it is first asked for. */
export type TraceFacts = {
  readonly index: TraceIndex
  readonly root: TraceRoot | undefined
  readonly isPartial: () => boolean
  /** As summaries have it: seconds, three decimals. */
  readonly durationSeconds: () => number
  /** Users, annotations, resources and root causes are asked of it, so that they are what the client is told. */
  readonly summary: () => TraceSummary
  readonly inferred: () => readonly InferredSegment[]
  /** The real ones, then the inferred ones. */
  readonly segments: () => readonly SegmentFacts[]
  readonly calls: () => readonly CallFacts[]
  /** Whoever called the trace's first segment, unless that is said to have another caller. */
  readonly client: () => ServiceId | undefined
}

export type TraceFactsOptions = {
  /** The present time, in epoch seconds, to leave absurd times out (spec/ingest §2.3). */
  readonly nowSeconds: number
  /** From which response time on there are root causes of it: the same as summaries are made with. */
  readonly slowSeconds: number
}

/** Makes a trace ready to be asked. Once is enough for any number of expressions. */
export function traceFacts(index: TraceIndex, { nowSeconds, slowSeconds }: TraceFactsOptions): TraceFacts {
  const root = rootSegment(index)
  const graph = once(() => namedGraph(traceGraph(index)))
  const inferred = once(() => inferSegments(index))
  const facts: TraceFacts = {
    index,
    root,
    isPartial: once(() => isPartial(index)),
    durationSeconds: once(() => traceSpan(index, nowSeconds).durationSeconds),
    summary: once(() => summarizeIndexed(index, nowSeconds, slowSeconds)),
    inferred,
    segments: once(() => segmentsOf(graph(), facts)),
    calls: once(() => callsOf(graph(), facts)),
    client: once(() => facts.calls().find(({ isFromClient }) => isFromClient)?.from),
  }
  return facts
}

function once<T extends NonNullable<unknown> | undefined>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

type NamedGraph = TraceGraph & {
  /** The nodes by their keys, with the names that callers use. */
  readonly services: ReadonlyMap<string, ServiceId>
}

function namedGraph(graph: TraceGraph): NamedGraph {
  const aliases = new Map<string, Set<string>>()
  for (const { to, alias } of graph.edges) {
    if (alias === undefined) continue
    const known = aliases.get(to)
    if (known === undefined) aliases.set(to, new Set([alias.name]))
    else known.add(alias.name)
  }
  const services = graph.nodes.map(({ key, service }): [string, ServiceId] => {
    const added = aliases.get(key)
    return [key, added === undefined ? service : { ...service, names: [...new Set([...service.names, ...added])] }]
  })
  return { ...graph, services: new Map(services) }
}

function segmentsOf({ services }: NamedGraph, trace: TraceFacts): readonly SegmentFacts[] {
  const named = (node: ServiceId): ServiceId => services.get(nodeKey(node)) ?? node
  const real = trace.index.segments.map((segment) => {
    const { entity } = segment
    return { entity, node: named(segmentNode(entity)), isInferred: false, isRoot: segment === trace.root, trace }
  })
  const inferred = trace.inferred().map(({ call, node }) => {
    return { entity: call.entity, node: named(node), isInferred: true, isRoot: false, trace }
  })
  return [...real, ...inferred]
}

function callsOf({ edges, services }: NamedGraph, trace: TraceFacts): readonly CallFacts[] {
  const inferred = new Set(trace.inferred().map(({ call }) => call.entity))
  // A root segment that names a parent is called by nobody in the trace, or by a segment in it, but by no client.
  const calledByClient = trace.root?.parentId === undefined ? trace.root?.entity : undefined
  return edges.flatMap(({ from, to, statistics: entity }) => {
    const caller = services.get(from)
    const callee = services.get(to)
    if (caller === undefined || callee === undefined) return []
    const isInferred = inferred.has(entity)
    return [{ entity, from: caller, to: callee, isFromClient: entity === calledByClient, isInferred, trace }]
  })
}
