import type { RetrievalJobs } from '../api/retrieval-jobs.ts'
import { createRetrievalJobs } from '../api/retrieval-jobs.ts'
import type { Settings } from '../control/settings.ts'
import type { TraceQueries } from '../query/traces.ts'
import type { ClosingStack } from './closing-stack.ts'
import type { Log } from './log.ts'

/** What the work of retrievals needs from outside. */
export type RetrievalWork = {
  readonly settings: Settings
  readonly queries: TraceQueries
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly log: Log
}

/** The work of retrievals (spec/query §4.11); what is under way is given up before the store closes. */
export function openRetrievalJobs({ settings, queries, now, log }: RetrievalWork, opened: ClosingStack): RetrievalJobs {
  const jobs = createRetrievalJobs({
    retrievals: settings.retrievals,
    queries,
    clock: now,
    onError: (error) => log.warn({ err: error }, 'traces could not be retrieved'),
  })
  opened.defer(async () => jobs[Symbol.asyncDispose]())
  return jobs
}
