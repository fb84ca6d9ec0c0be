import type { SamplingWindow } from '../control/rule-usage.ts'
import type { SamplingRules } from '../control/sampling-rules.ts'
import type { Samplers, SamplingTarget, UncountedReport } from '../control/sampling-targets.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import { readPageToken, writePageToken } from '../wire/aws/page-token.ts'
import type { Wire } from '../wire/xray/shapes.generated.ts'
import type { Call, Operations } from './handler.ts'

type SamplingTargetOperation = 'GetSamplingStatisticSummaries' | 'GetSamplingTargets'

const PAGE_SIZE = 1000

/** The operations by which clients learn what they may sample, and by which one sees what they did. */
export function samplingTargetOperations(
  rules: Pick<SamplingRules, 'lastChangeMs'>,
  samplers: Samplers,
): Pick<Operations, SamplingTargetOperation> {
  return {
    /** All four members are always there, and times are numbers: some SDK insists on each (spec/query §4.4). */
    async GetSamplingTargets(input, { tenant, nowSeconds }) {
      const reports = input.SamplingStatisticsDocuments.map((document) => ({
        rule: document.RuleName,
        client: document.ClientID,
        timeSeconds: document.Timestamp,
        requests: document.RequestCount,
        sampled: document.SampledCount,
        borrowed: document.BorrowCount ?? 0,
      }))
      const anomalies = (input.SamplingBoostStatisticsDocuments ?? []).map((document) => ({
        rule: document.RuleName,
        timeSeconds: document.Timestamp,
        anomalies: document.AnomalyCount,
        sampled: document.SampledAnomalyCount,
      }))
      const { targets, uncounted, uncountedAnomalies } = samplers.report(tenant, reports, anomalies, nowSeconds)
      return {
        SamplingTargetDocuments: targets.map(writeTarget),
        LastRuleModification: rules.lastChangeMs(tenant) / 1000,
        UnprocessedStatistics: uncounted.map(writeUncounted),
        UnprocessedBoostStatistics: uncountedAnomalies.map(writeUncounted),
      }
    },

    async GetSamplingStatisticSummaries({ NextToken }, call) {
      return listWindows(samplers.windows(call.tenant, call.nowSeconds), NextToken, call)
    },
  }
}

type RuleWindow = SamplingWindow & { readonly rule: string }

/** A page begins after the window and rule in its token; windows are newest first, and of one window by rule. */
function listWindows(
  windows: readonly RuleWindow[],
  token: string | undefined,
  { tenant, nowSeconds }: Call,
): Wire['GetSamplingStatisticSummariesResult'] {
  const parameters = ['GetSamplingStatisticSummaries', tenant.account, tenant.region]
  const after = token === undefined ? undefined : readPageToken(token, parameters, nowSeconds)
  if (token !== undefined && after === undefined) return fail('InvalidRequestException', 'Invalid NextToken')
  const rest =
    after === undefined
      ? windows
      : windows.filter(
          ({ startSeconds, rule }) =>
            startSeconds < after.timeSeconds || (startSeconds === after.timeSeconds && rule > after.id),
        )
  const page = rest.slice(0, PAGE_SIZE)
  const last = rest.length > PAGE_SIZE ? page.at(-1) : undefined
  return {
    SamplingStatisticSummaries: page.map(writeWindow),
    ...(last === undefined
      ? {}
      : { NextToken: writePageToken(parameters, { timeSeconds: last.startSeconds, id: last.rule }, nowSeconds) }),
  }
}

function writeWindow({
  rule,
  startSeconds,
  requests,
  borrowed,
  sampled,
}: RuleWindow): Wire['SamplingStatisticSummary'] {
  return {
    RuleName: rule,
    Timestamp: startSeconds,
    RequestCount: requests,
    BorrowCount: borrowed,
    SampledCount: sampled,
  }
}

function writeTarget(target: SamplingTarget): Wire['SamplingTargetDocument'] {
  const { boost } = target
  return {
    RuleName: target.rule,
    FixedRate: target.fixedRate,
    ReservoirQuota: target.quota,
    ReservoirQuotaTTL: target.quotaEndSeconds,
    Interval: target.intervalSeconds,
    ...(boost === undefined ? {} : { SamplingBoost: { BoostRate: boost.rate, BoostRateTTL: boost.endSeconds } }),
  }
}

const writeUncounted = ({ rule, code, message }: UncountedReport): Wire['UnprocessedStatistics'] => ({
  RuleName: rule,
  ErrorCode: code,
  Message: message,
})
