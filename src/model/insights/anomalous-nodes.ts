import type { WatchedEdge } from './detector-state.ts'

/**
 * Those of some nodes that edges between them connect, whatever their direction (spec/query §4.2 rule 4): each part
 * ascending, the parts by their first nodes.
 */
export function connectedNodes(
  nodes: readonly number[],
  edges: readonly WatchedEdge[],
): readonly (readonly number[])[] {
  const parts = new Map(nodes.map((node) => [node, node]))
  const partOf = (node: number): number => {
    let at = node
    for (let next = parts.get(at) ?? at; next !== at; next = parts.get(at) ?? at) at = next
    return at
  }
  for (const [from, to] of edges) {
    if (!parts.has(from) || !parts.has(to)) continue
    const [a, b] = [partOf(from), partOf(to)]
    parts.set(Math.max(a, b), Math.min(a, b))
  }
  const connected = new Map<number, number[]>()
  for (const node of nodes.toSorted((a, b) => a - b)) {
    const part = partOf(node)
    const known = connected.get(part)
    if (known === undefined) connected.set(part, [node])
    else known.push(node)
  }
  return [...connected.values()]
}

/**
 * Those of some nodes with none of them downstream, near or far, except for such as lead back to them: of a cycle no
 * node is further downstream than the others (spec/query §4.2 rule 4). Never empty, unless there are no nodes.
 */
export function farthestDownstream(nodes: readonly number[], edges: readonly WatchedEdge[]): readonly number[] {
  const callees = new Map<number, number[]>()
  for (const [from, to] of edges) {
    const known = callees.get(from)
    if (known === undefined) callees.set(from, [to])
    else known.push(to)
  }
  const downstream = new Map(nodes.map((node) => [node, reachable(node, callees)]))
  return nodes.filter((node) =>
    nodes.every((other) => downstream.get(node)?.has(other) !== true || downstream.get(other)?.has(node) === true),
  )
}

function reachable(from: number, callees: ReadonlyMap<number, readonly number[]>): ReadonlySet<number> {
  const reached = new Set([from])
  // A set may grow while it is walked.
  for (const node of reached) for (const next of callees.get(node) ?? []) reached.add(next)
  return reached
}
