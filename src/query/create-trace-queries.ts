import type { TraceId } from '../model/ids.ts'
import type { TraceStore } from '../store/store.ts'
import { createTraceReader, type TraceReaderParts } from './read-traces.ts'
import { scanTraces } from './scan-traces.ts'
import type { TraceQueries } from './traces.ts'

/** What queries need of the rest of the program. */
export type TraceQueriesContext = Omit<TraceReaderParts, 'store'> & {
  readonly store: TraceStore
  /** Resolves once every document that was acknowledged before the call can be read from the store. */
  readonly freshen: () => Promise<void>
  /** The same for the rows that are made of them. */
  readonly freshenRows: () => Promise<void>
  /** As `freshen`, for the documents of these traces alone, which may be quicker. Left out, it is `freshen`. */
  readonly freshenTraces?: (ids: readonly TraceId[]) => Promise<void>
  /**
   * As `freshen` and `freshenRows`, but under a heavy load perhaps without what came in the last moment
   * (`SharedFreshening`). Left out, it is both.
   */
  readonly freshenPage?: () => Promise<unknown>
  /** Epoch seconds. */
  readonly now: () => number
}

/**
 * Answers from a store, of any engine. Each question sees what was acknowledged before it began; a list under a heavy load
 * perhaps what was acknowledged a moment earlier.
 */
export function createTraceQueries(context: TraceQueriesContext): TraceQueries {
  const { store, freshen, freshenRows, now } = context
  const { freshenTraces = freshen, freshenPage = () => Promise.all([freshen(), freshenRows()]) } = context
  const reader = createTraceReader(context)
  return {
    async traces(tenant, ids, signal) {
      await freshenTraces(ids)
      signal?.throwIfAborted()
      const traces = await reader.whole(tenant, [...new Set(ids)], signal)
      return [...new Set(ids)].flatMap((id) => traces.get(id) ?? [])
    },

    async summaries(tenant, query, signal) {
      // Both: the rows tell which traces there are, and what is said of them is read from their documents. Whoever goes
      // on with a list had that done at its beginning, and has no claim to what came since.
      if (query.after === undefined) await freshenPage()
      signal?.throwIfAborted()
      return scanTraces({ store, reader, nowMs: () => now() * 1000 }, tenant, query, signal)
    },

    async count(tenant, window, signal) {
      await freshenPage()
      return store.countTraces(tenant, window, signal)
    },
  }
}
