import type { Groups } from '../control/groups.ts'
import type { Tenant } from '../model/tenant.ts'
import type { OverviewQuery, TraceOverview } from '../query/overview.ts'
import type { Facet } from '../query/overview-facets.ts'
import type { TraceSearches } from '../query/searches.ts'
import { type HttpResponse, jsonResponse } from '../wire/aws/http-message.ts'
import type { Overview, OverviewFacet } from '../wire/own/overview.ts'
import { chosenTraces } from './chosen-traces.ts'
import { integerParameter, OWN_HEADERS, type OwnEndpoint, type OwnEndpoints } from './own-endpoints.ts'
import { filterResponse } from './search-answers.ts'
import { tenantParameters, windowParameters } from './search-parameters.ts'

/** What overviews need of the rest of the program. */
export type OverviewServices = {
  readonly searches: Pick<TraceSearches, 'overview'>
  readonly groups: Groups
  /** Whose traces are looked at when nobody says. */
  readonly defaultTenant: Tenant
  /** Epoch milliseconds. */
  readonly clock: () => number
}

const DEFAULT_SECONDS = 15 * 60
const COLUMNS = { min: 10, usual: 120, max: 400 }
const LIMIT = { usual: 5_000, max: 50_000 }

/** The path by which the console sees what the traces of a list have in common. docs/own-api.md describes it. */
export function createOverviewEndpoints(services: OverviewServices): OwnEndpoints {
  return new Map<string, OwnEndpoint>([
    ['/api/overview', async (query, id, signal) => overview(services, query, id, signal)],
  ])
}

async function overview(
  services: OverviewServices,
  query: URLSearchParams,
  requestId: string,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const tenant = tenantParameters(query, services.defaultTenant)
  const window = windowParameters(query, services.clock() / 1000, DEFAULT_SECONDS)
  const columns = integerParameter(query, 'columns', COLUMNS.min, COLUMNS.max) ?? COLUMNS.usual
  const limit = integerParameter(query, 'limit', 1, LIMIT.max) ?? LIMIT.usual
  const chosen = chosenTraces(query, services.groups, tenant)
  if (!chosen.ok) return filterResponse(chosen.error, requestId)
  const asked = { ...window, ...chosen.value, columns, limit }
  const found = await services.searches.overview(tenant, asked, signal)
  return jsonResponse(200, requestId, JSON.stringify(writeOverview(asked, found)), OWN_HEADERS)
}

function writeOverview({ fromSeconds, toSeconds, columns }: OverviewQuery, found: TraceOverview): Overview {
  return {
    startTime: fromSeconds,
    endTime: toSeconds,
    scanned: found.scanned,
    matched: found.matched,
    complete: found.isComplete,
    upTo: found.upToSeconds,
    heat: {
      columns,
      rows: found.rowSeconds,
      cells: found.cells.map(({ column, row, traces, faults, errors, throttles }) => {
        return [column, row, traces, faults, errors, throttles]
      }),
    },
    facets: found.facets.map(writeFacet),
  }
}

const LABELS = {
  service: 'Service',
  outcome: 'Outcome',
  status: 'Status',
  method: 'Method',
  url: 'URL',
  user: 'User',
} as const

function writeFacet({ field, values }: Facet): OverviewFacet {
  return typeof field === 'string'
    ? { field, label: LABELS[field], values }
    : { field: `annotation.${field.annotation}`, label: field.annotation, values }
}
