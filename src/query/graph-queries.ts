import { addTrace, addTraceByPeriod, type AddTraceOptions } from '../model/graph/add-trace.ts'
import { emptyGraph, type GraphAccumulator } from '../model/graph/graph-accumulator.ts'
import { finishGraph, serviceGraph } from '../model/graph/service-graph.ts'
import type { Tenant } from '../model/tenant.ts'
import { indexTrace, type TraceIndex } from '../model/trace-index.ts'
import { activeTraces } from './active-traces.ts'
import type { TraceQueriesContext } from './create-trace-queries.ts'
import { findProducers } from './find-producers.ts'
import type { GraphQueries, GraphQuery } from './graphs.ts'
import { createTraceReader } from './read-traces.ts'

/** Graphs and series from a store, of any engine, counted from the outlines of its traces. */
export function createGraphQueries(context: TraceQueriesContext): GraphQueries {
  const { store, freshen, freshenRows, now } = context
  const reader = createTraceReader(context)

  /** Each trace of a query once, with what has to be known to count it. */
  const count = async (
    tenant: Tenant,
    query: GraphQuery,
    add: (index: TraceIndex, options: AddTraceOptions) => void,
    signal?: AbortSignal,
  ): Promise<void> => {
    // Both: the rows tell which traces there are, and what is counted of them is read from their documents.
    await Promise.all([freshenRows(), freshen()])
    signal?.throwIfAborted()
    const { window } = query
    for await (const batch of activeTraces({ store, reader, nowSeconds: now() }, tenant, query, signal)) {
      const producerOf = await findProducers(reader, tenant, batch, signal)
      for (const index of batch) add(index, { window, producerOf })
    }
  }

  return {
    async serviceGraph(tenant, query, signal) {
      const graph = emptyGraph()
      await count(tenant, query, (index, options) => addTrace(graph, index, options), signal)
      return finishGraph(graph)
    },

    async traceGraph(tenant, ids, signal) {
      await freshen()
      signal?.throwIfAborted()
      return serviceGraph(Array.from((await reader.outlined(tenant, ids, signal)).values(), indexTrace))
    },

    async periods(tenant, { periodSeconds, ...query }, signal) {
      const graphs = new Map<number, GraphAccumulator>()
      const add = (index: TraceIndex, options: AddTraceOptions): void =>
        addTraceByPeriod(graphs, index, periodSeconds, options)
      await count(tenant, query, add, signal)
      return graphs
    },
  }
}
