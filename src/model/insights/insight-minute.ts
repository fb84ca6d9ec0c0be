import { totalCount, type CallCounts } from '../graph/call-counts.ts'
import type { GraphAccumulator, NodeCounts } from '../graph/graph-accumulator.ts'
import type { ServiceId } from '../summary.ts'
import type { ImpactCounts } from './insight.ts'

/** A node in a minute in which it had requests. */
export type MinuteNode = ImpactCounts & {
  /** `nodeKey` of the service. */
  readonly key: string
  readonly service: ServiceId
}

/** What a minute of a group's graph says to the detector. Clients are no nodes here. */
export type InsightMinute = {
  /** Epoch seconds, a multiple of 60. */
  readonly startSeconds: number
  /** The busiest first, then by key, so that the same minute is the same however it was counted. */
  readonly nodes: readonly MinuteNode[]
  /** Keys of nodes. */
  readonly edges: readonly { readonly from: string; readonly to: string }[]
  /** The requests of clients. */
  readonly clients: ImpactCounts
}

const NOTHING: ImpactCounts = { requests: 0, faults: 0, errors: 0 }

/** A minute in which nothing happened. */
export function emptyMinute(startSeconds: number): InsightMinute {
  return { startSeconds, nodes: [], edges: [], clients: NOTHING }
}

/** What the detector has to know of a minute that was counted. */
export function minuteOfGraph(startSeconds: number, graph: GraphAccumulator): InsightMinute {
  const nodes = [...graph.nodes.values()]
    .filter((node) => !isClient(node))
    .map(({ key, service, requests }) => ({ key, service: { ...service, names: [service.name] }, ...impact(requests) }))
    .filter(({ requests }) => requests > 0)
    .toSorted((a, b) => b.requests - a.requests || (a.key < b.key ? -1 : 1))
  const edges: { readonly from: string; readonly to: string }[] = []
  let clients = NOTHING
  for (const { from, to, calls } of graph.edges.values()) {
    const caller = graph.nodes.get(from)
    if (caller !== undefined && isClient(caller)) clients = add(clients, impact(calls))
    else edges.push({ from, to })
  }
  return { startSeconds, nodes, edges, clients }
}

const isClient = ({ service, hasSegments }: NodeCounts): boolean => service.type === 'client' && !hasSegments

function impact(counts: CallCounts): ImpactCounts {
  return { requests: totalCount(counts), faults: counts.fault, errors: counts.error + counts.throttle }
}

function add(a: ImpactCounts, b: ImpactCounts): ImpactCounts {
  return { requests: a.requests + b.requests, faults: a.faults + b.faults, errors: a.errors + b.errors }
}
