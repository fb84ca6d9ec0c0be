import { queryOptions } from '@tanstack/react-query'
import type { TracePercentile } from '../../wire/own/traces.ts'
import { ask } from './ask.ts'

/** `GET /api/traces/{id}/percentile` (docs/own-api.md). Nothing is missing without it, so that a failure is not told. */
export function percentileQuery(traceId: string) {
  return queryOptions({
    queryKey: ['percentile', traceId],
    queryFn: ({ signal }) => ask<TracePercentile>(`api/traces/${traceId}/percentile`, {}, { signal }),
    staleTime: Infinity,
    retry: false,
  })
}
