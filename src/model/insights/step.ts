import { connectedNodes } from './anomalous-nodes.ts'
import {
  MAX_ACTIVE,
  type DetectorState,
  type OpenInsight,
  type TimedCounts,
  type WatchedNode,
} from './detector-state.ts'
import type { InsightChange } from './insight.ts'
import type { InsightIdOf } from './insight-id.ts'
import { emptyMinute, type InsightMinute } from './insight-minute.ts'
import { closeInsight, openInsight, updateInsight, type InsightRun } from './open-insight.ts'
import { watchGraph } from './watch-graph.ts'
import { addRecent, addTo } from './watch-node.ts'

/** What a minute changed. */
export type DetectorStep = { readonly state: DetectorState; readonly changes: readonly InsightChange[] }

/** After so many minutes without anything every insight is closed, and more of them change nothing. */
const SETTLING_SECONDS = 15 * 60

/**
 * Looks at the next minute (spec/query §4.2), after any that are missing before it, which count as empty. A minute that
 * was looked at before changes nothing. The same minutes always give the same states and changes.
 */
export function step(before: DetectorState, minute: InsightMinute, idOf: InsightIdOf): DetectorStep {
  const { throughSeconds } = before
  if (minute.startSeconds < throughSeconds) return { state: before, changes: [] }
  const changes: InsightChange[] = []
  let state = before
  const run = (next: InsightMinute): void => {
    const after = runMinute(state, next, idOf)
    state = after.state
    changes.push(...after.changes)
  }
  if (throughSeconds > 0) {
    const untilSeconds = Math.min(minute.startSeconds, throughSeconds + SETTLING_SECONDS)
    for (let start = throughSeconds; start < untilSeconds; start += 60) run(emptyMinute(start))
  }
  run(minute)
  return { state, changes }
}

/** Closes what is active, for a group that nobody watches any more. */
export function closeAll(state: DetectorState): readonly InsightChange[] {
  const nodes = new Map(state.nodes.map((node) => [node.id, node]))
  const run: InsightRun = { runs: new Map(), nodes, edges: state.edges, endSeconds: state.throughSeconds }
  return state.insights.map((insight) => closeInsight(insight, run, 'closed'))
}

function runMinute(state: DetectorState, minute: InsightMinute, idOf: InsightIdOf): DetectorStep {
  const endSeconds = minute.startSeconds + 60
  const graph = watchGraph(state, minute)
  const nodes = new Map<number, WatchedNode>(Array.from(graph.runs, ([id, { node }]) => [id, node]))
  const clients = addRecent(state.clients, minute.clients, endSeconds)
  const run = { runs: graph.runs, nodes, edges: graph.edges, endSeconds }
  const active = state.insights.map((one) => ({ ...one, clients: addTo(one.clients, minute.clients) }))
  const { insights, changes } = judge(run, active, clients, idOf)
  return {
    state: {
      version: 1,
      throughSeconds: endSeconds,
      nextNode: graph.nextNode,
      clients,
      nodes: [...nodes.values()],
      edges: graph.edges,
      insights,
    },
    changes,
  }
}

/** Joins anomalous nodes to insights, opens those that are new, and closes those that are over. Changes the nodes. */
function judge(
  run: InsightRun & { readonly nodes: Map<number, WatchedNode> },
  active: readonly OpenInsight[],
  clients: readonly TimedCounts[],
  idOf: InsightIdOf,
): { readonly insights: readonly OpenInsight[]; readonly changes: readonly InsightChange[] } {
  const { nodes, edges } = run
  const open = new Map(active.map((insight) => [insight.id, insight]))
  const opened: OpenInsight[] = []
  const changes: InsightChange[] = []
  const assign = (id: number, insight: string): void => {
    const node = nodes.get(id)
    if (node !== undefined) nodes.set(id, { ...node, insight })
  }
  const anomalous = [...nodes.values()].filter(({ isAnomalous }) => isAnomalous).map(({ id }) => id)
  for (const part of connectedNodes(anomalous, edges)) {
    const known = [...new Set(part.map((id) => nodes.get(id)?.insight))]
      .flatMap((id) => (id === undefined ? [] : (open.get(id) ?? [])))
      .toSorted((a, b) => a.startSeconds - b.startSeconds || (a.id < b.id ? -1 : 1))
    const [first, ...others] = known
    if (first === undefined && open.size + opened.length >= MAX_ACTIVE) continue
    const insight = first ?? openInsight(run, part, clients, idOf)
    if (first === undefined) opened.push(insight)
    for (const other of others) {
      open.delete(other.id)
      changes.push(closeInsight(other, run, 'joined'))
      for (const node of nodes.values()) if (node.insight === other.id) assign(node.id, insight.id)
    }
    for (const id of part) assign(id, insight.id)
  }
  const insights: OpenInsight[] = []
  for (const insight of [...open.values(), ...opened]) {
    const members = [...nodes.values()].filter((node) => node.insight === insight.id)
    if (members.some(({ isAnomalous }) => isAnomalous)) {
      const { after, change } = updateInsight(insight, run, members)
      insights.push(after)
      if (change !== undefined) changes.push(change)
    } else {
      changes.push(closeInsight(insight, run, 'closed'))
      for (const { id } of members) {
        const { insight: _, ...node } = nodes.get(id) ?? nothing(id)
        nodes.set(id, node)
      }
    }
  }
  return { insights, changes }
}

function nothing(id: number): never {
  throw new Error(`node ${id} is not watched`)
}
