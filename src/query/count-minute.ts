import { addTrace } from '../model/graph/add-trace.ts'
import { emptyGraph, type GraphAccumulator } from '../model/graph/graph-accumulator.ts'
import type { Tenant } from '../model/tenant.ts'
import { activeTraces } from './active-traces.ts'
import type { TraceQueriesContext } from './create-trace-queries.ts'
import { findProducers } from './find-producers.ts'
import { createTraceReader } from './read-traces.ts'

/** What happened in a minute, of all traces. */
export type CountedMinute = {
  readonly graph: GraphAccumulator
  /**
   * Whether it depends on nothing but the traces that were active in it. What was received of other traces changes when
   * these do, and nothing leads from them to this minute.
   */
  readonly isExact: boolean
}

/** Counts the minute that starts at a second, of the rows there are. `pause` is awaited between small batches. */
export type CountMinute = (
  tenant: Tenant,
  startSeconds: number,
  pause: () => Promise<void>,
  signal: AbortSignal,
) => Promise<CountedMinute>

/** Small, since callers wait for it that did not ask for it. */
const BATCH = 100

/** Counts minutes, to be kept. */
export function createMinuteCounter(
  context: Pick<TraceQueriesContext, 'store' | 'readDocument' | 'readOutline' | 'now'>,
): CountMinute {
  const reader = createTraceReader(context)
  return async (tenant, startSeconds, pause, signal) => {
    const window = { startSeconds, endSeconds: startSeconds + 60 }
    const parts = { store: context.store, reader, nowSeconds: context.now(), batch: BATCH, pause }
    const graph = emptyGraph()
    let isExact = true
    for await (const batch of activeTraces(parts, tenant, { window }, signal)) {
      const { producerOf, consumers } = await findProducers(reader, tenant, batch, signal)
      if (consumers.size > 0) isExact = false
      for (const index of batch) addTrace(graph, index, { window, producerOf })
    }
    return { graph, isExact }
  }
}
