import { addTrace, addTraceByPeriod, type AddTraceOptions } from '../model/graph/add-trace.ts'
import { emptyGraph, mergeInto, type GraphAccumulator } from '../model/graph/graph-accumulator.ts'
import { finishGraph, serviceGraph } from '../model/graph/service-graph.ts'
import type { Tenant } from '../model/tenant.ts'
import { indexTrace, type TraceIndex } from '../model/trace-index.ts'
import type { GraphMinutes } from '../store/graph-minutes.ts'
import { activeTraces } from './active-traces.ts'
import type { TraceQueriesContext } from './create-trace-queries.ts'
import { findProducers } from './find-producers.ts'
import type { GraphQueries, GraphQuery } from './graphs.ts'
import { createKeptGraphs } from './kept-graphs.ts'
import { createTraceReader } from './read-traces.ts'
import { splitWindow, wholeMinutes, type SplitWindow } from './split-window.ts'

/** What graphs need of the rest of the program. */
export type GraphQueriesContext = TraceQueriesContext & {
  /** What is kept of all traces by minutes; without it, all is counted when it is asked for. */
  readonly minutes?: GraphMinutes
}

type Add = (index: TraceIndex, options: AddTraceOptions) => void

/**
 * Graphs and series from a store, of any engine: from the minutes that are kept, and where those are not current, or a
 * filter leaves some traces out, counted from the outlines of the traces.
 */
export function createGraphQueries(context: GraphQueriesContext): GraphQueries {
  const { store, freshen, freshenRows, now, minutes } = context
  const reader = createTraceReader(context)
  const readKept = minutes && createKeptGraphs(minutes)

  /** Each trace of a query once, with what has to be known to count it. */
  const count = async (tenant: Tenant, query: GraphQuery, add: Add, signal?: AbortSignal): Promise<void> => {
    const { window } = query
    for await (const batch of activeTraces({ store, reader, nowSeconds: now() }, tenant, query, signal)) {
      const { producerOf } = await findProducers(reader, tenant, batch, signal)
      for (const index of batch) add(index, { window, producerOf })
    }
  }

  const split = async (tenant: Tenant, { window, filter }: GraphQuery, signal?: AbortSignal): Promise<SplitWindow> => {
    const whole = wholeMinutes(window)
    if (minutes === undefined || filter !== undefined || whole === undefined)
      return { kept: [], touched: [], rest: [window] }
    return splitWindow(window, await minutes.touched(tenant, whole, signal))
  }

  /** All of a window: what is kept of it, and each trace that has to be counted in the rest. */
  const collect = async (
    tenant: Tenant,
    query: GraphQuery,
    addKept: (split: SplitWindow) => Promise<void>,
    add: Add,
    signal?: AbortSignal,
  ): Promise<void> => {
    // Both: the rows tell which traces there are, and what is counted of them is read from their documents.
    await Promise.all([freshenRows(), freshen()])
    signal?.throwIfAborted()
    const parts = await split(tenant, query, signal)
    if (parts.touched.length > 0) await addKept(parts)
    for (const window of parts.rest) await count(tenant, { ...query, window }, add, signal)
  }

  return {
    async serviceGraph(tenant, query, signal) {
      const graph = emptyGraph()
      await collect(
        tenant,
        query,
        async ({ kept, touched }) => {
          if (readKept !== undefined) mergeInto(graph, await readKept(tenant, kept, touched, signal))
        },
        (index, options) => addTrace(graph, index, options),
        signal,
      )
      return finishGraph(graph)
    },

    async traceGraph(tenant, ids, signal) {
      await freshen()
      signal?.throwIfAborted()
      return serviceGraph(Array.from((await reader.outlined(tenant, ids, signal)).values(), indexTrace))
    },

    async periods(tenant, { periodSeconds, ...query }, signal) {
      const graphs = new Map<number, GraphAccumulator>()
      await collect(
        tenant,
        query,
        async ({ kept }) => {
          for (const [start, one] of (await minutes?.read(tenant, kept, periodSeconds, signal)) ?? [])
            graphs.set(start, one)
        },
        (index, options) => addTraceByPeriod(graphs, index, periodSeconds, options),
        signal,
      )
      return graphs
    },
  }
}
