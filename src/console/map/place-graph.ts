import type { Point } from './adjacency.ts'
import { edgeLine, type EdgeLine } from './edge-path.ts'
import { edgeId, trafficByNode, type MapEdge, type MapGraph, type MapNode } from './map-graph.ts'
import { edgeWidth, radiusOf, RADIUS, type SizeBy } from './map-sizes.ts'
import type { Places } from './use-layout.ts'

/** A node with its place, its ring's radius, and how many requests it had or sent. */
export type PlacedNode = {
  readonly node: MapNode
  readonly at: Point
  readonly radius: number
  readonly traffic: number
}

/** An edge with its ends, its line and its width. */
export type PlacedEdge = {
  readonly edge: MapEdge
  readonly from: MapNode
  readonly to: MapNode
  readonly line: EdgeLine
  readonly width: number
}

/** What is drawn, and where. */
export type Drawing = {
  readonly nodes: ReadonlyMap<string, PlacedNode>
  readonly edges: readonly PlacedEdge[]
}

/** The nodes and edges of a graph that have places; the others wait for the next layout. */
export function placeGraph(
  graph: MapGraph,
  places: Places | undefined,
  size: SizeBy,
  minutes: number | undefined,
  isDown: boolean,
): Drawing {
  const traffic = trafficByNode(graph)
  const most = Math.max(0, ...traffic.values())
  const nodes = new Map<string, PlacedNode>()
  for (const node of graph.nodes) {
    const at = places?.nodes.get(node.key)
    const count = traffic.get(node.key) ?? 0
    if (at !== undefined) nodes.set(node.key, { node, at, traffic: count, radius: radiusOf(node, count, most, size) })
  }
  const edges = graph.edges.flatMap((edge) => {
    const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)]
    if (from === undefined || to === undefined) return []
    const start = { at: from.at, radius: from.node.client ? RADIUS * 0.85 : from.radius }
    const line = edgeLine(start, to, places?.edges.get(edgeId(edge)) ?? [], isDown)
    return [{ edge, from: from.node, to: to.node, line, width: edgeWidth(edge, minutes) }]
  })
  return { nodes, edges }
}
