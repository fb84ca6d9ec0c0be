import { createHash } from 'node:crypto'
import { startInsightRunner, type InsightNotice } from '../api/insight-runner.ts'
import type { Groups } from '../control/groups.ts'
import type { Insights } from '../control/insights.ts'
import type { GraphQueries } from '../query/graphs.ts'
import { insightNotification } from '../wire/aws/insight-notification.ts'
import type { ClosingStack } from './closing-stack.ts'
import { createWebhook } from './insight-webhook.ts'
import type { Log } from './log.ts'
import { rateLimited } from './rate-limited.ts'

/** What watching groups takes. */
export type InsightParts = {
  readonly insights: Insights
  readonly groups: Groups
  readonly graphs: GraphQueries
  /** Where notifications go, if anywhere. */
  readonly webhookUrl: string | undefined
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly log: Log
}

/** Notifications that were posted, and that were not taken. */
export type NotificationCounts = { readonly delivered: number; readonly failed: number }

const LINES_PER_SECOND = 1

/** Watches the groups that have insights enabled, until it is closed (docs/insights.md). Answers what was notified. */
export function openInsights(parts: InsightParts, opened: ClosingStack): NotificationCounts {
  const { insights, groups, graphs, webhookUrl, now, log } = parts
  const webhook =
    webhookUrl === undefined ? undefined : createWebhook({ url: webhookUrl, onFailure: failureLog(parts) })
  if (webhook !== undefined) opened.defer(async () => webhook[Symbol.asyncDispose]())
  const runner = startInsightRunner({
    insights,
    groups,
    graphs,
    now,
    notify: (notice) => webhook?.send(notification(notice)),
    onSkipped: (tenant, group, fromSeconds, toSeconds) =>
      log.warn(
        { tenant, group, from: isoTime(fromSeconds), to: isoTime(toSeconds) },
        'minutes of a group were not looked at for insights: they are more than 24 hours ago',
      ),
    onError: rateLimited(LINES_PER_SECOND, now, (suppressed, error: unknown, tenant, group: string) => {
      log.error(
        { err: error, tenant, group, suppressed },
        'a group could not be watched for insights; it is tried again',
      )
    }),
  })
  opened.defer(async () => runner[Symbol.asyncDispose]())
  return webhook?.counts ?? { delivered: 0, failed: 0 }
}

function failureLog({ log, now }: InsightParts): (reason: string) => void {
  return rateLimited(LINES_PER_SECOND, now, (suppressed, reason: string) => {
    log.warn({ reason, suppressed }, 'a notification of an insight was not delivered')
  })
}

function notification({ tenant, group, change: { insight, event } }: InsightNotice): string {
  return insightNotification({ tenant, group, insight, event, id: notificationId(insight.id, event.number) })
}

/** The same for the same event, so that whoever is told twice can see it. */
function notificationId(insightId: string, number: number): string {
  const hex = createHash('sha256').update(`${insightId}/${number}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

const isoTime = (seconds: number): string => new Date(seconds * 1_000).toISOString()
