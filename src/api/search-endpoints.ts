import type { Groups } from '../control/groups.ts'
import { readTraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'
import type { CompletionKind, SearchEvent, SearchOrder, TraceSearches } from '../query/searches.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import type { HttpResponse } from '../wire/aws/http-message.ts'
import { jsonResponse } from '../wire/aws/http-message.ts'
import { integerParameter, OWN_HEADERS, textParameter, type OwnEndpoint, type OwnEndpoints } from './own-endpoints.ts'
import {
  filterResponse,
  linesResponse,
  writeEvents,
  writeExplainedTrace,
  writeExplainedWindow,
  writeFailure,
} from './search-answers.ts'
import {
  choiceParameter,
  filterParameter,
  spanParameters,
  tenantParameters,
  windowParameters,
} from './search-parameters.ts'

/** What searches need of the rest of the program. */
export type SearchServices = {
  readonly searches: TraceSearches
  readonly groups: Pick<Groups, 'find'>
  /** Whose traces are searched when nobody says. */
  readonly defaultTenant: Tenant
  /** Epoch milliseconds. */
  readonly clock: () => number
  readonly log: { error(fields: object, message: string): void }
}

const DEFAULT_SEARCH_SECONDS = 15 * 60
const DEFAULT_COMPLETION_SECONDS = 60 * 60

const SEARCH_LIMIT = { usual: 1_000, max: 1_000_000 }
/** Of orders that hold what they answer in memory. */
const MAX_SORTED = 5_000
const EXPLAIN_LIMIT = { usual: 1_000, max: 20_000 }
const COMPLETION_LIMIT = { usual: 20, max: 1_000 }

const ORDERS: Readonly<Record<string, SearchOrder>> = { start: 'start', duration: 'duration', segments: 'segments' }

const KINDS: Readonly<Record<string, CompletionKind>> = {
  service: 'service',
  'annotation-key': 'annotation-key',
  'annotation-value': 'annotation-value',
  url: 'url',
  user: 'user',
}

/** The paths by which console and command line search. docs/own-api.md describes them. */
export function createSearchEndpoints(services: SearchServices): OwnEndpoints {
  return new Map<string, OwnEndpoint>([
    ['/api/traces', async (query, id, signal) => search(services, query, id, signal)],
    ['/api/traces/explain', async (query, id, signal) => explain(services, query, id, signal)],
    ['/api/complete', async (query, id, signal) => complete(services, query, id, signal)],
  ])
}

async function search(
  services: SearchServices,
  query: URLSearchParams,
  requestId: string,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const tenant = tenantParameters(query, services.defaultTenant)
  const window = windowParameters(query, services.clock() / 1000, DEFAULT_SEARCH_SECONDS)
  const sort = choiceParameter(query, 'sort', ORDERS) ?? 'start'
  const max = sort === 'start' ? SEARCH_LIMIT.max : MAX_SORTED
  const limit = integerParameter(query, 'limit', 1, max) ?? SEARCH_LIMIT.usual
  const read = filterParameter(query, services.groups, tenant)
  if (read?.ok === false) return filterResponse(read.error, requestId)
  const filter = read === undefined ? {} : { filter: read.value.filter }
  const events = await services.searches.search(tenant, { ...window, ...filter, sort, limit }, signal)
  return linesResponse(requestId, lines(events, services, requestId, signal))
}

/** The answer has begun, so that it is too late for a status: an error becomes the last line. */
async function* lines(
  events: AsyncIterable<readonly SearchEvent[]>,
  { log }: SearchServices,
  requestId: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  try {
    for await (const some of events) yield writeEvents(some)
  } catch (error) {
    // When the client has gone, what was given up for it is no fault.
    if (signal.aborted) return
    log.error({ err: error, requestId }, 'a search failed')
    yield writeFailure('The search failed because of an internal error', requestId)
  }
}

async function explain(
  services: SearchServices,
  query: URLSearchParams,
  requestId: string,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const tenant = tenantParameters(query, services.defaultTenant)
  const window = windowParameters(query, services.clock() / 1000, DEFAULT_SEARCH_SECONDS)
  const limit = integerParameter(query, 'limit', 1, EXPLAIN_LIMIT.max) ?? EXPLAIN_LIMIT.usual
  const given = textParameter(query, 'trace')
  const id = given === undefined ? undefined : readTraceId(given)
  if (given !== undefined && id === undefined) fail('InvalidRequestException', 'trace must be a trace id')
  const read = filterParameter(query, services.groups, tenant)
  if (read === undefined) return fail('InvalidRequestException', 'filter is required')
  if (!read.ok) return filterResponse(read.error, requestId)
  const { question } = read.value
  if (id === undefined) {
    const explained = await services.searches.explainWindow(tenant, { ...window, ...question, limit }, signal)
    return json(requestId, writeExplainedWindow(explained))
  }
  const explained = await services.searches.explainTrace(tenant, { ...question, id }, signal)
  if (explained === undefined) return fail('ResourceNotFoundException', `There is no trace ${id}`)
  return json(requestId, writeExplainedTrace(explained))
}

async function complete(
  services: SearchServices,
  query: URLSearchParams,
  requestId: string,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const tenant = tenantParameters(query, services.defaultTenant)
  const span = spanParameters(query, services.clock() / 1000, DEFAULT_COMPLETION_SECONDS)
  const kind = choiceParameter(query, 'kind', KINDS) ?? fail('InvalidRequestException', 'kind is required')
  const key = textParameter(query, 'key')
  if (kind === 'annotation-value' && key === undefined) fail('InvalidRequestException', 'key is required')
  const limit = integerParameter(query, 'limit', 1, COMPLETION_LIMIT.max) ?? COMPLETION_LIMIT.usual
  const prefix = query.get('prefix') ?? ''
  const values = await services.searches.complete(
    tenant,
    { ...span, kind, prefix, limit, ...(key === undefined ? {} : { key }) },
    signal,
  )
  return json(requestId, { values })
}

function json(requestId: string, body: object): HttpResponse {
  return jsonResponse(200, requestId, JSON.stringify(body), OWN_HEADERS)
}
