import type { IncomingDocument } from '../model/document.ts'
import type { SearchFacts } from '../model/search-facts.ts'
import { toMicroseconds } from '../spool/document-row.ts'
import type { StoredTrace } from '../store/store.ts'
import type { OpenTrace } from './open-trace.ts'
import type { OpenTraces, TracedDocument } from './open-traces.ts'

/** An accepted document, as its trace keeps it. */
export function tracedDocument(document: IncomingDocument, received: number): TracedDocument {
  const { kind, id, complete, startTime, endTime, search } = document
  const startUs = toMicroseconds(startTime)
  if (endTime === undefined) return { kind, id, complete, search, received, startUs }
  return { kind, id, complete, search, received, startUs, endUs: toMicroseconds(endTime) }
}

/** Adds what the store has of a trace to it. */
export function addStored(
  open: OpenTraces,
  trace: OpenTrace,
  { calls, documents }: StoredTrace,
  searchFacts: (raw: string) => SearchFacts,
): void {
  for (const call of calls) trace.firstCall = Math.min(trace.firstCall, call)
  for (const { kind, id, complete, received, startUs, endUs, raw } of documents) {
    const times = endUs === undefined ? { startUs } : { startUs, endUs }
    open.add(trace, { kind, id, complete, received, ...times, search: searchFacts(raw) })
  }
}
