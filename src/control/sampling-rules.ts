import type { SamplingRule } from '../model/sampling-rule.ts'
import { DEFAULT_RULE } from '../model/sampling-rule.ts'
import type { Tenant } from '../model/tenant.ts'
import type { Answer, Decision, Refusal } from './answer.ts'
import { invalid } from './answer.ts'
import type { Control } from './control.ts'
import type { SamplingRuleRecord } from './sampling-rule.ts'
import { deleteRule, lastRuleChangeMs, ruleArn, ruleNamed, rulesOf, setRule } from './sampling-rule.ts'
import type { Tag } from './tags.ts'
import { dropTags, refuseNewTags, tagNew } from './tags.ts'
import type { TenantState } from './tenant-state.ts'

/** Which rule is meant: by name or by ARN, not by both. */
export type RuleSelector = { readonly name?: string | undefined; readonly arn?: string | undefined }

/** What an update changes: what is there. Attributes are replaced as a whole. The name stays what it is. */
export type SamplingRulePatch = {
  readonly [Member in keyof Omit<SamplingRule, 'name'>]?: SamplingRule[Member] | undefined
}

/** The sampling rules of each account and region, by the rules of spec/query §4.3. */
export type SamplingRules = {
  /** In the order in which they are asked; Default is the last one. */
  list(tenant: Tenant): readonly SamplingRuleRecord[]
  /** When any rule was made, changed or deleted last, in milliseconds since the epoch; 0 when that never happened. */
  lastChangeMs(tenant: Tenant): number
  create(tenant: Tenant, rule: SamplingRule, tags: readonly Tag[]): Promise<Answer<SamplingRuleRecord>>
  update(tenant: Tenant, selector: RuleSelector, patch: SamplingRulePatch): Promise<Answer<SamplingRuleRecord>>
  /** Answers the rule that was. */
  delete(tenant: Tenant, selector: RuleSelector): Promise<Answer<SamplingRuleRecord>>
}

/** Beside Default. */
const MAX_RULES = 25

/** The members of Default that can be changed. */
const OF_DEFAULT: ReadonlySet<string> = new Set(['fixedRate', 'reservoirSize', 'boost'])

/** Sampling rules over the control state. `now` is in milliseconds since the epoch. */
export function createSamplingRules(control: Control, now: () => number): SamplingRules {
  return {
    list: (tenant) => rulesOf(tenant, control.state(tenant)),

    lastChangeMs: (tenant) => lastRuleChangeMs(control.state(tenant)),

    async create(tenant, rule, tags) {
      const refusal = refuseNumbers(rule, 'samplingRule') ?? refuseNewTags(tags)
      if (refusal !== undefined) return { ok: false, refusal }
      return control.change(tenant, (state) => decideCreate(tenant, state, rule, tags, now()))
    },

    async update(tenant, selector, patch) {
      const refusal = refuseSelector(selector) ?? refuseNumbers(patch, 'samplingRuleUpdate')
      if (refusal !== undefined) return { ok: false, refusal }
      return control.change(tenant, (state) => decideUpdate(findRule(tenant, state, selector), patch, now()))
    },

    async delete(tenant, selector) {
      const refusal = refuseSelector(selector)
      if (refusal !== undefined) return { ok: false, refusal }
      return control.change(tenant, (state) => decideDelete(state, findRule(tenant, state, selector)))
    },
  }
}

function findRule(tenant: Tenant, state: TenantState, { name, arn }: RuleSelector): Answer<SamplingRuleRecord> {
  const found =
    name === undefined ? rulesOf(tenant, state).find((rule) => rule.arn === arn) : ruleNamed(tenant, state, name)
  return found === undefined ? invalid(`Sampling rule ${name ?? arn} does not exist.`) : { ok: true, value: found }
}

function decideCreate(
  tenant: Tenant,
  state: TenantState,
  rule: SamplingRule,
  tags: readonly Tag[],
  nowMs: number,
): Decision<SamplingRuleRecord> {
  const { name } = rule
  if (ruleNamed(tenant, state, name) !== undefined) return invalid(`Sampling rule ${name} already exists.`)
  if (rulesOf(tenant, state).length > MAX_RULES) {
    const message = 'You have reached the maximum number of sampling rules.'
    return { ok: false, refusal: { code: 'tooManyRules', message } }
  }
  const made = { rule, arn: ruleArn(tenant, name), createdMs: nowMs, modifiedMs: nowMs }
  return { ok: true, value: made, changes: [setRule(made), ...tagNew(made.arn, tags)] }
}

/** An update is a change even if nothing becomes different by it: whoever makes it sees a new time. */
function decideUpdate(
  found: Answer<SamplingRuleRecord>,
  patch: SamplingRulePatch,
  nowMs: number,
): Decision<SamplingRuleRecord> {
  if (!found.ok) return found
  const { rule: before } = found.value
  const given = Object.entries(patch).filter(([, value]) => value !== undefined)
  if (before.name === DEFAULT_RULE && given.some(([member]) => !OF_DEFAULT.has(member))) {
    return invalid('Of the Default sampling rule only FixedRate, ReservoirSize and SamplingRateBoost can be changed.')
  }
  const boost = patch.boost ?? before.boost
  const rule: SamplingRule = {
    name: before.name,
    resourceArn: patch.resourceArn ?? before.resourceArn,
    serviceName: patch.serviceName ?? before.serviceName,
    serviceType: patch.serviceType ?? before.serviceType,
    host: patch.host ?? before.host,
    httpMethod: patch.httpMethod ?? before.httpMethod,
    urlPath: patch.urlPath ?? before.urlPath,
    priority: patch.priority ?? before.priority,
    fixedRate: patch.fixedRate ?? before.fixedRate,
    reservoirSize: patch.reservoirSize ?? before.reservoirSize,
    attributes: patch.attributes ?? before.attributes,
    ...(boost === undefined ? {} : { boost }),
  }
  const after = { ...found.value, rule, modifiedMs: nowMs }
  return { ok: true, value: after, changes: [setRule(after)] }
}

function decideDelete(state: TenantState, found: Answer<SamplingRuleRecord>): Decision<SamplingRuleRecord> {
  if (!found.ok) return found
  const { rule, arn } = found.value
  if (rule.name === DEFAULT_RULE) return invalid('The Default sampling rule cannot be deleted.')
  return { ok: true, value: found.value, changes: [deleteRule(rule.name), ...dropTags(state, arn)] }
}

function refuseSelector({ name, arn }: RuleSelector): Refusal | undefined {
  if (name === undefined && arn === undefined) return invalid('RuleName or RuleARN is required').refusal
  if (name !== undefined && arn !== undefined) return invalid('Give RuleName or RuleARN, not both').refusal
  return undefined
}

const MAX_INTEGER = 2 ** 31 - 1

/** The service model leaves the numbers of an update unbounded, and integers of 32 bits to the language (spec/query §4.3). */
const BOUNDS = [
  ['priority', 1, 9999],
  ['fixedRate', 0, 1],
  ['reservoirSize', 0, MAX_INTEGER],
] as const

function refuseNumbers(given: SamplingRulePatch, path: string): Refusal | undefined {
  const violations = BOUNDS.flatMap(([member, min, max]) => {
    const value = given[member]
    if (value === undefined || (value >= min && value <= max)) return []
    const bound = value < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`
    return `Value '${value}' at '${path}.${member}' failed to satisfy constraint: Member must have value ${bound}`
  })
  const count = violations.length
  if (count === 0) return undefined
  return invalid(`${count} validation error${count === 1 ? '' : 's'} detected: ${violations.join('; ')}`).refusal
}
