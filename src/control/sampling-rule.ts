import type { Json, JsonObject } from '../model/json.ts'
import type { SamplingRateBoost, SamplingRule } from '../model/sampling-rule.ts'
import { compareSamplingRules, DEFAULT_RULE } from '../model/sampling-rule.ts'
import type { Tenant } from '../model/tenant.ts'
import type { ControlChange } from '../store/control-log.ts'
import type { TenantState } from './tenant-state.ts'
import { bodiesOf, bodyOf, lastChangeUs } from './tenant-state.ts'

/** A rule, and when it was made and changed, in milliseconds since the epoch; both are 0 in an untouched Default. */
export type SamplingRuleRecord = {
  readonly rule: SamplingRule
  readonly arn: string
  readonly createdMs: number
  readonly modifiedMs: number
}

const KIND = 'sampling-rule'

/** Default as nobody has changed it (spec/query §4.3). Its priority is beyond that of any other rule. */
const UNTOUCHED: SamplingRule = {
  name: DEFAULT_RULE,
  resourceArn: '*',
  serviceName: '*',
  serviceType: '*',
  host: '*',
  httpMethod: '*',
  urlPath: '*',
  priority: 10_000,
  fixedRate: 0.05,
  reservoirSize: 1,
  attributes: [],
}

/** The rule as it is to be from now on. */
export function setRule({ rule, createdMs, modifiedMs }: Omit<SamplingRuleRecord, 'arn'>): ControlChange {
  const { name, boost, attributes, ...rest } = rule
  const body = { ...rest, attributes: attributes.map(([key, value]) => [key, value]), createdMs, modifiedMs }
  return { kind: KIND, key: name, body: boost === undefined ? body : { ...body, boost } }
}

/** No rule of this name from now on. */
export function deleteRule(name: string): ControlChange {
  return { kind: KIND, key: name, body: undefined }
}

/** The rule of this name; upper and lower case are different names. */
export function ruleNamed(tenant: Tenant, state: TenantState, name: string): SamplingRuleRecord | undefined {
  const body = bodyOf(state, KIND, name)
  const read = body === undefined ? undefined : readRule(tenant, name, body)
  if (read !== undefined || name !== DEFAULT_RULE) return read
  return { rule: UNTOUCHED, arn: ruleArn(tenant, name), createdMs: 0, modifiedMs: 0 }
}

/** All rules in the order in which they are asked: Default is the last one. */
export function rulesOf(tenant: Tenant, state: TenantState): readonly SamplingRuleRecord[] {
  const names = new Set([DEFAULT_RULE, ...bodiesOf(state, KIND).map(([name]) => name)])
  return [...names]
    .flatMap((name) => ruleNamed(tenant, state, name) ?? [])
    .toSorted((a, b) => compareSamplingRules(a.rule, b.rule))
}

/** When any rule was made, changed or deleted last, in milliseconds since the epoch; 0 when that never happened. */
export function lastRuleChangeMs(state: TenantState): number {
  return Math.floor(lastChangeUs(state, KIND) / 1000)
}

/** `arn:aws:xray:{region}:{account}:sampling-rule/{name}` (spec/query §0.5). */
export function ruleArn({ account, region }: Tenant, name: string): string {
  return `arn:aws:xray:${region}:${account}:sampling-rule/${name}`
}

/** Nothing when the body is not that of a rule; then somebody else wrote into the log. */
function readRule(tenant: Tenant, name: string, body: Json): SamplingRuleRecord | undefined {
  if (!isObject(body)) return undefined
  const text = (member: string) => (typeof body[member] === 'string' ? body[member] : undefined)
  const number = (member: string) => (typeof body[member] === 'number' ? body[member] : undefined)
  const [resourceArn, serviceName, serviceType] = [text('resourceArn'), text('serviceName'), text('serviceType')]
  const [host, httpMethod, urlPath] = [text('host'), text('httpMethod'), text('urlPath')]
  const [priority, fixedRate, reservoirSize] = [number('priority'), number('fixedRate'), number('reservoirSize')]
  if (resourceArn === undefined || serviceName === undefined || serviceType === undefined) return undefined
  if (host === undefined || httpMethod === undefined || urlPath === undefined) return undefined
  if (priority === undefined || fixedRate === undefined || reservoirSize === undefined) return undefined
  const matchers = { resourceArn, serviceName, serviceType, host, httpMethod, urlPath }
  const boost = readBoost(body['boost'])
  return {
    rule: {
      name,
      ...matchers,
      priority,
      fixedRate,
      reservoirSize,
      attributes: readPairs(body['attributes']),
      ...(boost === undefined ? {} : { boost }),
    },
    arn: ruleArn(tenant, name),
    createdMs: number('createdMs') ?? 0,
    modifiedMs: number('modifiedMs') ?? 0,
  }
}

function readBoost(json: Json | undefined): SamplingRateBoost | undefined {
  if (!isObject(json)) return undefined
  const { maxRate, cooldownWindowMinutes } = json
  if (typeof maxRate !== 'number' || typeof cooldownWindowMinutes !== 'number') return undefined
  return { maxRate, cooldownWindowMinutes }
}

function readPairs(json: Json | undefined): SamplingRule['attributes'] {
  const pairs: readonly unknown[] = Array.isArray(json) ? json : []
  return pairs.filter(isPair)
}

const isPair = (value: unknown): value is readonly [string, string] =>
  Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')

const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
