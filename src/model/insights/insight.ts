import type { ServiceId } from '../summary.ts'

/** Requests, and what came of them; errors are the callers' own, throttles among them. */
export type ImpactCounts = { readonly requests: number; readonly faults: number; readonly errors: number }

/** Why a node was found anomalous: of the five minutes that opened the insight, at its root cause. */
export type InsightEvidence = {
  readonly requests: number
  readonly faults: number
  /** More faults than this were not to be expected. */
  readonly expectedFaults: number
}

/** Anomalies of connected nodes with one cause (spec/query §4.2). Times are whole epoch seconds. */
export type Insight = {
  readonly id: string
  readonly state: 'ACTIVE' | 'CLOSED'
  /** The start of the first anomalous minute. */
  readonly startSeconds: number
  /** The end of the minute that showed it. */
  readonly openedSeconds: number
  /** The end of the last anomalous minute; absent while it is active. */
  readonly endSeconds?: number
  readonly updatedSeconds: number
  readonly summary: string
  readonly rootCause: ServiceId
  /** One to five, those with the most unexpected faults first. */
  readonly topServices: readonly ServiceId[]
  /** All nodes that were anomalous in it, but for those beyond a hundred. */
  readonly services: readonly ServiceId[]
  /** Requests of clients to the whole group, since the start. */
  readonly clientImpact: ImpactCounts
  /** Requests to the root cause, since the start. */
  readonly rootCauseImpact: ImpactCounts
  readonly evidence: InsightEvidence
}

/** What an event is about. */
export type InsightEventKind = 'opened' | 'root-cause' | 'top-service' | 'share' | 'periodic' | 'closed' | 'joined'

/** A notable change of an insight (spec/query §4.2 rule 6). */
export type InsightEvent = {
  /** Counts the events of an insight, from 1. */
  readonly number: number
  readonly kind: InsightEventKind
  /** The end of the minute that showed it. */
  readonly timeSeconds: number
  readonly summary: string
  readonly topServices: readonly ServiceId[]
  readonly clientImpact: ImpactCounts
  readonly rootCauseImpact: ImpactCounts
}

/** An event, and what the insight is from then on. */
export type InsightChange = { readonly insight: Insight; readonly event: InsightEvent }
