import { queryOptions } from '@tanstack/react-query'
import type { SegmentAnswer } from '../../wire/own/outline.ts'
import { ask } from './ask.ts'

/**
 * `GET /api/traces/{id}/segments/{segment}`: the text of one segment or subsegment, as it was when the trace had this
 * revision, so that what goes on is asked for again when more of it came.
 */
export function segmentQuery(traceId: string, segmentId: string, revision: number) {
  return queryOptions({
    queryKey: ['segment', traceId, segmentId, revision],
    queryFn: ({ signal }) => ask<SegmentAnswer>(`api/traces/${traceId}/segments/${segmentId}`, {}, { signal }),
    staleTime: Infinity,
    gcTime: 60_000,
  })
}
