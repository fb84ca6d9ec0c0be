import { Queues } from '../control/queues.ts'
import type { Retrieval, RetrievalRequest, Retrievals } from '../control/retrievals.ts'
import { hasEnded } from '../control/retrievals.ts'
import { readTraceId } from '../model/ids.ts'
import type { TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'
import { indexTrace } from '../model/trace-index.ts'
import { traceSpan } from '../model/trace-span.ts'
import type { Trace } from '../model/trace.ts'
import type { TraceQueries } from '../query/traces.ts'

/** The work of retrievals, in this process. */
export type RetrievalJobs = AsyncDisposable & {
  /** Looks for the traces of a retrieval that has not ended, unless that is under way. */
  ensure(tenant: Tenant, token: string, retrieval: Retrieval): void
  /** Whether traces are being looked for, rather than waiting for their turn. */
  isRunning(token: string): boolean
  /** Gives up what is under way or waiting. */
  stop(token: string): void
}

/** What retrievals need. */
export type RetrievalParts = {
  readonly retrievals: Retrievals
  readonly queries: Pick<TraceQueries, 'traces'>
  /** Milliseconds since the epoch. */
  readonly clock: () => number
  /** Told of a retrieval that failed. */
  readonly onError: (error: unknown) => void
}

type Job = { readonly abort: AbortController; running: boolean }

/** Traces in memory at a time; one may have megabytes. */
const AT_A_TIME = 5

/**
 * Looks for traces one retrieval after the other, so that a hundred of them are no heavier than one. What a process that
 * died left undone is done when somebody asks for it (`ensure`).
 */
export function createRetrievalJobs({ retrievals, queries, clock, onError }: RetrievalParts): RetrievalJobs {
  const jobs = new Map<string, Job>()
  const queues = new Queues()
  let closed = false

  async function work(tenant: Tenant, token: string, request: RetrievalRequest, job: Job): Promise<void> {
    const { signal } = job.abort
    try {
      if (signal.aborted) return
      job.running = true
      const found = await findTraces(queries, tenant, request, clock() / 1000, signal)
      await retrievals.end(tenant, token, { status: 'COMPLETE', traceIds: found }, clock() / 1000)
    } catch (error) {
      if (signal.aborted) return
      onError(error)
      // When even this cannot be written, it stays scheduled, and is tried again when somebody asks.
      await retrievals.end(tenant, token, { status: 'FAILED' }, clock() / 1000).catch(onError)
    } finally {
      jobs.delete(token)
    }
  }

  return {
    ensure(tenant, token, retrieval) {
      if (closed || hasEnded(retrieval) || jobs.has(token)) return
      const job = { abort: new AbortController(), running: false }
      jobs.set(token, job)
      void queues.take('retrieval', () => work(tenant, token, retrieval, job))
    },
    isRunning: (token) => jobs.get(token)?.running === true,
    stop: (token) => jobs.get(token)?.abort.abort(),
    async [Symbol.asyncDispose]() {
      closed = true
      for (const { abort } of jobs.values()) abort.abort()
      await queues.settled()
    },
  }
}

/** The ids of those traces that are there and were active in the time asked for, in the order asked. */
async function findTraces(
  queries: Pick<TraceQueries, 'traces'>,
  tenant: Tenant,
  { traceIds, fromSeconds, toSeconds }: RetrievalRequest,
  nowSeconds: number,
  signal: AbortSignal,
): Promise<readonly TraceId[]> {
  const found: TraceId[] = []
  for await (const trace of readTraces(queries, tenant, traceIds, signal)) {
    const { startTime, durationSeconds } = traceSpan(indexTrace(trace), nowSeconds)
    if (startTime <= toSeconds && startTime + durationSeconds >= fromSeconds) found.push(trace.id)
  }
  signal.throwIfAborted()
  return found
}

/** The traces with these ids that are there, in their order; a few are in memory at a time. */
export async function* readTraces(
  queries: Pick<TraceQueries, 'traces'>,
  tenant: Tenant,
  texts: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Trace, void, undefined> {
  const ids = texts.map(readTraceId).filter((id) => id !== undefined)
  for (let from = 0; from < ids.length; from += AT_A_TIME) {
    signal.throwIfAborted()
    yield* await queries.traces(tenant, ids.slice(from, from + AT_A_TIME), signal)
  }
}
