import type { ServiceId } from '../summary.ts'
import type { TraceIndex } from '../trace-index.ts'
import type { GraphWindow } from './add-trace.ts'
import { emptyCallCounts, mergeCallCounts, totalCount, type CallCounts } from './call-counts.ts'
import type { GraphAccumulator } from './graph-accumulator.ts'
import { graphsByPeriod, namesOf } from './service-graph.ts'

/** Whether a node is meant. Its names include those that callers use within the window. */
export type ServiceTest = (service: ServiceId) => boolean

/** What a series counts (spec/query §3.8). */
export type SeriesSelector =
  /** Requests of clients: the calls of roots. */
  | { readonly kind: 'requests' }
  /** What all matching nodes answered. */
  | { readonly kind: 'service'; readonly matches: ServiceTest }
  /** The calls, and the events, along all matching edges. */
  | { readonly kind: 'edge'; readonly from: ServiceTest; readonly to: ServiceTest }

/** One bucket of a series. */
export type SeriesEntry = {
  /** Epoch second at which it starts, a multiple of the period. */
  readonly startSeconds: number
  /** Whose view the counts are: that of callers, or of services. */
  readonly kind: 'edge' | 'service'
  readonly counts: CallCounts
}

/** The series of a selection of traces, straight from them (spec/query §3.8). */
export function timeSeries(
  indexes: readonly TraceIndex[],
  window: GraphWindow,
  periodSeconds: number,
  selector: SeriesSelector,
): readonly SeriesEntry[] {
  return seriesOf(graphsByPeriod(indexes, periodSeconds, window), periodSeconds, selector)
}

/**
 * The series of what was counted for periods (`addTraceByPeriod`), such as minutes, by the second at which each starts.
 * The period of the series is a multiple of theirs. Buckets in which nothing was counted are left out; ascending.
 */
export function seriesOf(
  graphs: ReadonlyMap<number, GraphAccumulator>,
  periodSeconds: number,
  selector: SeriesSelector,
): readonly SeriesEntry[] {
  const select = selection([...graphs.values()], selector)
  const buckets = new Map<number, CallCounts>()
  for (const [graphStart, graph] of graphs) {
    const start = Math.floor(graphStart / periodSeconds) * periodSeconds
    const bucket = buckets.get(start) ?? emptyCallCounts()
    buckets.set(start, bucket)
    for (const counts of select(graph)) mergeCallCounts(bucket, counts)
  }
  const kind = selector.kind === 'service' ? 'service' : 'edge'
  return [...buckets]
    .filter(([, counts]) => totalCount(counts) > 0)
    .toSorted(([a], [b]) => a - b)
    .map(([startSeconds, counts]) => ({ startSeconds, kind, counts }))
}

type Select = (graph: GraphAccumulator) => Iterable<CallCounts>

/** Nodes are matched once for all periods, by the names that they have in any. */
function selection(graphs: readonly GraphAccumulator[], selector: SeriesSelector): Select {
  if (selector.kind === 'requests') return clientCalls
  const services = new Map<string, ServiceId>()
  for (const { nodes } of graphs) for (const { key, service } of nodes.values()) services.set(key, service)
  const names = namesOf(graphs)
  const matching = (test: ServiceTest): ReadonlySet<string> =>
    new Set(
      [...services]
        .filter(([key, service]) => test({ ...service, names: names.get(key) ?? service.names }))
        .map(([key]) => key),
    )
  if (selector.kind === 'service') {
    const keys = matching(selector.matches)
    return ({ nodes }) => [...keys].flatMap((key) => nodes.get(key)?.requests ?? [])
  }
  const from = matching(selector.from)
  const to = matching(selector.to)
  return ({ edges }) =>
    [...edges.values()].filter((edge) => from.has(edge.from) && to.has(edge.to)).map(({ calls }) => calls)
}

function clientCalls({ nodes, edges }: GraphAccumulator): readonly CallCounts[] {
  return [...edges.values()]
    .filter(({ from }) => {
      const node = nodes.get(from)
      return node?.service.type === 'client' && !node.hasSegments
    })
    .map(({ calls }) => calls)
}
