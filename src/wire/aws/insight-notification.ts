import type { Insight, InsightEvent } from '../../model/insights/insight.ts'
import type { Tenant } from '../../model/tenant.ts'
import { writeImpact, writeInsight, type InsightGroupNames } from '../xray/write-insight.ts'

/** What a notification is about. */
export type InsightNews = {
  readonly tenant: Tenant
  readonly group: InsightGroupNames
  readonly insight: Insight
  readonly event: InsightEvent
  /** A UUID of its own. */
  readonly id: string
}

/**
 * The event that X-Ray sends to EventBridge when an insight changes (spec/query §4.2). `EndTime` is null while the insight
 * is active, as the published schema has it. `Category` is what the guide's pattern looks at, `Categories` what the
 * schema has.
 */
export function insightNotification({ tenant, group, insight, event, id }: InsightNews): string {
  const { InsightId, Summary, GroupName, RootCauseServiceId, Categories, State, StartTime, EndTime } = writeInsight(
    group,
    insight,
  )
  return JSON.stringify({
    version: '0',
    id,
    source: 'aws.xray',
    'detail-type': 'AWS X-Ray Insight Update',
    account: tenant.account,
    time: isoSeconds(event.timeSeconds),
    region: tenant.region,
    resources: [],
    detail: {
      InsightId,
      Summary,
      GroupName,
      RootCauseServiceId,
      Categories,
      Category: 'FAULT',
      State,
      StartTime,
      EndTime: EndTime ?? null,
      ...writeImpact(insight),
      Event: { Summary: event.summary, EventTime: isoSeconds(event.timeSeconds), ...writeImpact(event) },
    },
  })
}

const isoSeconds = (seconds: number): string => new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z')
