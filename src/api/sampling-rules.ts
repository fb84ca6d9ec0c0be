import type { SamplingRuleRecord } from '../control/sampling-rule.ts'
import type { SamplingRules } from '../control/sampling-rules.ts'
import type { SamplingRateBoost, SamplingRule } from '../model/sampling-rule.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import type { Wire } from '../wire/xray/shapes.generated.ts'
import { answered } from './answered.ts'
import type { Operations } from './handler.ts'
import { readTags } from './tags.ts'

type SamplingRuleOperation = 'CreateSamplingRule' | 'DeleteSamplingRule' | 'GetSamplingRules' | 'UpdateSamplingRule'

/** The operations on sampling rules (spec/query §4.3). */
export function samplingRuleOperations(rules: SamplingRules): Pick<Operations, SamplingRuleOperation> {
  return {
    async CreateSamplingRule({ SamplingRule, Tags = [] }, { tenant }) {
      const rule = readNewRule(SamplingRule)
      return { SamplingRuleRecord: writeRecord(answered(await rules.create(tenant, rule, readTags(Tags)))) }
    },

    async GetSamplingRules({ NextToken }, { tenant }) {
      // All rules fit one page, so no token was ever issued.
      if (NextToken !== undefined) fail('InvalidRequestException', 'Invalid NextToken')
      return { SamplingRuleRecords: rules.list(tenant).map(writeRecord) }
    },

    async UpdateSamplingRule({ SamplingRuleUpdate: update }, { tenant }) {
      const selector = { name: update.RuleName, arn: update.RuleARN }
      const patch = {
        resourceArn: update.ResourceARN,
        serviceName: update.ServiceName,
        serviceType: update.ServiceType,
        host: update.Host,
        httpMethod: update.HTTPMethod,
        urlPath: update.URLPath,
        priority: update.Priority,
        fixedRate: update.FixedRate,
        reservoirSize: update.ReservoirSize,
        attributes: update.Attributes === undefined ? undefined : Object.entries(update.Attributes),
        boost: readBoost(update.SamplingRateBoost),
      }
      return { SamplingRuleRecord: writeRecord(answered(await rules.update(tenant, selector, patch))) }
    },

    async DeleteSamplingRule({ RuleName, RuleARN }, { tenant }) {
      const deleted = answered(await rules.delete(tenant, { name: RuleName, arn: RuleARN }))
      return { SamplingRuleRecord: writeRecord(deleted) }
    },
  }
}

/** A rule is made by name; its ARN follows from that. Of the versions there is one, which SDKs insist on. */
function readNewRule(given: Wire['SamplingRule']): SamplingRule {
  const { RuleName: name, SamplingRateBoost } = given
  if (given.RuleARN !== undefined) fail('InvalidRequestException', 'RuleARN cannot be chosen; give RuleName only')
  if (name === undefined) return fail('InvalidRequestException', 'SamplingRule.RuleName is required')
  if (given.Version !== 1) fail('InvalidRequestException', 'SamplingRule.Version must be 1')
  const boost = readBoost(SamplingRateBoost)
  return {
    name,
    resourceArn: given.ResourceARN,
    serviceName: given.ServiceName,
    serviceType: given.ServiceType,
    host: given.Host,
    httpMethod: given.HTTPMethod,
    urlPath: given.URLPath,
    priority: given.Priority,
    fixedRate: given.FixedRate,
    reservoirSize: given.ReservoirSize,
    attributes: Object.entries(given.Attributes ?? {}),
    ...(boost === undefined ? {} : { boost }),
  }
}

function readBoost(given: Wire['SamplingRateBoost'] | undefined): SamplingRateBoost | undefined {
  return given && { maxRate: given.MaxRate, cooldownWindowMinutes: given.CooldownWindowMinutes }
}

function writeRecord({ rule, arn, createdMs, modifiedMs }: SamplingRuleRecord): Wire['SamplingRuleRecord'] {
  return { SamplingRule: writeRule(rule, arn), CreatedAt: createdMs / 1000, ModifiedAt: modifiedMs / 1000 }
}

/** Attributes are always there: some SDK drops rules without them. */
function writeRule(rule: SamplingRule, arn: string): Wire['SamplingRule'] {
  const { boost } = rule
  return {
    RuleName: rule.name,
    RuleARN: arn,
    ResourceARN: rule.resourceArn,
    Priority: rule.priority,
    FixedRate: rule.fixedRate,
    ReservoirSize: rule.reservoirSize,
    ServiceName: rule.serviceName,
    ServiceType: rule.serviceType,
    Host: rule.host,
    HTTPMethod: rule.httpMethod,
    URLPath: rule.urlPath,
    Version: 1,
    Attributes: Object.fromEntries(rule.attributes),
    ...(boost === undefined
      ? {}
      : { SamplingRateBoost: { MaxRate: boost.maxRate, CooldownWindowMinutes: boost.cooldownWindowMinutes } }),
  }
}
