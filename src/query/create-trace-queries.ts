import { assemble } from '../model/assemble.ts'
import { currentDocuments } from '../model/current-documents.ts'
import type { SegmentDocument } from '../model/entity.ts'
import type { TraceId } from '../model/ids.ts'
import { summarize } from '../model/summarize.ts'
import type { Tenant } from '../model/tenant.ts'
import type { Trace } from '../model/trace.ts'
import type { StoredTrace, TraceStore } from '../store/store.ts'
import type { TraceQueries } from './traces.ts'

/** What queries need of the rest of the program. */
export type TraceQueriesContext = {
  readonly store: TraceStore
  /** Reads the text of a stored document, which was accepted once and so can be read. */
  readonly readDocument: (raw: string) => SegmentDocument
  /** Resolves once every document that was acknowledged before the call can be read from the store. */
  readonly freshen: () => Promise<void>
  /** Epoch seconds. */
  readonly now: () => number
}

/**
 * Answers from a store, of any engine. Each question is asked of the store as it is after one `freshen`; a trace that
 * disappears between two steps of an answer is left out of it.
 */
export function createTraceQueries({ store, readDocument, freshen, now }: TraceQueriesContext): TraceQueries {
  const assembleStored = ({ id, revision, documents }: StoredTrace): Trace =>
    assemble(
      id,
      revision,
      currentDocuments(documents).map(({ raw, received }) => ({
        document: readDocument(raw),
        received,
        bytes: Buffer.byteLength(raw),
      })),
    )

  /** The traces in the order of the ids. */
  const read = async (tenant: Tenant, ids: readonly TraceId[], signal?: AbortSignal): Promise<readonly Trace[]> => {
    if (ids.length === 0) return []
    const stored = await store.read(tenant, ids, signal)
    return ids
      .flatMap((id) => stored.get(id) ?? [])
      .map(assembleStored)
      .filter(({ roots }) => roots.length > 0)
  }

  return {
    async traces(tenant, ids, signal) {
      await freshen()
      signal?.throwIfAborted()
      return read(tenant, [...new Set(ids)], signal)
    },

    async summaries(tenant, query, signal) {
      await freshen()
      signal?.throwIfAborted()
      // One more than asked for tells whether there is a next page, without a second question.
      const found = await store.findTraces(tenant, { ...query, limit: query.limit + 1 }, signal)
      const page = found.slice(0, query.limit)
      const last = page.at(-1)
      const traces = await read(
        tenant,
        page.map(({ id }) => id),
        signal,
      )
      const nowSeconds = now()
      return {
        summaries: traces.map((trace) => summarize(trace, nowSeconds)),
        ...(found.length > page.length && last !== undefined ? { next: last } : {}),
        scanned: page.length,
      }
    },
  }
}
