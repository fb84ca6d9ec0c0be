import { queryOptions } from '@tanstack/react-query'
import type { FindAnswer } from '../../wire/own/outline.ts'
import { ask } from './ask.ts'

/** What to look for in a trace: words in anything it says, or a filter expression. */
export type FindWhat = { readonly kind: 'text' | 'filter'; readonly text: string }

/** `GET /api/traces/{id}/find`: the positions that match in the outline of that revision. */
export function findQuery(traceId: string, what: FindWhat, revision: number) {
  const parameters = what.kind === 'text' ? { text: what.text } : { filter: what.text, dialect: 'extended' }
  return queryOptions({
    queryKey: ['find', traceId, revision, what.kind, what.text],
    queryFn: ({ signal }) => ask<FindAnswer>(`api/traces/${traceId}/find`, parameters, { signal }),
    enabled: what.text !== '',
    staleTime: Infinity,
    gcTime: 60_000,
    structuralSharing: false,
    retry: false,
  })
}
