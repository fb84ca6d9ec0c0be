import { traceFacts } from '../filter/trace-facts.ts'
import { SLOW_SECONDS } from '../model/summarize.ts'
import { indexTrace } from '../model/trace-index.ts'
import type { TraceQueriesContext } from './create-trace-queries.ts'
import { overviewOf } from './overview.ts'
import { kindOfTrace, RANK_SECONDS, rankAmong } from './rank-trace.ts'
import { createTraceReader } from './read-traces.ts'
import { completionOf, countedTexts } from './search-completion.ts'
import { explainBatches, explainFacts } from './search-explain.ts'
import { narrowingOf, searchEvents } from './search-traces.ts'
import { batchesOf, type WindowParts } from './search-window.ts'
import type { TraceSearches } from './searches.ts'

/** Searches a store, of any engine. */
export function createTraceSearches(context: TraceQueriesContext): TraceSearches {
  const { store, freshen, freshenRows, freshenTraces = freshen, now } = context
  const reader = createTraceReader(context)

  const freshened = async (signal: AbortSignal | undefined): Promise<void> => {
    // Both: the rows tell which traces there are, and what is said of them is read from their documents.
    await Promise.all([freshenRows(), freshen()])
    signal?.throwIfAborted()
  }
  const partsFor = (needsWholeDocuments: boolean): WindowParts => {
    return { store, now, read: needsWholeDocuments ? reader.whole : reader.outlined }
  }

  return {
    async search(tenant, query, signal) {
      await freshened(signal)
      const { filter, kind, fromSeconds, toSeconds } = query
      const parts = partsFor(filter?.needsWholeDocuments === true)
      const window = { kind, fromSeconds, toSeconds }
      return searchEvents(batchesOf(parts, tenant, window, narrowingOf(filter), signal), query, now)
    },

    async overview(tenant, query, signal) {
      await freshened(signal)
      const { filter, kind, fromSeconds, toSeconds } = query
      const parts = partsFor(filter?.needsWholeDocuments === true)
      const window = { kind, fromSeconds, toSeconds }
      return overviewOf(batchesOf(parts, tenant, window, narrowingOf(filter), signal), query, now)
    },

    async explainWindow(tenant, query, signal) {
      await freshened(signal)
      const { kind, fromSeconds, toSeconds } = query
      const window = { kind, fromSeconds, toSeconds }
      // Each conjunct is asked alone, so all traces are.
      const batches = batchesOf(partsFor(query.needsWholeDocuments), tenant, window, undefined, signal)
      return explainBatches(batches, query)
    },

    async explainTrace(tenant, query, signal) {
      await freshenTraces([query.id])
      signal?.throwIfAborted()
      const { read } = partsFor(query.needsWholeDocuments)
      const trace = (await read(tenant, [query.id], signal)).get(query.id)
      if (trace === undefined) return undefined
      const facts = traceFacts(indexTrace(trace), { nowSeconds: now(), slowSeconds: SLOW_SECONDS })
      return explainFacts(facts, query)
    },

    async rank(tenant, id, signal) {
      await freshened(signal)
      const parts = partsFor(false)
      const trace = (await parts.read(tenant, [id], signal)).get(id)
      if (trace === undefined) return undefined
      const facts = traceFacts(indexTrace(trace), { nowSeconds: now(), slowSeconds: SLOW_SECONDS })
      const toSeconds = facts.summary().startTime
      const span = { fromSeconds: toSeconds - RANK_SECONDS, toSeconds }
      const kind = kindOfTrace(facts)
      if (kind === undefined) return { ...span, compared: 0, shorter: 0, isComplete: true }
      const narrowing = { kind: 'name', name: kind.service } as const
      const batches = batchesOf(parts, tenant, { kind: 'trace-time', ...span }, narrowing, signal)
      return rankAmong(batches, { id, kind, durationSeconds: facts.durationSeconds(), ...span }, now)
    },

    async complete(tenant, query, signal) {
      const counted = await store.countTexts(tenant, countedTexts(query), signal)
      return counted.map((one) => completionOf(query, one))
    },
  }
}
