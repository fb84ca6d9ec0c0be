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
  /** Epoch seconds. */
  readonly now: () => number
}

/** Answers from a store, of any engine. Each list or question sees what was acknowledged before it began. */
export function createTraceQueries(context: TraceQueriesContext): TraceQueries {
  const { store, freshen, freshenRows, now } = context
  const reader = createTraceReader(context)
  return {
    async traces(tenant, ids, signal) {
      await freshen()
      signal?.throwIfAborted()
      const traces = await reader.whole(tenant, [...new Set(ids)], signal)
      return [...new Set(ids)].flatMap((id) => traces.get(id) ?? [])
    },

    async summaries(tenant, query, signal) {
      // Both: the rows tell which traces there are, and what is said of them is read from their documents. Whoever goes
      // on with a list had that done at its beginning, and has no claim to what came since.
      if (query.after === undefined) await Promise.all([freshenRows(), freshen()])
      signal?.throwIfAborted()
      return scanTraces({ store, reader, nowMs: () => now() * 1000 }, tenant, query, signal)
    },

    async count(tenant, window, signal) {
      await freshenRows()
      return store.countTraces(tenant, window, signal)
    },
  }
}
