import { setImmediate as nextTurn } from 'node:timers/promises'
import { graphValues } from '../model/graph/graph-accumulator.ts'
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

/** How much is read at a time: few questions where little happens, little in memory where much does. */
const CHUNK_SECONDS = { first: 3_600, least: 600, most: 6 * 3_600 }
/** Values of graphs (`graphValues`) of a chunk below which the next one is twice as long, and above which it is half. */
const FEW_VALUES = 50_000
const MANY_VALUES = 400_000

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
  let chunkSeconds = CHUNK_SECONDS.first
  for (let startSeconds = fromSeconds; startSeconds < toSeconds;) {
    signal.throwIfAborted()
    const endSeconds = Math.min(startSeconds + chunkSeconds, toSeconds)
    const query = {
      window: { startSeconds, endSeconds },
      periodSeconds: 60,
      ...(filter === undefined ? {} : { filter }),
    }
    const periods = await graphs.periods(tenant, query, signal)
    const minutes: InsightMinute[] = []
    let values = 0
    for (let start = startSeconds; start < endSeconds; start += 60) {
      const graph = periods.get(start)
      minutes.push(graph === undefined ? emptyMinute(start) : minuteOfGraph(start, graph))
      if (graph === undefined) continue
      values += graphValues(graph)
      await nextTurn()
    }
    if (values < FEW_VALUES) chunkSeconds = Math.min(CHUNK_SECONDS.most, chunkSeconds * 2)
    if (values > MANY_VALUES) chunkSeconds = Math.max(CHUNK_SECONDS.least, Math.floor(chunkSeconds / 120) * 60)
    yield minutes
    startSeconds = endSeconds
    await nextTurn()
  }
}
