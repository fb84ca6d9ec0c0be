import { queryOptions, type QueryClient } from '@tanstack/react-query'
import type { TraceOutline } from '../../wire/own/outline.ts'
import { askFor, AskError } from './ask.ts'

/** How often the outline of a trace that goes on is asked for again. */
const OUTLINE_POLL_MS = 5_000

/** An outline as it was received, and what the server calls this state of it. */
export type OutlineAnswer = {
  readonly outline: TraceOutline
  /** The `ETag`; the server sends the outline again only when it has another. */
  readonly etag: string | undefined
}

const keyOf = (traceId: string) => ['outline', traceId] as const

/**
 * `GET /api/traces/{id}/outline` (docs/own-api.md). A trace that goes on is asked for every five seconds, and sent only
 * when it has changed; the outline stays the same object until then.
 */
export function outlineQuery(traceId: string) {
  return queryOptions({
    queryKey: keyOf(traceId),
    queryFn: ({ signal, client }) => fetchOutline(traceId, signal, client),
    // Columns of 50,000 numbers are not worth comparing; another answer is another trace to draw.
    structuralSharing: false,
    staleTime: 30_000,
    refetchInterval: ({ state }) => (state.data?.outline.inProgress === true ? OUTLINE_POLL_MS : false),
  })
}

async function fetchOutline(traceId: string, signal: AbortSignal, client: QueryClient): Promise<OutlineAnswer> {
  const known = client.getQueryData<OutlineAnswer>(keyOf(traceId))
  const headers = known?.etag === undefined ? {} : { 'if-none-match': known.etag }
  try {
    const response = await askFor(`api/traces/${traceId}/outline`, {}, { signal, headers, cache: 'no-store' })
    const outline = (await response.json()) as TraceOutline
    return { outline, etag: response.headers.get('etag') ?? undefined }
  } catch (error) {
    if (known !== undefined && error instanceof AskError && error.status === 304) return known
    throw error
  }
}
