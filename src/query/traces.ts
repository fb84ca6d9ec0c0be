import type { TraceId } from '../model/ids.ts'
import type { TraceSummary } from '../model/summary.ts'
import type { Tenant } from '../model/tenant.ts'
import type { Trace } from '../model/trace.ts'
import type { FindTraces, TracePosition } from '../store/store.ts'

/** One page of summaries, newest first. */
export type SummaryPage = {
  readonly summaries: readonly TraceSummary[]
  /** Where the next page begins; absent on the last. */
  readonly next?: TracePosition
  /** Traces looked at for this page, matching or not. */
  readonly scanned: number
}

/** Answers in terms of the model. Every answer sees every document that was acknowledged before the question. */
export interface TraceQueries {
  /** The traces with these ids, in the order asked, each once; those that do not exist are left out. */
  traces(tenant: Tenant, ids: readonly TraceId[], signal?: AbortSignal): Promise<readonly Trace[]>
  /** One page of the traces in a window of time. */
  summaries(tenant: Tenant, query: FindTraces, signal?: AbortSignal): Promise<SummaryPage>
}
