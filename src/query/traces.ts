import type { ResolvedExtendedExpr } from '../filter/extended-ast.ts'
import type { TraceId } from '../model/ids.ts'
import type { TraceSummary } from '../model/summary.ts'
import type { Tenant } from '../model/tenant.ts'
import type { Trace } from '../model/trace.ts'
import type { FindTraces, TracePosition, TraceWindow } from '../store/store.ts'

/** What part of time a question is about, in the store's terms. */
export type SummaryWindow = TraceWindow

/** Which traces are wanted. */
export type TraceFilter = {
  readonly expression: ResolvedExtendedExpr
  /** Whether it asks for what outlines leave out, such as metadata. */
  readonly needsWholeDocuments: boolean
}

/** One page of a window. */
export type FindSummaries = Omit<FindTraces, 'narrowing'> & {
  /** How many traces may be looked at for it; absent, any number. */
  readonly scanLimit?: number
  /** Leaves traces out that are looked at all the same. */
  readonly keeps?: (id: TraceId) => boolean
  readonly filter?: TraceFilter
}

/** A trace of a page. */
export type FoundSummary = {
  readonly summary: TraceSummary
  /** For windows of events: the latest start or end of a segment inside, epoch seconds; absent when there is none. */
  readonly matchedEventSeconds?: number
}

/** One page of summaries, newest first. */
export type SummaryPage = {
  readonly summaries: readonly FoundSummary[]
  /** Where the next page begins; absent on the last. */
  readonly next?: TracePosition
  /** Traces looked at for this page, matching or not. */
  readonly scanned: number
}

/** Answers in terms of the model. Every answer sees every document that was acknowledged before the question. */
export interface TraceQueries {
  /** The traces with these ids, in the order asked, each once; those that do not exist are left out. */
  traces(tenant: Tenant, ids: readonly TraceId[], signal?: AbortSignal): Promise<readonly Trace[]>
  /**
   * One page of the traces of a window. It may be short of its limit, or empty, and still have a next one: after
   * `scanLimit` traces, or two seconds.
   */
  summaries(tenant: Tenant, query: FindSummaries, signal?: AbortSignal): Promise<SummaryPage>
  /** How many traces a window has. */
  count(tenant: Tenant, window: SummaryWindow, signal?: AbortSignal): Promise<number>
}
