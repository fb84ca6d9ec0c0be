import { faultBounds } from '../graph/forecast.ts'
import { nodeKey } from '../node.ts'
import type { ServiceId } from '../summary.ts'
import { farthestDownstream } from './anomalous-nodes.ts'
import type { Counted, OpenInsight, TimedCounts, WatchedEdge, WatchedNode } from './detector-state.ts'
import type { ImpactCounts, Insight, InsightChange, InsightEvent, InsightEventKind } from './insight.ts'
import type { InsightIdOf } from './insight-id.ts'
import { eventSummary, insightSummary } from './insight-text.ts'
import { countedFrom, firstAnomalousSeconds, type NodeRun } from './watch-node.ts'

/** What a minute showed. */
export type InsightRun = {
  readonly runs: ReadonlyMap<number, NodeRun>
  /** Those of the runs, with the insights that they belong to. */
  readonly nodes: ReadonlyMap<number, WatchedNode>
  readonly edges: readonly WatchedEdge[]
  readonly endSeconds: number
}

const MAX_TOP = 5
const MAX_SERVICES = 100
/** Rule 6. */
const MOVED_SHARE = 0.2
const EVENT_SECONDS = 15 * 60

const NO_COUNTS: Counted = [0, 0, 0]

/** The insight of nodes that were found anomalous now; it has had no event yet. */
export function openInsight(
  run: InsightRun,
  part: readonly number[],
  clients: readonly TimedCounts[],
  idOf: InsightIdOf,
): OpenInsight {
  const { runs, endSeconds } = run
  const startSeconds = firstAnomalousSeconds(endSeconds)
  const root = mustBe(runs.get(mustBe(rootOf(part, run))))
  const before = Array.from(runs.values(), ({ node }): OpenInsight['before'][number] => {
    const since = countedFrom(node.recent, startSeconds)
    return [node.id, node.total[0] - since[0], node.total[1] - since[1], node.total[2] - since[2]]
  })
  return {
    id: idOf(startSeconds, root.node.key),
    startSeconds,
    openedSeconds: endSeconds,
    lastAnomalousSeconds: endSeconds,
    rootNode: root.node.id,
    rootCause: root.node.service,
    topNodes: [],
    topServices: [],
    services: [],
    evidence: { requests: root.requests, faults: root.faults, expectedFaults: root.high },
    clients: countedFrom(clients, startSeconds),
    before: before.filter(([, requests]) => requests > 0),
    events: 0,
    eventSeconds: endSeconds,
    share: 0,
    peakShare: 0,
    expectedShare: 0,
  }
}

/** The insight after a minute in which some of its nodes are anomalous, and what is notable of that. */
export function updateInsight(
  insight: OpenInsight,
  run: InsightRun,
  members: readonly WatchedNode[],
): { readonly after: OpenInsight; readonly change?: InsightChange } {
  const { runs, endSeconds } = run
  const anomalous = members.filter(({ isAnomalous }) => isAnomalous)
  const ids = anomalous.map(({ id }) => id)
  const rootNode = rootOf(ids, run, insight.rootNode) ?? insight.rootNode
  const excess = new Map(anomalous.map((node) => [node.id, unexpectedFaults(insight, node)]))
  const topNodes = ids.toSorted((a, b) => (excess.get(b) ?? 0) - (excess.get(a) ?? 0) || a - b).slice(0, MAX_TOP)
  const top = mustBe(topNodes[0])
  const isSameTop = top === insight.topNodes[0]
  const { requests, faults, high } = mustBe(runs.get(top))
  const share = requests === 0 ? (isSameTop ? insight.share : 0) : faults / requests
  const expected = requests === 0 ? insight.expectedShare : high / requests
  const isPeak = !isSameTop || share >= insight.peakShare
  const wasOver = members.some(({ id }) => runs.get(id)?.isOver === true)
  const after: OpenInsight = {
    ...insight,
    lastAnomalousSeconds: wasOver ? endSeconds : insight.lastAnomalousSeconds,
    rootNode,
    rootCause: run.nodes.get(rootNode)?.service ?? insight.rootCause,
    topNodes,
    topServices: topNodes.flatMap((id) => run.nodes.get(id)?.service ?? []),
    services: addServices(insight.services, anomalous),
    ...(isPeak ? { peakShare: share, expectedShare: expected } : {}),
  }
  const kind = eventOf(insight, after, share, endSeconds)
  if (kind === undefined) return { after }
  const told = { ...after, events: insight.events + 1, eventSeconds: endSeconds, share }
  const now = { share, shareBefore: insight.share, expectedShare: expected }
  return { after: told, change: changeOf(told, run, kind, eventSummary(kind, told, now)) }
}

/** What is told of an insight that is over. */
export function closeInsight(insight: OpenInsight, run: InsightRun, kind: 'closed' | 'joined'): InsightChange {
  const told = { ...insight, events: insight.events + 1, eventSeconds: run.endSeconds }
  const now = { share: insight.share, shareBefore: insight.share, expectedShare: insight.expectedShare }
  return changeOf(told, run, kind, eventSummary(kind, told, now))
}

/**
 * The root cause among anomalous nodes (rule 4). One that is it stays it while it can, so that two that are as likely do
 * not take turns.
 */
function rootOf(nodes: readonly number[], { runs, edges }: InsightRun, before?: number): number | undefined {
  const farthest = farthestDownstream(nodes, edges)
  if (before !== undefined && farthest.includes(before)) return before
  const excess = (id: number): number => {
    const run = runs.get(id)
    return run === undefined ? -Infinity : run.faults - run.high
  }
  return farthest.toSorted((a, b) => excess(b) - excess(a) || a - b)[0]
}

function eventOf(
  before: OpenInsight,
  after: OpenInsight,
  share: number,
  endSeconds: number,
): InsightEventKind | undefined {
  if (before.events === 0) return 'opened'
  if (after.rootNode !== before.rootNode) return 'root-cause'
  if (after.topNodes[0] !== before.topNodes[0]) return 'top-service'
  // Shares are quotients, so that exactly 20 points may come out a little less.
  if (Math.abs(share - before.share) >= MOVED_SHARE - 1e-9) return 'share'
  return endSeconds - before.eventSeconds >= EVENT_SECONDS ? 'periodic' : undefined
}

/** Faults since the start, beyond those that were to be expected of as many requests. */
function unexpectedFaults(insight: OpenInsight, node: WatchedNode): number {
  const { requests, faults } = impactSince(insight, node)
  return faults - faultBounds(requests, node.rate).high
}

function impactSince({ before }: OpenInsight, { id, total }: WatchedNode): ImpactCounts {
  const [, ...counts] = before.find(([node]) => node === id) ?? [id, ...NO_COUNTS]
  const [requests, faults, errors] = total
  return { requests: requests - counts[0], faults: faults - counts[1], errors: errors - counts[2] }
}

function changeOf(insight: OpenInsight, run: InsightRun, kind: InsightEventKind, summary: string): InsightChange {
  const { id, startSeconds, openedSeconds, eventSeconds, rootCause, topServices, services, evidence } = insight
  const isClosed = kind === 'closed' || kind === 'joined'
  const root = run.nodes.get(insight.rootNode)
  const [requests, faults, errors] = insight.clients
  const shared = {
    topServices,
    clientImpact: { requests, faults, errors },
    rootCauseImpact: root === undefined ? { requests: 0, faults: 0, errors: 0 } : impactSince(insight, root),
  }
  const whole: Insight = {
    id,
    state: isClosed ? 'CLOSED' : 'ACTIVE',
    startSeconds,
    openedSeconds,
    ...(isClosed ? { endSeconds: insight.lastAnomalousSeconds } : {}),
    updatedSeconds: eventSeconds,
    summary: insightSummary(insight, isClosed),
    rootCause,
    services,
    evidence,
    ...shared,
  }
  const event: InsightEvent = { number: insight.events, kind, timeSeconds: eventSeconds, summary, ...shared }
  return { insight: whole, event }
}

function addServices(services: readonly ServiceId[], nodes: readonly WatchedNode[]): readonly ServiceId[] {
  const known = new Set(services.map(nodeKey))
  const more = nodes.filter(({ key }) => !known.has(key)).map(({ service }) => service)
  return more.length === 0 ? services : [...services, ...more].slice(0, MAX_SERVICES)
}

function mustBe<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('an insight without anomalous nodes')
  return value
}
