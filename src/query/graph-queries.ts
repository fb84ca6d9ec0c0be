import { addTrace, addTraceByPeriod } from '../model/graph/add-trace.ts'
import { emptyGraph, mergeInto, type GraphAccumulator } from '../model/graph/graph-accumulator.ts'
import { finishGraph, serviceGraph, type ServiceGraph } from '../model/graph/service-graph.ts'
import { indexTrace } from '../model/trace-index.ts'
import { collectGraph, type GraphQueriesContext, type GraphSum } from './collect-graph.ts'
import type { GraphQueries } from './graphs.ts'
import { createKeptGraphs } from './kept-graphs.ts'
import { LinkedMinutes } from './linked-minutes.ts'
import { createTraceReader } from './read-traces.ts'

/**
 * Graphs and series from a store, of any engine: from the minutes that are kept, and where those are not current, or a
 * filter leaves some traces out, counted from the traces.
 */
export function createGraphQueries(context: GraphQueriesContext): GraphQueries {
  const { freshen, freshenTraces = freshen, minutes } = context
  const reader = createTraceReader(context)
  const readKept = minutes && createKeptGraphs(minutes)
  const linked = new LinkedMinutes()
  const finished = new WeakMap<GraphAccumulator, ServiceGraph>()

  /** Of what is kept and not changed any more: the same graph each time. */
  const finishKept = (kept: GraphAccumulator): ServiceGraph => {
    const known = finished.get(kept) ?? finishGraph(kept)
    finished.set(kept, known)
    return known
  }

  return {
    async serviceGraph(tenant, query, signal) {
      const graph = emptyGraph()
      let keptGraph: GraphAccumulator | undefined
      const sum: GraphSum = {
        async addKept({ kept, touched }) {
          keptGraph = await readKept?.(tenant, kept, touched, signal)
        },
        addMinute: (_, minute) => void mergeInto(graph, minute),
        add: (index, options) => addTrace(graph, index, options),
      }
      await collectGraph(context, reader, tenant, query, sum, linked, signal)
      if (keptGraph === undefined) return finishGraph(graph)
      // What is kept is not copied for nothing.
      return graph.nodes.size === 0 ? finishKept(keptGraph) : finishGraph(mergeInto(graph, keptGraph))
    },

    async traceGraph(tenant, ids, signal) {
      await freshenTraces(ids)
      signal?.throwIfAborted()
      return serviceGraph(Array.from((await reader.outlined(tenant, ids, signal)).values(), indexTrace))
    },

    async periods(tenant, { periodSeconds, ...query }, signal) {
      const graphs = new Map<number, GraphAccumulator>()
      const addPart = (startSeconds: number, part: GraphAccumulator): void => {
        const start = Math.floor(startSeconds / periodSeconds) * periodSeconds
        graphs.set(start, mergeInto(graphs.get(start) ?? emptyGraph(), part))
      }
      const sum: GraphSum = {
        async addKept({ kept }) {
          const parts = (await minutes?.read(tenant, kept, periodSeconds, signal)) ?? []
          for (const [start, part] of parts) addPart(start, part)
        },
        addMinute: addPart,
        add: (index, options) => addTraceByPeriod(graphs, index, periodSeconds, options),
      }
      await collectGraph(context, reader, tenant, query, sum, linked, signal)
      return graphs
    },
  }
}
