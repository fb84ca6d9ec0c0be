import { readTraceId } from '../model/ids.ts'
import type { GraphQueries } from '../query/graphs.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import { graphParameters } from './graph-scope.ts'
import type { Handler } from './handler.ts'
import { createServicePages, SERVICE_PAGE_SIZE } from './service-pages.ts'

const MAX_IDS = 100

/** The graph of these very traces; ids that nothing is stored under add nothing (spec/query §3.7). */
export function getTraceGraph(
  graphs: Pick<GraphQueries, 'traceGraph'>,
  pageSize = SERVICE_PAGE_SIZE,
): Handler<'GetTraceGraph'> {
  const pages = createServicePages(pageSize)
  return async (input, call) => {
    checkCount(input.TraceIds.length)
    const ids = new Set(input.TraceIds.map(readTraceId).filter((id) => id !== undefined))
    return pages({
      parameters: graphParameters('GetTraceGraph', input, call),
      token: input.NextToken,
      nowSeconds: call.nowSeconds,
      make: () => graphs.traceGraph(call.tenant, [...ids], call.signal),
    })
  }
}

/** The model gives the list no bounds, the service does; the wording is that of bounds. */
function checkCount(count: number): void {
  if (count > 0 && count <= MAX_IDS) return
  const [value, bound] =
    count === 0 ? ['[]', 'greater than or equal to 1'] : [`[${count} elements]`, `less than or equal to ${MAX_IDS}`]
  const constraint = `Member must have length ${bound}`
  fail(
    'InvalidRequestException',
    `1 validation error detected: Value '${value}' at 'traceIds' failed to satisfy constraint: ${constraint}`,
  )
}
