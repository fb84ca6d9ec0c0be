import type { ServiceGraph } from '../graph/service-graph.ts'

/**
 * The part of a graph that an insight is about (spec/query §4.2): its nodes, and all that lie on a way from a client to
 * one of them, with the edges between these. Nodes keep their order, counts and names.
 */
export function impactGraph({ nodes }: ServiceGraph, insightKeys: ReadonlySet<string>): ServiceGraph {
  const callees = new Map(nodes.map((node) => [node.key, node.edges.map(({ to }) => to)]))
  const callers = new Map<string, string[]>()
  for (const node of nodes) {
    for (const { to } of node.edges) {
      const known = callers.get(to)
      if (known === undefined) callers.set(to, [node.key])
      else known.push(node.key)
    }
  }
  const ofInsight = nodes.filter(({ key }) => insightKeys.has(key)).map(({ key }) => key)
  const clients = nodes.filter(({ isClient }) => isClient).map(({ key }) => key)
  const above = reachable(ofInsight, callers)
  const below = reachable(clients, callees)
  const isShown = (key: string): boolean => insightKeys.has(key) || (above.has(key) && below.has(key))
  return {
    nodes: nodes
      .filter(({ key }) => isShown(key))
      .map((node) => ({ ...node, edges: node.edges.filter(({ to }) => isShown(to)) })),
  }
}

function reachable(from: readonly string[], next: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set(from)
  // A set may grow while it is walked.
  for (const key of reached) for (const other of next.get(key) ?? []) reached.add(other)
  return reached
}
