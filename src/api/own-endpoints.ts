import type { CollectorReport } from '../ingest/collectors.ts'
import type { ReadRejected, RejectedQuery } from '../ingest/rejected-document.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import type { HttpResponse, RequestHeaders } from '../wire/aws/http-message.ts'
import { jsonResponse } from '../wire/aws/http-message.ts'

/**
 * A GET of a path that is Radiograph's own. It rejects with a `ServiceError` that the caller is to see. The signal
 * aborts when the client has gone.
 */
export type OwnEndpoint = (
  query: URLSearchParams,
  requestId: string,
  signal: AbortSignal,
  headers: RequestHeaders,
) => Promise<HttpResponse>

/** Radiograph's own paths beside the X-Ray API. They are read with GET, as operations are called with POST. */
export type OwnEndpoints = ReadonlyMap<string, OwnEndpoint>

/** The same for paths that have an id in them, and the name that they are counted under, whatever the id. */
export type OwnPaths = (path: string) => { readonly pattern: string; readonly endpoint: OwnEndpoint } | undefined

/** What the endpoints show. */
export type OwnServices = {
  /** Why the server is not ready to take and to show documents; nothing when it is. Never rejects. */
  readonly unreadyReasons: () => Promise<readonly string[]>
  /** Prometheus' text format, and its media type. */
  readonly metrics: { readonly contentType: string; readonly text: () => Promise<string> }
  readonly rejected: {
    readonly read: ReadRejected
    /** How many rejections were not logged since the start. */
    readonly dropped: number
  }
  readonly collectors: () => readonly CollectorReport[]
}

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1000

/** Answers show the present, and what senders wrote: no cache keeps them, and no browser guesses what they are. */
export const OWN_HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }

/** The table of paths. docs/operations.md describes them. */
export function createOwnEndpoints(services: OwnServices): OwnEndpoints {
  return new Map<string, OwnEndpoint>([
    ['/healthz', async (_, id) => json(200, id, { status: 'ok' })],
    [
      '/readyz',
      async (_, id) => {
        const reasons = await services.unreadyReasons()
        return json(reasons.length === 0 ? 200 : 503, id, { ready: reasons.length === 0, reasons })
      },
    ],
    [
      '/metrics',
      async (_, id) => {
        const headers = { ...OWN_HEADERS, 'Content-Type': services.metrics.contentType }
        return jsonResponse(200, id, await services.metrics.text(), headers)
      },
    ],
    [
      '/api/rejected',
      async (query, id) => {
        const page = await services.rejected.read(readRejectedQuery(query))
        return json(200, id, { ...page, dropped: services.rejected.dropped })
      },
    ],
    ['/api/collectors', async (_, id) => json(200, id, { collectors: services.collectors() })],
  ])
}

function json(status: number, requestId: string, body: object): HttpResponse {
  return jsonResponse(status, requestId, JSON.stringify(body), OWN_HEADERS)
}

function readRejectedQuery(query: URLSearchParams): RejectedQuery {
  const code = textParameter(query, 'code')
  const before = integerParameter(query, 'before', 1, Number.MAX_SAFE_INTEGER)
  const since = textParameter(query, 'since')
  return {
    limit: integerParameter(query, 'limit', 1, MAX_LIMIT) ?? DEFAULT_LIMIT,
    ...(before === undefined ? {} : { before }),
    ...(code === undefined ? {} : { code }),
    ...(since === undefined ? {} : { sinceMs: readTimeMs(since) }),
  }
}

/** A parameter that is there and not empty. */
export function textParameter(query: URLSearchParams, name: string): string | undefined {
  return query.get(name) || undefined
}

/** A parameter that is a whole number in these bounds; anything else is refused. */
export function integerParameter(query: URLSearchParams, name: string, min: number, max: number): number | undefined {
  const given = textParameter(query, name)
  if (given === undefined) return undefined
  const value = /^\d+$/.test(given) ? Number(given) : Number.NaN
  if (value >= min && value <= max) return value
  return fail('InvalidRequestException', `${name} must be an integer from ${min} to ${max}`)
}

/** Epoch seconds, as everywhere in the X-Ray API, or a date. */
function readTimeMs(since: string): number {
  const timeMs = /^\d+(\.\d+)?$/.test(since) ? Number(since) * 1000 : Date.parse(since)
  if (Number.isFinite(timeMs)) return timeMs
  return fail('InvalidRequestException', 'since must be epoch seconds or an ISO 8601 date')
}
