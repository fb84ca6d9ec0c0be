import { topologyHash } from '../model/graph/topology-hash.ts'
import type { ServiceGraph } from '../model/graph/service-graph.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import { readPageToken, writePageToken } from '../wire/aws/page-token.ts'
import { keepWritten } from '../wire/aws/written-json.ts'
import type { Wire } from '../wire/xray/shapes.generated.ts'
import { writeServices } from '../wire/xray/write-graph.ts'

/** What a page is part of. */
export type ServicePage = {
  /** Everything that all pages have in common. */
  readonly parameters: readonly unknown[]
  readonly token: string | undefined
  readonly nowSeconds: number
  /** Makes the graph, where it is not known from the page before. */
  readonly make: () => Promise<ServiceGraph>
}

/** Cuts graphs into pages. */
export type ServicePages = (page: ServicePage) => Promise<{
  readonly Services: readonly Wire['Service'][]
  readonly NextToken?: string
}>

/** Services on a page (spec/query §3.6). */
export const SERVICE_PAGE_SIZE = 1_000

/** Graphs of more than a page that are kept for their next page, and how long. */
const MAX_KEPT = 4
const KEPT_SECONDS = 300

type Kept = { readonly graph: ServiceGraph; readonly sinceSeconds: number }

/**
 * Pages of graphs. The edges of a page refer to nodes of other pages by their positions, so all pages have to be of
 * graphs with the same nodes: a graph is kept for a while for its next page. Without it, it is made again, and a token
 * is refused when the graph has another shape by then.
 */
export function createServicePages(pageSize = SERVICE_PAGE_SIZE): ServicePages {
  const kept = new Map<string, Kept>()
  /** Of graphs on one page: who looks at a map asks for the same one again and again. */
  const whole = new WeakMap<ServiceGraph, readonly Wire['Service'][]>()

  return async ({ parameters, token, nowSeconds, make }) => {
    const position = token === undefined ? { timeSeconds: 0, id: '' } : readPageToken(token, parameters, nowSeconds)
    if (position === undefined) return fail('InvalidRequestException', 'Invalid NextToken')
    const list = JSON.stringify(parameters)
    const known = token === undefined ? undefined : kept.get(`${position.id} ${list}`)
    const isKnown = known !== undefined && nowSeconds - known.sinceSeconds < KEPT_SECONDS
    const graph = isKnown ? known.graph : await make()
    const from = position.timeSeconds
    const isWhole = token === undefined && graph.nodes.length <= pageSize
    const shape = isWhole ? '' : isKnown ? position.id : topologyHash(graph)
    if (token !== undefined && shape !== position.id) return fail('InvalidRequestException', 'Invalid NextToken')
    if (isWhole) {
      let services = whole.get(graph)
      if (services === undefined) whole.set(graph, (services = keepWritten(writeServices(graph))))
      return { Services: services }
    }
    const to = from + pageSize
    const Services = writeServices(graph, { from, to })
    if (to >= graph.nodes.length) return { Services }
    const key = `${shape} ${list}`
    kept.delete(key)
    kept.set(key, { graph, sinceSeconds: nowSeconds })
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_KEPT) break
      kept.delete(oldest)
    }
    return { Services, NextToken: writePageToken(parameters, { timeSeconds: to, id: shape }, nowSeconds) }
  }
}
