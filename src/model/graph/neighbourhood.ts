import type { ServiceGraph } from './service-graph.ts'

/**
 * The part of a graph that a node depends on and that depends on it: whoever calls it within so many steps, whomever it
 * calls within as many, and all edges between these. Without nodes when the node is not in the graph. Nodes keep their
 * order, counts and names.
 */
export function neighbourhood({ nodes }: ServiceGraph, key: string, steps: number): ServiceGraph {
  const callees = new Map<string, string[]>()
  const callers = new Map<string, string[]>()
  for (const node of nodes) {
    for (const { to } of node.edges) {
      add(callees, node.key, to)
      add(callers, to, node.key)
    }
  }
  const kept = new Set([...reachable(callers, key, steps), ...reachable(callees, key, steps)])
  return {
    nodes: nodes
      .filter((node) => kept.has(node.key))
      .map((node) => ({ ...node, edges: node.edges.filter(({ to }) => kept.has(to)) })),
  }
}

function reachable(next: ReadonlyMap<string, readonly string[]>, key: string, steps: number): ReadonlySet<string> {
  const reached = new Set([key])
  let edge = [key]
  for (let step = 0; step < steps && edge.length > 0; step++) {
    edge = [...new Set(edge.flatMap((from) => next.get(from) ?? []))].filter((to) => !reached.has(to))
    for (const to of edge) reached.add(to)
  }
  return reached
}

function add(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
