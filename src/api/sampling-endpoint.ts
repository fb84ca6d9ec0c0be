import type { SamplingCounts } from '../control/rule-usage.ts'
import type { SamplingRules } from '../control/sampling-rules.ts'
import type { Samplers } from '../control/sampling-targets.ts'
import type { ConsideredRule, FailedMatcher, SamplingRequest } from '../model/match-sampling-rule.ts'
import { considerRules } from '../model/match-sampling-rule.ts'
import type { SamplingMatchers } from '../model/sampling-rule.ts'
import type { Tenant } from '../model/tenant.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import { jsonResponse } from '../wire/aws/http-message.ts'
import { integerParameter, OWN_HEADERS, textParameter, type OwnEndpoint, type OwnEndpoints } from './own-endpoints.ts'
import { spanParameters, tenantParameters } from './search-parameters.ts'

/** What the endpoints need of the rest of the program. */
export type SamplingEndpointServices = {
  readonly rules: Pick<SamplingRules, 'list'>
  readonly samplers: Pick<Samplers, 'windows'>
  /** Whose rules are meant when nobody says. */
  readonly defaultTenant: Tenant
  /** Epoch milliseconds. */
  readonly clock: () => number
}

/** Counts are kept for so long, in windows of ten seconds. */
const KEPT_SECONDS = 30 * 60
const WINDOW_SECONDS = 10

const ATTRIBUTE = 'attribute.'

/** Parameters, by what they say of the request. */
const PARAMETERS = {
  service: 'serviceName',
  type: 'serviceType',
  host: 'host',
  method: 'httpMethod',
  path: 'urlPath',
  resource: 'resourceArn',
} as const satisfies Record<string, keyof SamplingMatchers>

/** As the members of a rule are called on the wire. */
const MEMBERS = {
  serviceName: 'ServiceName',
  serviceType: 'ServiceType',
  host: 'Host',
  httpMethod: 'HTTPMethod',
  urlPath: 'URLPath',
  resourceArn: 'ResourceARN',
} as const satisfies Record<keyof SamplingMatchers, string>

/** The paths that say by which rule a request would be sampled, and what was. docs/own-api.md describes them. */
export function createSamplingEndpoints(services: SamplingEndpointServices): OwnEndpoints {
  const { rules, defaultTenant } = services
  const tryRules: OwnEndpoint = async (query, requestId) => {
    const tenant = tenantParameters(query, defaultTenant)
    const listed = rules.list(tenant).map(({ rule }) => rule)
    const considered = considerRules(listed, readRequest(query))
    const decides = considered.find(({ failed }) => failed.length === 0)?.rule
    const body = {
      ...(decides === undefined
        ? {}
        : { rule: decides.name, fixedRate: decides.fixedRate, reservoirSize: decides.reservoirSize }),
      considered: considered.map(writeConsidered),
    }
    return jsonResponse(200, requestId, JSON.stringify(body), OWN_HEADERS)
  }
  return new Map([
    ['/api/sampling/try', tryRules],
    [
      '/api/sampling/trend',
      async (query, id) => jsonResponse(200, id, JSON.stringify(trend(services, query)), OWN_HEADERS),
    ],
  ])
}

/** What clients reported of each rule over time; of rules that are there, in the order in which they are asked. */
function trend({ rules, samplers, defaultTenant, clock }: SamplingEndpointServices, query: URLSearchParams): object {
  const tenant = tenantParameters(query, defaultTenant)
  const nowSeconds = clock() / 1000
  const { fromSeconds, toSeconds } = spanParameters(query, nowSeconds, KEPT_SECONDS)
  const period = integerParameter(query, 'period', WINDOW_SECONDS, KEPT_SECONDS) ?? WINDOW_SECONDS
  if (period % WINDOW_SECONDS !== 0) fail('InvalidRequestException', 'period must be a multiple of 10, in seconds')
  const asked = textParameter(query, 'rule')
  const pointsOf = new Map<string, Map<number, SamplingCounts>>()
  for (const { rule, startSeconds, requests, borrowed, sampled } of samplers.windows(tenant, nowSeconds)) {
    if (startSeconds + WINDOW_SECONDS <= fromSeconds || startSeconds >= toSeconds) continue
    const points = pointsOf.get(rule) ?? new Map<number, SamplingCounts>()
    pointsOf.set(rule, points)
    const time = Math.floor(startSeconds / period) * period
    const sum = points.get(time) ?? { requests: 0, borrowed: 0, sampled: 0 }
    points.set(time, {
      requests: sum.requests + requests,
      borrowed: sum.borrowed + borrowed,
      sampled: sum.sampled + sampled,
    })
  }
  const listed = rules.list(tenant).map(({ rule }) => rule.name)
  return {
    startTime: fromSeconds,
    endTime: toSeconds,
    period,
    rules: listed
      .filter((name) => asked === undefined || name === asked)
      .map((rule) => ({
        rule,
        points: [...(pointsOf.get(rule) ?? [])]
          .toSorted(([a], [b]) => a - b)
          .map(([time, counts]) => ({ time, ...counts })),
      })),
  }
}

/** A parameter that is there and empty is an empty text; one that is not there is not known. */
function readRequest(query: URLSearchParams): SamplingRequest {
  const known = Object.entries(PARAMETERS).flatMap(([parameter, matcher]) => {
    const text = query.get(parameter)
    return text === null ? [] : [[matcher, text] as const]
  })
  const attributes = [...query].flatMap(([name, value]) =>
    name.startsWith(ATTRIBUTE) ? [[name.slice(ATTRIBUTE.length), value] as const] : [],
  )
  return { ...Object.fromEntries(known), attributes: new Map(attributes) }
}

function writeConsidered({ rule, failed }: ConsideredRule): object {
  return { rule: rule.name, priority: rule.priority, matches: failed.length === 0, failed: failed.map(nameOf) }
}

const nameOf = (failed: FailedMatcher): string =>
  failed.kind === 'matcher' ? MEMBERS[failed.name] : `Attributes.${failed.name}`
