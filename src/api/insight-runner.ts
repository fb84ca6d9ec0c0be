import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Group } from '../control/group.ts'
import type { Groups } from '../control/groups.ts'
import type { InsightGroup, Insights } from '../control/insights.ts'
import { emptyDetector, type DetectorState } from '../model/insights/detector-state.ts'
import type { InsightChange } from '../model/insights/insight.ts'
import { insightId } from '../model/insights/insight-id.ts'
import { closeAll, step } from '../model/insights/step.ts'
import type { Tenant } from '../model/tenant.ts'
import type { GraphQueries } from '../query/graphs.ts'
import { readInsightMinutes } from '../query/insight-minutes.ts'
import { readGroup } from './graph-scope.ts'

/** An insight changed, and its group wants others to know. */
export type InsightNotice = { readonly tenant: Tenant; readonly group: InsightGroup; readonly change: InsightChange }

/** What watching groups takes. */
export type InsightRunnerParts = {
  readonly insights: Insights
  readonly groups: Groups
  readonly graphs: Pick<GraphQueries, 'periods'>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly notify: (notice: InsightNotice) => void
  /** Told of minutes that are not looked at, because they are too long ago. */
  readonly onSkipped: (tenant: Tenant, group: string, fromSeconds: number, toSeconds: number) => void
  /** Told of a group that could not be watched; it is tried again. */
  readonly onError: (error: unknown, tenant: Tenant, group: string) => void
  /** How often to look whether there is anything to do; it costs nothing when there is not. */
  readonly lookMs?: number
}

/** The watch over all groups that have insights enabled. */
export type InsightRunner = AsyncDisposable

/** A minute is looked at when it ended so long ago, so that its documents have come in (spec/query §4.2). */
const LAG_SECONDS = 60
/** What was missed is made up for as far back, which is also what is learnt from when a group is new. */
const CATCH_UP_SECONDS = 86_400
/** What a detector knows is kept so often when it finds nothing; after a restart the minutes since are looked at again. */
const KEEP_SECONDS = 3_600
/** Changes that were found later than this are no news. */
const NEWS_SECONDS = 3_600
const LOOK_MS = 2_000

/** A group that has insights enabled, and how far its detector is. */
type Watched = { state: DetectorState; keptSeconds: number }

/**
 * Looks at each minute of each group that has insights enabled (spec/query §4.2), one at a time. What it finds is in
 * the control log together with what the detector knew then, so that after a crash it goes on from there, and finds
 * the same. Groups that have them no longer are closed.
 */
export function startInsightRunner(parts: InsightRunnerParts): InsightRunner {
  const { insights, groups, onError, lookMs = LOOK_MS } = parts
  const closing = new AbortController()
  const watched = new Map<string, Watched>()
  let timer: NodeJS.Timeout | undefined
  let round: Promise<void> = Promise.resolve()

  const attempt = async (tenant: Tenant, group: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!closing.signal.aborted) onError(error, tenant, group)
    }
  }

  const look = async (): Promise<void> => {
    for (const tenant of insights.tenants()) {
      const enabled = groups.list(tenant).filter((group) => group.insightsEnabled)
      const known = insights.detectors(tenant)
      if (enabled.length === 0 && known.length === 0) continue
      for (const { group } of known) {
        if (enabled.some(({ arn }) => arn === group.arn)) continue
        await attempt(tenant, group.name, () => endWatch(parts, watched, tenant, group))
      }
      for (const group of enabled) {
        if (closing.signal.aborted) return
        await attempt(tenant, group.name, () => watchGroup(parts, watched, tenant, group, closing.signal))
      }
    }
  }

  const lookLater = (): void => {
    if (closing.signal.aborted) return
    timer = setTimeout(() => {
      round = look().finally(lookLater)
    }, lookMs)
    timer.unref()
  }

  lookLater()
  return {
    async [Symbol.asyncDispose]() {
      closing.abort()
      clearTimeout(timer)
      await round
    },
  }
}

/** Looks at the minutes of a group that are due, if any. */
async function watchGroup(
  { insights, groups, graphs, now, notify, onSkipped }: InsightRunnerParts,
  watched: Map<string, Watched>,
  tenant: Tenant,
  group: Group,
  signal: AbortSignal,
): Promise<void> {
  const nowSeconds = Math.floor(now() / 1_000)
  const toSeconds = Math.floor((nowSeconds - LAG_SECONDS) / 60) * 60
  const key = watchKey(tenant, group.arn)
  const known = watched.get(key) ?? takeUp(insights.detector(tenant, group.arn))
  watched.set(key, known)
  if (known.state.throughSeconds >= toSeconds) return
  const oldestSeconds = toSeconds - CATCH_UP_SECONDS
  const { throughSeconds } = known.state
  if (throughSeconds > 0 && throughSeconds < oldestSeconds) {
    onSkipped(tenant, group.name, throughSeconds, oldestSeconds)
  }
  const filter = readGroup(groups, tenant, { GroupARN: group.arn })
  const fromSeconds = Math.max(throughSeconds, oldestSeconds)
  const query = { fromSeconds, toSeconds, ...(filter === undefined ? {} : { filter }) }
  const idOf = (startSeconds: number, rootKey: string): string => insightId(tenant, group.arn, startSeconds, rootKey)
  for await (const minutes of readInsightMinutes(graphs, tenant, query, signal)) {
    let { state } = known
    const changes: InsightChange[] = []
    for (const minute of minutes) {
      const after = step(state, minute, idOf)
      state = after.state
      changes.push(...after.changes)
      // Many nodes take a while, and others wait.
      if (minute.nodes.length > 0) await nextTurn()
    }
    const mustKeep = changes.length > 0 || state.throughSeconds - known.keptSeconds >= KEEP_SECONDS
    const sinceSeconds = known.keptSeconds
    if (mustKeep && !(await insights.save(tenant, { group, sinceSeconds, state, changes }, nowSeconds))) {
      // Another server of the cluster was first: it goes on from what that one knows.
      watched.delete(key)
      return
    }
    known.state = state
    if (!mustKeep) continue
    known.keptSeconds = state.throughSeconds
    if (!group.notificationsEnabled) continue
    for (const change of changes) {
      if (change.event.timeSeconds >= nowSeconds - NEWS_SECONDS) notify({ tenant, group, change })
    }
  }
}

/** Closes the insights of a group whose insights are not enabled any more, or that is gone. */
async function endWatch(
  { insights }: InsightRunnerParts,
  watched: Map<string, Watched>,
  tenant: Tenant,
  group: InsightGroup,
): Promise<void> {
  const key = watchKey(tenant, group.arn)
  const state = watched.get(key)?.state ?? insights.detector(tenant, group.arn) ?? emptyDetector
  await insights.end(tenant, group, closeAll(state))
  watched.delete(key)
}

function takeUp(kept: DetectorState | undefined): Watched {
  return kept === undefined
    ? { state: emptyDetector, keptSeconds: 0 }
    : { state: kept, keptSeconds: kept.throughSeconds }
}

const watchKey = ({ account, region }: Tenant, groupArn: string): string => JSON.stringify([account, region, groupArn])
