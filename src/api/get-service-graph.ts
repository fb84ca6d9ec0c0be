import type { Groups } from '../control/groups.ts'
import type { GraphQueries } from '../query/graphs.ts'
import { graphParameters, readGroup, readWindow } from './graph-scope.ts'
import type { Handler } from './handler.ts'
import { createServicePages, SERVICE_PAGE_SIZE } from './service-pages.ts'

/**
 * The graph of what happened in a window, of all traces or of those of a group, a thousand services a page
 * (spec/query §3.6). Which group a trace belongs to is found out when it is asked for, by the expression that the group
 * has then, so no trace is ever of an older one.
 */
export function getServiceGraph(
  graphs: Pick<GraphQueries, 'serviceGraph'>,
  groups: Groups,
  pageSize = SERVICE_PAGE_SIZE,
): Handler<'GetServiceGraph'> {
  const pages = createServicePages(pageSize)
  return async (input, call) => {
    const window = readWindow(input)
    const filter = readGroup(groups, call.tenant, input)
    const query = filter === undefined ? { window } : { window, filter }
    const page = await pages({
      parameters: graphParameters('GetServiceGraph', input, call),
      token: input.NextToken,
      nowSeconds: call.nowSeconds,
      make: () => graphs.serviceGraph(call.tenant, query, call.signal),
    })
    return { StartTime: input.StartTime, EndTime: input.EndTime, ContainsOldGroupVersions: false, ...page }
  }
}
