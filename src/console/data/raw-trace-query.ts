import { queryOptions } from '@tanstack/react-query'
import { askFor } from './ask.ts'

/**
 * A whole trace as `BatchGetTraces` answers it (`POST /Traces`), as text, so that numbers keep their digits: all its
 * pages, one after another.
 */
export function rawTraceQuery(traceId: string, revision: number) {
  return queryOptions({
    queryKey: ['raw-trace', traceId, revision],
    queryFn: async ({ signal }) => {
      const body = JSON.stringify({ TraceIds: [traceId] })
      const headers = { 'content-type': 'application/json' }
      const response = await askFor('Traces', {}, { method: 'POST', body, headers, signal })
      return response.text()
    },
    staleTime: Infinity,
    gcTime: 30_000,
    structuralSharing: false,
  })
}
