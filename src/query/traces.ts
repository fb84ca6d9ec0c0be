import type { TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'
import type { Trace } from '../model/trace.ts'
import type { FindSummaries, SummaryHit, TracePosition, TraceWindow } from '../store/store.ts'

/** What part of time a question is about, in the store's terms. */
export type SummaryWindow = TraceWindow

/** One page of summaries, newest first. */
export type SummaryPage = {
  readonly summaries: readonly SummaryHit[]
  /** Where the next page begins; absent on the last. */
  readonly next?: TracePosition
  /** Traces looked at for this page, matching or not. */
  readonly scanned: number
}

/** Answers in terms of the model. Every answer sees every document that was acknowledged before the question. */
export interface TraceQueries {
  /** The traces with these ids, in the order asked, each once; those that do not exist are left out. */
  traces(tenant: Tenant, ids: readonly TraceId[], signal?: AbortSignal): Promise<readonly Trace[]>
  /** One page of the traces of a window. */
  summaries(tenant: Tenant, query: FindSummaries, signal?: AbortSignal): Promise<SummaryPage>
  /** How many traces a window has. */
  count(tenant: Tenant, window: SummaryWindow, signal?: AbortSignal): Promise<number>
}
