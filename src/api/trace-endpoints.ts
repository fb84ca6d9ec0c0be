import type { Groups } from '../control/groups.ts'
import type { Logic } from '../filter/ast.ts'
import type { FilterRead } from '../filter/filter-error.ts'
import type { ExtendedField, ResolvedExtendedExpr } from '../filter/extended-ast.ts'
import { readEntityId, readTraceId, type TraceId } from '../model/ids.ts'
import { outlineTrace, type OutlinedEntity, type OutlinedTrace } from '../model/outline/outlined-trace.ts'
import type { Tenant } from '../model/tenant.ts'
import type { Trace } from '../model/trace.ts'
import { findByFilter, findText } from '../query/find-in-trace.ts'
import type { TraceSearches } from '../query/searches.ts'
import type { TraceQueries } from '../query/traces.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import { headerText, jsonResponse, type HttpResponse } from '../wire/aws/http-message.ts'
import type { FindAnswer, SegmentAnswer } from '../wire/own/outline.ts'
import type { TracePercentile } from '../wire/own/traces.ts'
import { writeDocument, writeSubsegment } from '../wire/xray/write-document.ts'
import { OWN_HEADERS, textParameter, type OwnEndpoint, type OwnPaths } from './own-endpoints.ts'
import { filterResponse } from './search-answers.ts'
import { filterParameter, tenantParameters } from './search-parameters.ts'
import { writeTraceOutline } from './write-trace-outline.ts'

/** What the endpoints of one trace need of the rest of the program. */
export type TraceServices = {
  readonly queries: Pick<TraceQueries, 'traces'>
  readonly searches: Pick<TraceSearches, 'rank'>
  readonly groups: Pick<Groups, 'find'>
  /** Whose traces they are when nobody says. */
  readonly defaultTenant: Tenant
  /** A trace of so many bytes takes no more documents. */
  readonly limitBytes: number
  /** Epoch milliseconds. */
  readonly clock: () => number
}

const PATH = /^\/api\/traces\/([^/]+)\/(?:(outline|find|percentile)|segments\/([^/]+))$/

/** The paths by which the console shows one trace. docs/own-api.md describes them. */
export function createTraceEndpoints(services: TraceServices): OwnPaths {
  return (path) => {
    const [, id, page, segment] = PATH.exec(path) ?? []
    if (id === undefined) return undefined
    if (segment !== undefined) {
      return { pattern: '/api/traces/{id}/segments/{segment}', endpoint: showSegment(services, id, segment) }
    }
    if (page === 'percentile') {
      return { pattern: '/api/traces/{id}/percentile', endpoint: percentile(services, id) }
    }
    return page === 'find'
      ? { pattern: '/api/traces/{id}/find', endpoint: find(services, id) }
      : { pattern: '/api/traces/{id}/outline', endpoint: outline(services, id) }
  }
}

function outline(services: TraceServices, id: string): OwnEndpoint {
  return async (query, requestId, signal, headers) => {
    const trace = await readTrace(services, id, query, signal)
    // Weak: what clocks make of the trace may differ.
    const tag = `W/"${trace.revision}"`
    if (isKnown(headerText(headers, 'if-none-match'), tag)) {
      return { status: 304, headers: { ...OWN_HEADERS, ETag: tag, 'x-amzn-RequestId': requestId }, body: '' }
    }
    const context = { nowSeconds: services.clock() / 1000, limitBytes: services.limitBytes }
    const body = JSON.stringify(writeTraceOutline(outlineTrace(trace), context))
    return jsonResponse(200, requestId, body, { ...OWN_HEADERS, ETag: tag })
  }
}

function showSegment(services: TraceServices, id: string, segment: string): OwnEndpoint {
  return async (query, requestId, signal) => {
    const segmentId =
      readEntityId(segment) ?? fail('InvalidRequestException', 'The segment must be named by 16 hex digits')
    const trace = await readTrace(services, id, query, signal)
    const { entities } = outlineTrace(trace)
    const sameId = entities.filter(({ entity }) => entity.id === segmentId)
    // As everywhere, an id means a subsegment rather than a segment (spec/ingest §3.1).
    const shown = sameId.find(({ kind }) => kind === 'subsegment') ?? sameId[0]
    if (shown === undefined) {
      return fail('ResourceNotFoundException', `There is no segment ${segmentId} in trace ${trace.id}`)
    }
    const answer: SegmentAnswer = { document: documentOf(trace, shown), documentId: shown.document.entity.id }
    return json(requestId, answer)
  }
}

function documentOf({ id }: Trace, { entity, document }: OutlinedEntity): string {
  const alone = { ...entity, subsegments: [] }
  return document.entity === entity ? writeDocument(id, { ...document, entity: alone }) : writeSubsegment(alone)
}

function find(services: TraceServices, id: string): OwnEndpoint {
  return async (query, requestId, signal) => {
    const text = textParameter(query, 'text')
    const filter = textParameter(query, 'filter')
    if ((text === undefined) === (filter === undefined)) {
      fail('InvalidRequestException', 'Either text or filter is required')
    }
    const read = text === undefined ? readFilter(services, query) : undefined
    if (read?.ok === false) return filterResponse(read.error, requestId)
    const trace = await readTrace(services, id, query, signal)
    const outlined = outlineTrace(trace)
    const matches =
      text === undefined ? matchesOf(outlined, read?.value, services.clock() / 1000) : findText(outlined, text)
    const answer: FindAnswer = { revision: trace.revision, matches }
    return json(requestId, answer)
  }
}

type EntityFilter = ResolvedExtendedExpr | Logic<ExtendedField>

/** Blank text is no filter, and finds everything. */
function matchesOf(
  outlined: OutlinedTrace,
  filter: EntityFilter | undefined,
  nowSeconds: number,
): FindAnswer['matches'] {
  return filter === undefined ? [...outlined.entities.keys()] : findByFilter(outlined, filter, nowSeconds)
}

/** A filter for traces, or what may stand in the braces of `service()`, which knows more words, such as `name`. */
function readFilter(
  { groups, defaultTenant }: TraceServices,
  query: URLSearchParams,
): FilterRead<EntityFilter> | undefined {
  const tenant = tenantParameters(query, defaultTenant)
  const read = filterParameter(query, groups, tenant)
  if (read === undefined) return undefined
  if (read.ok) return { ok: true, value: read.value.filter.expression }
  const inBraces = new URLSearchParams(query)
  inBraces.set('filter', `service() { ${query.get('filter') ?? ''} }`)
  const body = filterParameter(inBraces, groups, tenant)
  const expression = body?.ok === true ? body.value.filter.expression : undefined
  return expression?.kind === 'service' && expression.body !== undefined ? { ok: true, value: expression.body } : read
}

function percentile({ searches, defaultTenant }: TraceServices, given: string): OwnEndpoint {
  return async (query, requestId, signal) => {
    const tenant = tenantParameters(query, defaultTenant)
    const id = readId(given)
    const rank = (await searches.rank(tenant, id, signal)) ?? failUnknown(id)
    const answer: TracePercentile = {
      ...rank.kind,
      from: rank.fromSeconds,
      to: rank.toSeconds,
      compared: rank.compared,
      shorter: rank.shorter,
      complete: rank.isComplete,
    }
    return json(requestId, answer)
  }
}

async function readTrace(
  { queries, defaultTenant }: TraceServices,
  given: string,
  query: URLSearchParams,
  signal: AbortSignal,
): Promise<Trace> {
  const tenant = tenantParameters(query, defaultTenant)
  const id = readId(given)
  const [trace] = await queries.traces(tenant, [id], signal)
  return trace ?? failUnknown(id)
}

const readId = (given: string): TraceId =>
  readTraceId(given) ?? fail('InvalidRequestException', 'This is no trace id: it is 1-8hex-24hex, or 32 hex')

const failUnknown = (id: TraceId): never => fail('ResourceNotFoundException', `There is no trace ${id}`)

/** Whether `If-None-Match` names this tag, weak or not. */
function isKnown(known: string | undefined, tag: string): boolean {
  const bare = (one: string): string => one.trim().replace(/^W\//, '')
  return known?.split(',').some((one) => one.trim() === '*' || bare(one) === bare(tag)) ?? false
}

function json(requestId: string, body: object): HttpResponse {
  return jsonResponse(200, requestId, JSON.stringify(body), OWN_HEADERS)
}
