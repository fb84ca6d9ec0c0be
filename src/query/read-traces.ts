import { assemble } from '../model/assemble.ts'
import { currentDocuments } from '../model/current-documents.ts'
import type { SegmentDocument } from '../model/entity.ts'
import type { TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'
import type { Trace } from '../model/trace.ts'
import type { StoredTrace, TraceStore } from '../store/store.ts'

/** What reading traces needs. */
export type TraceReaderParts = {
  readonly store: Pick<TraceStore, 'read'>
  /** Reads the text of a stored document, which was accepted once and so can be read. */
  readonly readDocument: (raw: string) => SegmentDocument
  /** The same, without what nobody asks for who does not show the document. */
  readonly readOutline: (raw: string) => SegmentDocument
}

type ReadTraces = (
  tenant: Tenant,
  ids: readonly TraceId[],
  signal?: AbortSignal,
) => Promise<ReadonlyMap<TraceId, Trace>>

/** Reads stored traces and puts them together. Those without a root, and those that do not exist, are left out. */
export type TraceReader = {
  /** With everything that was sent. */
  readonly whole: ReadTraces
  /** As far as summaries, filters and graphs look at them: much quicker. */
  readonly outlined: ReadTraces
}

export function createTraceReader({ store, readDocument, readOutline }: TraceReaderParts): TraceReader {
  const assembleWhole = ({ id, calls, documents }: StoredTrace): Trace => {
    const read = currentDocuments(documents).map(({ raw, received }) => {
      return { document: readDocument(raw), received, bytes: Buffer.byteLength(raw) }
    })
    return assemble(id, calls.length, read)
  }

  const assembleOutlined = ({ id, calls, documents }: StoredTrace): Trace => {
    const read = currentDocuments(documents).map(({ raw, received }) => {
      return { document: readOutline(raw), received }
    })
    return assemble(id, calls.length, read)
  }

  return {
    async whole(tenant, ids, signal) {
      if (ids.length === 0) return new Map()
      return withRoots((await store.read(tenant, ids, signal)).values(), assembleWhole)
    },

    async outlined(tenant, ids, signal) {
      if (ids.length === 0) return new Map()
      return withRoots((await store.read(tenant, ids, signal)).values(), assembleOutlined)
    },
  }
}

function withRoots<Stored>(stored: Iterable<Stored>, assembled: (one: Stored) => Trace): ReadonlyMap<TraceId, Trace> {
  const traces = new Map<TraceId, Trace>()
  for (const one of stored) {
    const trace = assembled(one)
    if (trace.roots.length > 0) traces.set(trace.id, trace)
  }
  return traces
}
