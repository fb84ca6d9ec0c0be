import type { OwnEdge, OwnGraph, OwnNode } from '../../wire/own/graph.ts'
import { trafficByNode, type MapGraph } from './map-graph.ts'
import { isProblem } from './outcome-shares.ts'
import { stackLeaves } from './stack-leaves.ts'

/** Up to this many nodes are all drawn; above, the map begins with what matters (console §4.4). */
export const SMALL_MAP = 120
/** More than this is never drawn. */
export const LARGEST_MAP = 600
const BUSIEST = 60

/** What of a graph is to be seen. */
export type Choice = {
  readonly onlyProblems: boolean
  /** Requests per minute that a node or an edge has at least. */
  readonly minPerMinute: number
  readonly minutes: number
  /** Only this node and what is within so many steps of it. */
  readonly focus: string | undefined
  readonly hops: number
  /** Whether more is drawn than what matters. */
  readonly showAll: boolean
  /** A node that is drawn by itself whatever the rules for big maps say. */
  readonly keep: readonly string[]
}

/** The chosen nodes and edges, and how many nodes of how many a map of them shows. */
export type Visible = {
  /** What a list shows: all that was chosen. */
  readonly chosen: { readonly nodes: readonly OwnNode[]; readonly edges: readonly OwnEdge[] }
  /** What a map draws. */
  readonly drawn: MapGraph
  readonly shown: number
}

/** Applies a choice to a graph, and the rules for big maps to what is left. */
export function visibleGraph(graph: Pick<OwnGraph, 'nodes' | 'edges'>, choice: Choice): Visible {
  const chosen = choose(graph, choice)
  if (chosen.nodes.length <= SMALL_MAP) return { chosen, drawn: chosen, shown: chosen.nodes.length }
  const kept = new Set(choice.keep)
  const most = choice.showAll ? LARGEST_MAP : SMALL_MAP
  const stacked = stackLeaves(chosen, (node) => kept.has(node.key) || isProblem(node.requests))
  const drawn = stacked.nodes.length <= most ? stacked : mostImportant(stacked, kept, most)
  const shown = drawn.nodes.reduce((sum, { stacked: leaves }) => sum + (leaves?.length ?? 1), 0)
  return { chosen, drawn, shown }
}

/** The keys within so many steps of a node, against and along the direction of calls. */
export function neighbourhood(
  edges: readonly { readonly from: string; readonly to: string }[],
  key: string,
  steps: number,
): ReadonlySet<string> {
  const found = new Set([key])
  for (const [near, far] of [
    ['from', 'to'],
    ['to', 'from'],
  ] as const) {
    let edge = new Set([key])
    for (let step = 0; step < steps; step++) {
      edge = new Set(edges.filter((one) => edge.has(one[near])).map((one) => one[far]))
      for (const reached of edge) found.add(reached)
    }
  }
  return found
}

function choose(graph: Pick<OwnGraph, 'nodes' | 'edges'>, choice: Choice): Visible['chosen'] {
  let { nodes, edges } = graph
  if (choice.focus !== undefined && nodes.some(({ key }) => key === choice.focus)) {
    const near = neighbourhood(edges, choice.focus, choice.hops)
    nodes = nodes.filter(({ key }) => near.has(key))
  }
  if (choice.minPerMinute > 0) {
    const least = choice.minPerMinute * choice.minutes
    edges = edges.filter(({ calls }) => calls.total >= least)
    const ends = new Set(edges.flatMap(({ from, to }) => [from, to]))
    nodes = nodes.filter((node) => node.requests.total >= least || (node.client && ends.has(node.key)))
  }
  if (choice.onlyProblems) {
    const ends = new Set(edges.filter(({ calls }) => isProblem(calls)).flatMap(({ from, to }) => [from, to]))
    nodes = nodes.filter((node) => isProblem(node.requests) || ends.has(node.key))
  }
  return within(nodes, edges)
}

/** Problems, the busiest, then their neighbours by traffic, until there are enough. */
function mostImportant(graph: MapGraph, kept: ReadonlySet<string>, most: number): MapGraph {
  const traffic = trafficByNode(graph)
  const byTraffic = graph.nodes.toSorted((a, b) => (traffic.get(b.key) ?? 0) - (traffic.get(a.key) ?? 0))
  const first = [
    ...byTraffic.filter(({ key }) => kept.has(key)),
    ...byTraffic.filter(({ requests }) => isProblem(requests)),
    ...byTraffic.slice(0, BUSIEST),
  ]
  const chosen = new Set(first.slice(0, most).map(({ key }) => key))
  const near = new Set<string>()
  for (const { from, to } of graph.edges) {
    if (chosen.has(from)) near.add(to)
    if (chosen.has(to)) near.add(from)
  }
  for (const { key } of [
    ...byTraffic.filter(({ key: candidate }) => near.has(candidate)),
    ...(most > SMALL_MAP ? byTraffic : []),
  ]) {
    if (chosen.size >= most) break
    chosen.add(key)
  }
  return within(
    graph.nodes.filter(({ key }) => chosen.has(key)),
    graph.edges,
  )
}

function within<N extends { readonly key: string }, E extends { readonly from: string; readonly to: string }>(
  nodes: readonly N[],
  edges: readonly E[],
): { readonly nodes: readonly N[]; readonly edges: readonly E[] } {
  const keys = new Set(nodes.map(({ key }) => key))
  return { nodes, edges: edges.filter(({ from, to }) => keys.has(from) && keys.has(to)) }
}
