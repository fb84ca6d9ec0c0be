import type { GraphWindow } from '../model/graph/add-trace.ts'
import type { GraphAccumulator } from '../model/graph/graph-accumulator.ts'
import type { ServiceGraph } from '../model/graph/service-graph.ts'
import type { TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'
import type { TraceFilter } from './traces.ts'

/** What a graph is about. */
export type GraphQuery = {
  /** What lies outside is not counted. */
  readonly window: GraphWindow
  /** Only what these traces have; absent, all. */
  readonly filter?: TraceFilter
}

/** Many traces as one (spec/query §3). Every answer sees every document that was acknowledged before the question. */
export interface GraphQueries {
  /** The graph of what happened in a window (spec/query §3.6). */
  serviceGraph(tenant: Tenant, query: GraphQuery, signal?: AbortSignal): Promise<ServiceGraph>
  /** The graph of these traces, whenever they were; those that do not exist add nothing (spec/query §3.7). */
  traceGraph(tenant: Tenant, ids: readonly TraceId[], signal?: AbortSignal): Promise<ServiceGraph>
  /**
   * What was counted in each period of a window, by the second at which it starts: a multiple of its length. The whole
   * minutes that it has in the window (spec/query §3.8).
   */
  periods(
    tenant: Tenant,
    query: GraphQuery & { readonly periodSeconds: number },
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<number, GraphAccumulator>>
}
