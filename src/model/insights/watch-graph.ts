import { PRIOR_RATE } from '../graph/forecast.ts'
import { MAX_EDGES, MAX_NODES, type DetectorState, type WatchedEdge, type WatchedNode } from './detector-state.ts'
import type { InsightMinute, MinuteNode } from './insight-minute.ts'
import { watchNode, type NodeRun } from './watch-node.ts'

/** A node that had no request for so long is forgotten. */
const NODE_SECONDS = 86_400
/** An edge that was not used for so long connects nothing any more. */
const EDGE_SECONDS = 3_600

/** The graph after a minute. */
export type WatchedGraph = {
  /** By id. */
  readonly runs: ReadonlyMap<number, NodeRun>
  readonly edges: readonly WatchedEdge[]
  readonly nextNode: number
}

/** Looks at every node that is known or has room. */
export function watchGraph(state: DetectorState, minute: InsightMinute): WatchedGraph {
  const endSeconds = minute.startSeconds + 60
  const counts = new Map(minute.nodes.map((node) => [node.key, node]))
  const known = keepNodes(state.nodes, counts, endSeconds)
  const ids = new Map(known.map(({ key, id }) => [key, id]))
  const added: WatchedNode[] = []
  for (const { key, service } of minute.nodes) {
    if (ids.has(key)) continue
    if (known.length + added.length >= MAX_NODES) break
    const id = state.nextNode + added.length
    ids.set(key, id)
    added.push(newNode(id, key, service))
  }
  const runs = new Map<number, NodeRun>()
  for (const node of [...known, ...added]) runs.set(node.id, watchNode(node, counts.get(node.key), endSeconds))
  return { runs, edges: keepEdges(state.edges, minute, ids, endSeconds), nextNode: state.nextNode + added.length }
}

function newNode(id: number, key: string, service: MinuteNode['service']): WatchedNode {
  return {
    id,
    key,
    service,
    seenSeconds: 0,
    total: [0, 0, 0],
    recent: [],
    unlearnt: [],
    rate: PRIOR_RATE,
    runsOver: 0,
    runsWithout: 0,
    isAnomalous: false,
  }
}

/**
 * Without those that were not seen for a day; where there are too many with the new ones, also without those that have
 * been quiet for an hour, so that a flood of names does not drive out what is there.
 */
function keepNodes(
  nodes: readonly WatchedNode[],
  counts: ReadonlyMap<string, MinuteNode>,
  endSeconds: number,
): readonly WatchedNode[] {
  const isNeeded = ({ key, insight }: WatchedNode): boolean => insight !== undefined || counts.has(key)
  const seenSince = (seconds: number): readonly WatchedNode[] =>
    nodes.filter((node) => node.seenSeconds > endSeconds - seconds || isNeeded(node))
  const kept = seenSince(NODE_SECONDS)
  if (kept.length + counts.size <= MAX_NODES) return kept
  const keys = new Set(kept.map(({ key }) => key))
  const fresh = [...counts.keys()].filter((key) => !keys.has(key)).length
  return kept.length + fresh <= MAX_NODES ? kept : seenSince(EDGE_SECONDS)
}

function keepEdges(
  edges: readonly WatchedEdge[],
  minute: InsightMinute,
  ids: ReadonlyMap<string, number>,
  endSeconds: number,
): readonly WatchedEdge[] {
  const alive = new Set(ids.values())
  const name = (from: number, to: number): string => `${from} ${to}`
  const kept = new Map<string, WatchedEdge>()
  for (const edge of edges) {
    const [from, to, seenSeconds] = edge
    if (seenSeconds > endSeconds - EDGE_SECONDS && alive.has(from) && alive.has(to)) kept.set(name(from, to), edge)
  }
  for (const edge of minute.edges) {
    const from = ids.get(edge.from)
    const to = ids.get(edge.to)
    if (from === undefined || to === undefined) continue
    if (kept.size < MAX_EDGES || kept.has(name(from, to))) kept.set(name(from, to), [from, to, endSeconds])
  }
  return [...kept.values()]
}
