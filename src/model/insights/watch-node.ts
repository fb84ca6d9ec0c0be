import { faultBounds, learnRate } from '../graph/forecast.ts'
import type { Counted, TimedCounts, WatchedNode } from './detector-state.ts'
import type { ImpactCounts } from './insight.ts'

/** The window that is looked at, and that fault rates are learnt of (spec/query §4.2 rule 1). */
const WINDOW_SECONDS = 300
/** Fewer faults are no anomaly (rule 3). */
const LEAST_FAULTS = 5
/** Rule 3. */
const RUNS_TO_ANOMALOUS = 3
const RUNS_TO_NORMAL = 10

/** What a run found at a node. */
export type NodeRun = {
  readonly node: WatchedNode
  /** Of the five minutes that end now. */
  readonly requests: number
  readonly faults: number
  /** `FaultCountHigh` of rule 2. */
  readonly high: number
  readonly isOver: boolean
}

/** The node after the minute that ends at a second, in which it had these requests, if any. */
export function watchNode(before: WatchedNode, counts: ImpactCounts | undefined, endSeconds: number): NodeRun {
  const startSeconds = endSeconds - 60
  const recent = addRecent(before.recent, counts, endSeconds)
  const { rate, unlearnt } = learn(before, endSeconds)
  const requests = sum(recent, 1)
  const faults = sum(recent, 2)
  const { high } = faultBounds(requests, rate)
  const isOver = faults >= LEAST_FAULTS && faults > high
  const runsOver = isOver ? Math.min(before.runsOver + 1, RUNS_TO_ANOMALOUS) : 0
  const runsWithout = isOver ? 0 : Math.min(before.runsWithout + 1, RUNS_TO_NORMAL)
  const isAnomalous = before.isAnomalous ? runsWithout < RUNS_TO_NORMAL : runsOver >= RUNS_TO_ANOMALOUS
  const node: WatchedNode = {
    ...before,
    recent,
    unlearnt: counts === undefined ? unlearnt : addBucket(unlearnt, counts, startSeconds),
    rate,
    runsOver,
    runsWithout,
    isAnomalous,
    ...(counts === undefined ? {} : { total: addTo(before.total, counts), seenSeconds: endSeconds }),
  }
  return { node, requests, faults, high, isOver }
}

/** The first anomalous minute of a node that is found anomalous now. */
export function firstAnomalousSeconds(endSeconds: number): number {
  return endSeconds - RUNS_TO_ANOMALOUS * 60
}

/** The minutes of the window that ends at a second, with another one. */
export function addRecent(
  recent: readonly TimedCounts[],
  counts: ImpactCounts | undefined,
  endSeconds: number,
): readonly TimedCounts[] {
  const fromSeconds = endSeconds - WINDOW_SECONDS
  const kept = (recent[0]?.[0] ?? fromSeconds) < fromSeconds ? recent.filter(([start]) => start >= fromSeconds) : recent
  if (counts === undefined || counts.requests === 0) return kept
  return [...kept, [endSeconds - 60, counts.requests, counts.faults, counts.errors]]
}

/** What was counted from a second on. */
export function countedFrom(recent: readonly TimedCounts[], fromSeconds: number): Counted {
  const since = recent.filter(([start]) => start >= fromSeconds)
  return [sum(since, 1), sum(since, 2), sum(since, 3)]
}

/** One more. */
export function addTo([requests, faults, errors]: Counted, more: ImpactCounts): Counted {
  return [requests + more.requests, faults + more.faults, errors + more.errors]
}

/**
 * Learns from stretches that ended before the window that is looked at, so that an anomaly does not make itself normal:
 * a node is found anomalous before its first anomalous minute has got so old, and what it does while it is is left out.
 */
function learn(
  { rate, unlearnt, isAnomalous }: WatchedNode,
  endSeconds: number,
): Pick<WatchedNode, 'rate' | 'unlearnt'> {
  const isDue = ([start]: TimedCounts): boolean => start + WINDOW_SECONDS <= endSeconds - WINDOW_SECONDS
  if (!unlearnt.some(isDue)) return { rate, unlearnt }
  let learnt = rate
  for (const [start, requests, faults, errors] of unlearnt) {
    if (!isAnomalous && isDue([start, requests, faults, errors])) learnt = learnRate(learnt, requests, faults)
  }
  return { rate: learnt, unlearnt: unlearnt.filter((bucket) => !isDue(bucket)) }
}

/** Stretches are those of five-minute series, so that the bounds are those of its forecasts (spec/query §3.8). */
function addBucket(
  buckets: readonly TimedCounts[],
  { requests, faults, errors }: ImpactCounts,
  startSeconds: number,
): readonly TimedCounts[] {
  const start = Math.floor(startSeconds / WINDOW_SECONDS) * WINDOW_SECONDS
  const last = buckets.at(-1)
  if (last?.[0] !== start) return [...buckets, [start, requests, faults, errors]]
  return [...buckets.slice(0, -1), [start, last[1] + requests, last[2] + faults, last[3] + errors]]
}

function sum(counts: readonly TimedCounts[], member: 1 | 2 | 3): number {
  let total = 0
  for (const one of counts) total += one[member]
  return total
}
