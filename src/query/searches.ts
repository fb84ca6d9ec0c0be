import type { ExtendedExpr } from '../filter/extended-ast.ts'
import type { FindGroup } from '../filter/resolve-groups.ts'
import type { TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'
import type { CountedText } from '../store/store.ts'
import type { OverviewQuery, TraceOverview } from './overview.ts'
import type { TraceRank } from './rank-trace.ts'
import type { FoundSummary, SummaryWindow, TraceFilter } from './traces.ts'

/** What the traces of a search are ordered by; all orders begin with the greatest. */
export type SearchOrder = 'start' | 'duration' | 'segments'

/** A search for all that a window has. */
export type SearchQuery = SummaryWindow & {
  readonly filter?: TraceFilter
  readonly sort: SearchOrder
  /** How many traces are answered. Orders other than `start` hold so many in memory. */
  readonly limit: number
}

/** How far a search has come. */
export type SearchProgress = {
  /** Traces that were put together and asked; those that their rows ruled out are not among them. */
  readonly scanned: number
  /** Those of them that match. */
  readonly matched: number
  /** Since the question. */
  readonly seconds: number
  /** The trace time, epoch seconds, down to which everything has been looked at. */
  readonly upToSeconds: number
}

/** A trace that matches. */
export type SearchedTrace = FoundSummary & {
  /** Inferred ones included, as `segments()` of the extended dialect counts. */
  readonly segmentCount: number
}

/** What a search tells, while it goes on. The end is the last thing. */
export type SearchEvent =
  | { readonly kind: 'trace'; readonly trace: SearchedTrace }
  | ({ readonly kind: 'progress' } & SearchProgress)
  /** `isComplete` when the whole window was looked at. */
  | ({ readonly kind: 'end'; readonly isComplete: boolean } & SearchProgress)

/** A question about each conjunct of an expression. */
export type ExplainQuery = {
  readonly expression: ExtendedExpr
  /** The expressions of groups, which MUST be known. */
  readonly groups: FindGroup
  readonly needsWholeDocuments: boolean
}

/** How many traces satisfy each conjunct alone. */
export type ExplainedWindow = {
  /** Traces that were looked at, the newest of the window. */
  readonly scanned: number
  /** Whether those were all. */
  readonly isComplete: boolean
  /** Traces that satisfy all conjuncts. */
  readonly matched: number
  readonly clauses: readonly { readonly clause: ExtendedExpr; readonly matched: number }[]
}

/** Which conjuncts one trace satisfies, and where those in braces hold and do not. */
export type ExplainedTrace = {
  readonly id: TraceId
  readonly matches: boolean
  readonly clauses: readonly ExplainedClause[]
}

export type ExplainedClause = {
  readonly clause: ExtendedExpr
  readonly holds: boolean
  /** Each `service`, `segments`, `path` and `edge` of the clause, however it is joined with others. */
  readonly parts: readonly ExplainedPart[]
}

export type ExplainedPart = {
  readonly part: ExtendedExpr
  /** How many segments or calls it selects. */
  readonly selected: number
  /** Of how many of them the body is true. */
  readonly holding: number
  /** The first of them, those first of which the body is true. */
  readonly subjects: readonly ExplainedSubject[]
}

/** A segment, or the call that a caller made. */
export type ExplainedSubject = {
  /** Of the segment or subsegment; of an inferred segment, of the subsegment that it was inferred from. */
  readonly id: string
  /** The node; of calls, the callee. */
  readonly name: string
  readonly type?: string
  /** Of calls, the caller's node. */
  readonly from?: string
  readonly isInferred: boolean
  readonly holds: boolean
  /** The conjuncts of the body that are not true of it. */
  readonly failed: readonly ExtendedExpr[]
  /** For `path`: it does not stand below a segment of the first node. */
  readonly isElsewhere?: boolean
}

/** What can be completed. */
export type CompletionKind = 'service' | 'annotation-key' | 'annotation-value' | 'url' | 'user'

export type CompletionQuery = {
  readonly kind: CompletionKind
  /** What has been typed already, in the case that it has. */
  readonly prefix: string
  /** For `annotation-value`, of which annotation. */
  readonly key?: string
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly limit: number
}

/** A value, and how many traces have it. */
export type Completion = { readonly value: string | number | boolean; readonly traces: CountedText['traces'] }

/** What the console and the command line ask beside the X-Ray API. */
export interface TraceSearches {
  /**
   * All traces of a window that match, as they are found; for orders other than `start`, once all have been looked at.
   * Events that belong together come together.
   * Sees every document that was acknowledged before the question. Nothing goes on when the caller does not read on;
   * to give it up, abort. Rejects, before the first event or between two, when the store does.
   */
  search(tenant: Tenant, query: SearchQuery, signal?: AbortSignal): Promise<AsyncIterable<readonly SearchEvent[]>>
  /** Looks at the newest traces of a window, at most `limit`, and for three seconds. Sees what `search` does. */
  overview(tenant: Tenant, query: OverviewQuery, signal?: AbortSignal): Promise<TraceOverview>
  /** Looks at the newest traces of a window, at most `limit`. */
  explainWindow(
    tenant: Tenant,
    query: ExplainQuery & SummaryWindow & { readonly limit: number },
    signal?: AbortSignal,
  ): Promise<ExplainedWindow>
  /** Nothing when there is no such trace. */
  explainTrace(
    tenant: Tenant,
    query: ExplainQuery & { readonly id: TraceId },
    signal?: AbortSignal,
  ): Promise<ExplainedTrace | undefined>
  /** How long a trace took among those of its kind that began in the hour before. Nothing when there is no such trace. */
  rank(tenant: Tenant, id: TraceId, signal?: AbortSignal): Promise<TraceRank | undefined>
  /**
   * Values that traces have, the most common first. Read from rows as they are: what was acknowledged a second ago may
   * be missing.
   */
  complete(tenant: Tenant, query: CompletionQuery, signal?: AbortSignal): Promise<readonly Completion[]>
}
