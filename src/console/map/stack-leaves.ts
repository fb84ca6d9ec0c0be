import type { OwnEdge, OwnNode } from '../../wire/own/graph.ts'
import { addCounts, type MapEdge, type MapGraph, type MapNode } from './map-graph.ts'
import { kindOf, kindWord } from './node-kind.ts'

/** Fewer than this stay apart. */
const LEAST_STACKED = 4

/** The key of a stack in URLs and positions: the service that calls it, and the type of what it calls. */
function stackKey(caller: string, type: string): string {
  return `stack ${caller} ${type}`
}

/**
 * The same graph with leaves of one type that only one service calls as one node ("37 tables", console §4.4), unless
 * they are to be seen by themselves. Leaves without a type stay apart, for nothing says that they are alike.
 */
export function stackLeaves(
  graph: { readonly nodes: readonly OwnNode[]; readonly edges: readonly OwnEdge[] },
  staysApart: (node: OwnNode) => boolean,
): MapGraph {
  const stacks = [...leavesByStack(graph, staysApart)].filter(([, leaves]) => leaves.length >= LEAST_STACKED)
  const stackOf = new Map(stacks.flatMap(([key, leaves]) => leaves.map((leaf) => [leaf.key, key] as const)))
  const stacked = new Map(stacks)
  const nodes: MapNode[] = graph.nodes.filter(({ key }) => !stackOf.has(key))
  for (const [key, leaves] of stacks) nodes.push(stackOfLeaves(key, leaves))
  const edges: MapEdge[] = graph.edges.filter(({ to }) => !stackOf.has(to))
  for (const [key] of stacked) {
    const into = graph.edges.filter(({ to }) => stackOf.get(to) === key)
    const [first] = into
    if (first !== undefined)
      edges.push({ from: first.from, to: key, kind: 'call', calls: addCounts(into.map(({ calls }) => calls)) })
  }
  return { nodes, edges }
}

function leavesByStack(
  { nodes, edges }: { readonly nodes: readonly OwnNode[]; readonly edges: readonly OwnEdge[] },
  staysApart: (node: OwnNode) => boolean,
): Map<string, OwnNode[]> {
  const calling = new Set(edges.map(({ from }) => from))
  const callers = new Map<string, Set<string>>()
  for (const { from, to } of edges) callers.set(to, (callers.get(to) ?? new Set()).add(from))
  const groups = new Map<string, OwnNode[]>()
  for (const node of nodes) {
    const [caller, ...others] = callers.get(node.key) ?? []
    const isLeaf = caller !== undefined && others.length === 0 && !calling.has(node.key) && !node.client
    if (!isLeaf || node.type === undefined || staysApart(node)) continue
    const key = stackKey(caller, node.type)
    groups.set(key, [...(groups.get(key) ?? []), node])
  }
  return groups
}

function stackOfLeaves(key: string, leaves: readonly OwnNode[]): MapNode {
  const [first] = leaves
  const type = first?.type
  return {
    key,
    name: `${leaves.length} ${kindWord(kindOf({ client: false, ...(type === undefined ? {} : { type }) }))}`,
    ...(type === undefined ? {} : { type }),
    client: false,
    active: leaves.some(({ active }) => active),
    requests: addCounts(leaves.map(({ requests }) => requests)),
    stacked: leaves,
  }
}
