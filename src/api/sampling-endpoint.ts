import type { SamplingRules } from '../control/sampling-rules.ts'
import type { ConsideredRule, FailedMatcher, SamplingRequest } from '../model/match-sampling-rule.ts'
import { considerRules } from '../model/match-sampling-rule.ts'
import type { SamplingMatchers } from '../model/sampling-rule.ts'
import type { Tenant } from '../model/tenant.ts'
import { jsonResponse } from '../wire/aws/http-message.ts'
import { OWN_HEADERS, type OwnEndpoint, type OwnEndpoints } from './own-endpoints.ts'
import { tenantParameters } from './search-parameters.ts'

/** What the endpoint needs of the rest of the program. */
export type SamplingEndpointServices = {
  readonly rules: Pick<SamplingRules, 'list'>
  /** Whose rules are meant when nobody says. */
  readonly defaultTenant: Tenant
}

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

/** The path that says by which rule a request would be sampled. docs/own-api.md describes it. */
export function createSamplingEndpoint({ rules, defaultTenant }: SamplingEndpointServices): OwnEndpoints {
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
  return new Map([['/api/sampling/try', tryRules]])
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
