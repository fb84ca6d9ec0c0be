import type { Tenant } from '../model/tenant.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import type { Wire } from '../wire/xray/shapes.generated.ts'
import type { Handler } from './handler.ts'

const DEFAULT = 'Default'
const FIXED_RATE = 0.05
const RESERVOIR_SIZE = 1
/** When the rules were last changed by somebody: never. It must not move, or SDKs fetch them again (spec/query §4.4). */
const NEVER = 0
const INTERVAL_SECONDS = 10
const QUOTA_SECONDS = 300
/** Reports about other times than the last minutes are not worth counting (spec/query §4.4). */
const MAX_CLOCK_SKEW_SECONDS = 300

/** The Default rule, which every account has (spec/query §4.3). SDKs drop rules without `Attributes`. */
export function getSamplingRules(): Handler<'GetSamplingRules'> {
  return async (input, call) => {
    if (input.NextToken !== undefined) fail('InvalidRequestException', 'Invalid NextToken')
    return { SamplingRuleRecords: [{ SamplingRule: defaultRule(call.tenant), CreatedAt: NEVER, ModifiedAt: NEVER }] }
  }
}

/**
 * What a client may sample until it asks again. All four members are always there, and times are numbers: some SDK
 * insists on each (spec/query §4.4). Every client gets the whole reservoir as yet.
 */
export function getSamplingTargets(): Handler<'GetSamplingTargets'> {
  return async (input, { nowSeconds }) => {
    const unprocessed = input.SamplingStatisticsDocuments.flatMap((document) => refusal(document, nowSeconds))
    const isAsked = unprocessed.length < input.SamplingStatisticsDocuments.length
    return {
      SamplingTargetDocuments: isAsked ? [defaultTarget(nowSeconds)] : [],
      LastRuleModification: NEVER,
      UnprocessedStatistics: unprocessed,
      UnprocessedBoostStatistics: (input.SamplingBoostStatisticsDocuments ?? []).map(({ RuleName }) =>
        RuleName === DEFAULT
          ? { RuleName, ErrorCode: '400', Message: 'The rule has no SamplingRateBoost' }
          : unknownRule(RuleName),
      ),
    }
  }
}

function defaultRule({ account, region }: Tenant): Wire['SamplingRule'] {
  return {
    RuleName: DEFAULT,
    RuleARN: `arn:aws:xray:${region}:${account}:sampling-rule/${DEFAULT}`,
    ResourceARN: '*',
    Priority: 10_000,
    FixedRate: FIXED_RATE,
    ReservoirSize: RESERVOIR_SIZE,
    ServiceName: '*',
    ServiceType: '*',
    Host: '*',
    HTTPMethod: '*',
    URLPath: '*',
    Version: 1,
    Attributes: {},
  }
}

function defaultTarget(nowSeconds: number): Wire['SamplingTargetDocument'] {
  return {
    RuleName: DEFAULT,
    FixedRate: FIXED_RATE,
    ReservoirQuota: RESERVOIR_SIZE,
    ReservoirQuotaTTL: Math.floor(nowSeconds) + QUOTA_SECONDS,
    Interval: INTERVAL_SECONDS,
  }
}

/** SDKs read the first digit of the code: 4 makes them fetch the rules again. */
function refusal(
  document: Wire['SamplingStatisticsDocument'],
  nowSeconds: number,
): readonly Wire['UnprocessedStatistics'][] {
  const { RuleName, Timestamp } = document
  if (RuleName !== DEFAULT) return [unknownRule(RuleName)]
  if (Math.abs(nowSeconds - Timestamp) <= MAX_CLOCK_SKEW_SECONDS) return []
  return [{ RuleName, ErrorCode: '400', Message: 'The Timestamp is more than 5 minutes away from now' }]
}

const unknownRule = (rule: string): Wire['UnprocessedStatistics'] => ({
  RuleName: rule,
  ErrorCode: '404',
  Message: `Sampling rule ${rule} does not exist.`,
})
