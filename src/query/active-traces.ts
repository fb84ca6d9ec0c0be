import { setImmediate as nextTurn } from 'node:timers/promises'
import { compileFilter } from '../filter/evaluate.ts'
import { narrow } from '../filter/narrowing.ts'
import { traceFacts } from '../filter/trace-facts.ts'
import { SLOW_SECONDS } from '../model/summarize.ts'
import type { Tenant } from '../model/tenant.ts'
import { indexTrace, type TraceIndex } from '../model/trace-index.ts'
import type { TracePosition, TraceStore } from '../store/store.ts'
import type { GraphQuery } from './graphs.ts'
import type { TraceReader } from './read-traces.ts'

/** Traces that are put together between two turns of the event loop. */
const BATCH = 200
/** Traces that are found at a time. */
const PAGE = 2_000
/** Rows have whole microseconds, and windows of graphs are held against the times as they were sent. */
const ROUNDING_SECONDS = 1e-6

/** What a walk over traces needs. */
export type ActiveTracesParts = {
  readonly store: Pick<TraceStore, 'findTraces'>
  readonly reader: TraceReader
  /** Epoch seconds. */
  readonly nowSeconds: number
  /** What is done between two batches, and how large they are; absent, whatever waits is done. */
  readonly pause?: () => Promise<void>
  readonly batch?: number
}

/**
 * All traces that have anything to count in a window, in batches, and possibly some that have not. Other calls are
 * answered between two batches. Rejects when the caller has gone away.
 */
export async function* activeTraces(
  { store, reader, nowSeconds, pause = nextTurn, batch = BATCH }: ActiveTracesParts,
  tenant: Tenant,
  { window, filter }: GraphQuery,
  signal?: AbortSignal,
): AsyncGenerator<readonly TraceIndex[]> {
  const matches = filter === undefined ? undefined : compileFilter(filter.expression)
  const narrowing = filter === undefined ? {} : { narrowing: narrow(filter.expression) }
  const read = filter?.needsWholeDocuments === true ? reader.whole : reader.outlined
  const query = {
    kind: 'activity',
    fromSeconds: window.startSeconds - ROUNDING_SECONDS,
    toSeconds: window.endSeconds + ROUNDING_SECONDS,
    limit: PAGE,
    ...narrowing,
  } as const
  let after: TracePosition | undefined
  do {
    const hits = await store.findTraces(tenant, after === undefined ? query : { ...query, after }, signal)
    for (let at = 0; at < hits.length; at += batch) {
      const ids = hits.slice(at, at + batch).map(({ id }) => id)
      const indexes = Array.from((await read(tenant, ids, signal)).values(), indexTrace)
      yield matches === undefined
        ? indexes
        : indexes.filter((index) => matches(traceFacts(index, { nowSeconds, slowSeconds: SLOW_SECONDS })))
      await pause()
      signal?.throwIfAborted()
    }
    after = hits.length < PAGE ? undefined : hits.at(-1)
  } while (after !== undefined)
}
