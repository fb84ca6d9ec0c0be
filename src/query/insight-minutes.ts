import { setImmediate as nextTurn } from 'node:timers/promises'
import { emptyMinute, minuteOfGraph, type InsightMinute } from '../model/insights/insight-minute.ts'
import type { Tenant } from '../model/tenant.ts'
import type { GraphQueries } from './graphs.ts'
import type { TraceFilter } from './traces.ts'

/** Which minutes, and of which traces. */
export type InsightMinutesQuery = {
  /** Multiples of 60. */
  readonly fromSeconds: number
  readonly toSeconds: number
  /** Absent, all traces. */
  readonly filter?: TraceFilter
}

/** So many minutes are in memory at a time. */
const CHUNK_SECONDS = 3_600
/** The same where each is counted from its traces: somebody who closes waits for less. */
const FILTERED_SECONDS = 600

/**
 * Every minute of a range, ascending, also those in which nothing was, in chunks: of all traces from the minutes that
 * are kept, of some of them counted from these. Other work is let in between two chunks, as it is within them.
 */
export async function* readInsightMinutes(
  graphs: Pick<GraphQueries, 'periods'>,
  tenant: Tenant,
  { fromSeconds, toSeconds, filter }: InsightMinutesQuery,
  signal: AbortSignal,
): AsyncGenerator<readonly InsightMinute[]> {
  const chunkSeconds = filter === undefined ? CHUNK_SECONDS : FILTERED_SECONDS
  for (let startSeconds = fromSeconds; startSeconds < toSeconds; startSeconds += chunkSeconds) {
    signal.throwIfAborted()
    const endSeconds = Math.min(startSeconds + chunkSeconds, toSeconds)
    const query = {
      window: { startSeconds, endSeconds },
      periodSeconds: 60,
      ...(filter === undefined ? {} : { filter }),
    }
    const periods = await graphs.periods(tenant, query, signal)
    const minutes: InsightMinute[] = []
    for (let start = startSeconds; start < endSeconds; start += 60) {
      const graph = periods.get(start)
      minutes.push(graph === undefined ? emptyMinute(start) : minuteOfGraph(start, graph))
    }
    yield minutes
    await nextTurn()
  }
}
