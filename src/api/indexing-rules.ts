import type { IndexingRule, IndexingRules } from '../control/indexing-rule.ts'
import { DEFAULT_INDEXING_RULE } from '../control/indexing-rule.ts'
import type { TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import type { Wire } from '../wire/xray/shapes.generated.ts'
import { answered } from './answered.ts'
import type { Operations } from './handler.ts'
import { shareOf } from './sampling.ts'

/** Whether a trace that began then is found by summaries and by id, or by a retrieval alone. */
export type IsIndexed = (tenant: Tenant, id: TraceId, startSeconds: () => number) => boolean

/** Chosen by the trace id alone, so that it is the same at every call (spec/query §4.10). */
export function createIsIndexed(rules: Pick<IndexingRules, 'percentageAt'>): IsIndexed {
  return (tenant, id, startSeconds) => {
    const percentage = rules.percentageAt(tenant, startSeconds)
    return percentage >= 100 || shareOf(id) * 100 < percentage
  }
}

/** The operations on the one indexing rule (spec/query §4.10). */
export function indexingOperations(rules: IndexingRules): Pick<Operations, 'GetIndexingRules' | 'UpdateIndexingRule'> {
  return {
    async GetIndexingRules({ NextToken }, { tenant }) {
      // There is one page, so no token was ever issued.
      if (NextToken !== undefined) fail('InvalidRequestException', 'Invalid NextToken')
      return { IndexingRules: [writeRule(rules.find(tenant))] }
    },

    async UpdateIndexingRule({ Name, Rule }, { tenant, nowSeconds }) {
      const percentage = Rule.Probabilistic?.DesiredSamplingPercentage
      if (percentage === undefined) return fail('InvalidRequestException', 'Rule.Probabilistic is required')
      return { IndexingRule: writeRule(answered(await rules.update(tenant, Name, percentage, nowSeconds), Name)) }
    },
  }
}

/** The share is met exactly, as far as the ids allow: what is wanted is what is done. */
function writeRule({ percentage, modifiedSeconds }: IndexingRule): Wire['IndexingRule'] {
  return {
    Name: DEFAULT_INDEXING_RULE,
    ModifiedAt: modifiedSeconds,
    Rule: { Probabilistic: { DesiredSamplingPercentage: percentage, ActualSamplingPercentage: percentage } },
  }
}
