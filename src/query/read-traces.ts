import { assemble } from '../model/assemble.ts'
import { currentDocuments } from '../model/current-documents.ts'
import type { StoredDocument } from '../model/document.ts'
import type { SegmentDocument } from '../model/entity.ts'
import type { TraceId } from '../model/ids.ts'
import type { ReceivedDocument } from '../model/received-document.ts'
import type { Tenant } from '../model/tenant.ts'
import type { Trace } from '../model/trace.ts'
import { rowTimeOf } from '../store/row-time.ts'
import type { StoredTrace, TraceStore } from '../store/store.ts'

/** What reading traces needs. */
export type TraceReaderParts = {
  readonly store: Pick<TraceStore, 'read'>
  /** Reads the text of a stored document, which was accepted once and so can be read. */
  readonly readDocument: (raw: string) => SegmentDocument
  /** The same, without what nobody asks for who does not show the document. */
  readonly readOutline: (raw: string) => SegmentDocument
}

/** A trace as it was read. */
export type TraceRead = Trace & {
  /** The time of its row, once it is written (`TraceRow`). */
  readonly rowTimeSeconds: number
}

type ReadTraces = (
  tenant: Tenant,
  ids: readonly TraceId[],
  signal?: AbortSignal,
) => Promise<ReadonlyMap<TraceId, TraceRead>>

/** Reads stored traces and puts them together. Those without a root, and those that do not exist, are left out. */
export type TraceReader = {
  /** With everything that was sent. */
  readonly whole: ReadTraces
  /** As far as summaries, filters and graphs look at them: much quicker. */
  readonly outlined: ReadTraces
}

export function createTraceReader({ store, readDocument, readOutline }: TraceReaderParts): TraceReader {
  const whole = ({ raw, received }: StoredDocument): ReceivedDocument => {
    return { document: readDocument(raw), received, bytes: Buffer.byteLength(raw) }
  }
  const outlined = ({ raw, received }: StoredDocument): ReceivedDocument => {
    return { document: readOutline(raw), received }
  }

  return {
    async whole(tenant, ids, signal) {
      if (ids.length === 0) return new Map()
      return withRoots((await store.read(tenant, ids, signal)).values(), whole)
    },

    async outlined(tenant, ids, signal) {
      if (ids.length === 0) return new Map()
      return withRoots((await store.read(tenant, ids, signal)).values(), outlined)
    },
  }
}

function withRoots(
  stored: Iterable<StoredTrace>,
  read: (document: StoredDocument) => ReceivedDocument,
): ReadonlyMap<TraceId, TraceRead> {
  const traces = new Map<TraceId, TraceRead>()
  for (const { id, calls, documents } of stored) {
    const current = currentDocuments(documents)
    const trace = assemble(id, calls.length, current.map(read))
    if (trace.roots.length > 0) traces.set(id, { ...trace, rowTimeSeconds: rowTimeOf(id, current) })
  }
  return traces
}
