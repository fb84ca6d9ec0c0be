import type { Groups } from '../control/groups.ts'
import type { CallCounts } from '../model/graph/call-counts.ts'
import { edgeKey, type EdgeKind, type GraphAccumulator } from '../model/graph/graph-accumulator.ts'
import { neighbourhood } from '../model/graph/neighbourhood.ts'
import type { Tenant } from '../model/tenant.ts'
import type { GraphQueries, GraphQuery } from '../query/graphs.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import { type HttpResponse, jsonResponse } from '../wire/aws/http-message.ts'
import { writeOwnGraph, writeTrend } from './graph-answers.ts'
import { chosenTraces } from './chosen-traces.ts'
import { integerParameter, OWN_HEADERS, textParameter, type OwnEndpoint, type OwnEndpoints } from './own-endpoints.ts'
import { filterResponse } from './search-answers.ts'
import { choiceParameter, spanParameters, tenantParameters } from './search-parameters.ts'

/** What graphs need of the rest of the program. */
export type GraphServices = {
  readonly graphs: Pick<GraphQueries, 'serviceGraph' | 'periods'>
  readonly groups: Groups
  /** Whose graph it is when nobody says. */
  readonly defaultTenant: Tenant
  /** Epoch milliseconds. */
  readonly clock: () => number
}

const DEFAULT_SECONDS = 15 * 60
const MINUTE = 60
const DAY = 86_400
/** Where no period is given there are about so many points. */
const USUAL_POINTS = 120
const MAX_POINTS = 10_080
const MAX_STEPS = 100
const KINDS: Readonly<Record<string, EdgeKind>> = { call: 'call', link: 'link' }

/** The paths by which the console reads the service map. docs/own-api.md describes them. */
export function createGraphEndpoints(services: GraphServices): OwnEndpoints {
  return new Map<string, OwnEndpoint>([
    ['/api/graph', async (query, id, signal) => graph(services, query, id, signal)],
    ['/api/graph/trend', async (query, id, signal) => trend(services, query, id, signal)],
  ])
}

async function graph(
  services: GraphServices,
  query: URLSearchParams,
  requestId: string,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const scope = readScope(services, query)
  if (!scope.ok) return filterResponse(scope.error, requestId)
  const around = textParameter(query, 'around')
  const steps = integerParameter(query, 'steps', 1, MAX_STEPS) ?? 1
  const whole = await services.graphs.serviceGraph(scope.tenant, scope.query, signal)
  const shown = around === undefined ? whole : neighbourhood(whole, around, steps)
  return json(requestId, { ...writeWindow(scope.query), ...writeOwnGraph(shown) })
}

async function trend(
  services: GraphServices,
  query: URLSearchParams,
  requestId: string,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const scope = readScope(services, query)
  if (!scope.ok) return filterResponse(scope.error, requestId)
  const countsIn = readSubject(query)
  const periodSeconds = readPeriod(query, scope.query)
  const periods = await services.graphs.periods(scope.tenant, { ...scope.query, periodSeconds }, signal)
  const points = [...periods]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([startSeconds, part]) => {
      const counts = countsIn(part)
      return counts === undefined ? [] : [{ startSeconds, counts }]
    })
  return json(requestId, { ...writeWindow(scope.query), ...writeTrend(periodSeconds, points) })
}

type Scope =
  | { readonly ok: true; readonly tenant: Tenant; readonly query: GraphQuery }
  | Extract<ReturnType<typeof chosenTraces>, { readonly ok: false }>

/** Whose graph, of which time, and of which traces: of a group, of those that match a filter, of both, or of all. */
function readScope({ groups, defaultTenant, clock }: GraphServices, query: URLSearchParams): Scope {
  const tenant = tenantParameters(query, defaultTenant)
  const { fromSeconds, toSeconds } = spanParameters(query, clock() / 1000, DEFAULT_SECONDS)
  const window = { startSeconds: fromSeconds, endSeconds: toSeconds }
  const chosen = chosenTraces(query, groups, tenant)
  if (!chosen.ok) return chosen
  return { ok: true, tenant, query: { window, ...chosen.value } }
}

/** A node by `node`, or an edge by `from-node` and `to-node`; keys are those of `/api/graph`. */
function readSubject(query: URLSearchParams): (part: GraphAccumulator) => CallCounts | undefined {
  const node = textParameter(query, 'node')
  const from = textParameter(query, 'from-node')
  const to = textParameter(query, 'to-node')
  if (node !== undefined && from === undefined && to === undefined) {
    return ({ nodes }) => nodes.get(node)?.requests
  }
  if (node === undefined && from !== undefined && to !== undefined) {
    const key = edgeKey(from, to, choiceParameter(query, 'kind', KINDS) ?? 'call')
    return ({ edges }) => edges.get(key)?.calls
  }
  return fail('InvalidRequestException', 'Name a node, or from-node and to-node, by the keys of /api/graph')
}

/** Whole minutes; without being asked, the least number of them that makes no more points than a chart can show. */
function readPeriod(query: URLSearchParams, { window }: GraphQuery): number {
  const lengthSeconds = window.endSeconds - window.startSeconds
  const given = integerParameter(query, 'period', MINUTE, DAY)
  const periodSeconds = given ?? Math.max(1, Math.ceil(lengthSeconds / USUAL_POINTS / MINUTE)) * MINUTE
  if (periodSeconds % MINUTE !== 0) fail('InvalidRequestException', 'period must be whole minutes, in seconds')
  if (lengthSeconds / periodSeconds > MAX_POINTS) {
    fail('InvalidRequestException', `period must be longer: there may be ${MAX_POINTS} of them at most`)
  }
  return periodSeconds
}

function writeWindow({ window }: GraphQuery): object {
  return { startTime: window.startSeconds, endTime: window.endSeconds }
}

function json(requestId: string, body: object): HttpResponse {
  return jsonResponse(200, requestId, JSON.stringify(body), OWN_HEADERS)
}
