import type { Tenant } from '../model/tenant.ts'
import { readTraceId } from '../model/ids.ts'
import { processedDocuments } from '../model/processed-documents.ts'
import { indexTrace } from '../model/trace-index.ts'
import { traceSpan } from '../model/trace-span.ts'
import type { Trace } from '../model/trace.ts'
import type { TraceQueries } from '../query/traces.ts'
import type { SpanText } from '../wire/otlp/write-spans.ts'
import { writeSpans } from '../wire/otlp/write-spans.ts'
import type { Wire } from '../wire/xray/shapes.generated.ts'
import type { WriteDocument } from './batch-get-traces.ts'
import { segmentSpans } from './segment-spans.ts'

const MAX_TRACES = 5
const MAX_SPANS = 100

/** A page also ends after this much text, so that an answer is no heavier than one of BatchGetTraces. */
const MAX_PAGE_CHARS = 8 * 2 ** 20

/** Where a page begins: at which of the traces that were found, and after how many of its spans. */
export type SpanPosition = { readonly trace: number; readonly span: number }

/** What the traces of a page are read from and written with. */
export type SpanPageParts = {
  readonly queries: Pick<TraceQueries, 'traces'>
  readonly writeDocument: WriteDocument
  readonly tenant: Tenant
  readonly traceIds: readonly string[]
  readonly format: 'XRAY' | 'OTEL'
  readonly nowSeconds: number
  readonly signal: AbortSignal
}

/** One page of retrieved traces: of up to five of them, up to a hundred spans each (spec/query §4.11). */
export async function readSpanPage(
  { queries, writeDocument, tenant, traceIds, format, nowSeconds, signal }: SpanPageParts,
  from: SpanPosition,
): Promise<{ readonly traces: readonly Wire['RetrievedTrace'][]; readonly next?: SpanPosition }> {
  const asked = traceIds.slice(from.trace, from.trace + MAX_TRACES)
  const ids = asked.map(readTraceId).filter((id) => id !== undefined)
  const read = ids.length === 0 ? [] : await queries.traces(tenant, ids, signal)
  const byId = new Map<string, Trace>(read.map((trace) => [trace.id, trace]))
  const traces: Wire['RetrievedTrace'][] = []
  let left = MAX_PAGE_CHARS
  for (const [index, id] of asked.entries()) {
    const trace = byId.get(id)
    // Traces may have gone since they were found.
    if (trace === undefined) continue
    const first = index === 0 ? from.span : 0
    const Spans: Wire['Span'][] = []
    let at = 0
    for (const { id: Id, document: Document } of spansOf(trace, format, writeDocument)) {
      if (at++ < first) continue
      // A page has at least one span, or there would be no end.
      const isFull = Spans.length === MAX_SPANS || (left <= 0 && traces.length + Spans.length > 0)
      if (isFull) {
        if (Spans.length > 0) traces.push({ Id: trace.id, Duration: durationOf(trace, nowSeconds), Spans })
        return { traces, next: { trace: from.trace + index, span: at - 1 } }
      }
      left -= Document.length
      Spans.push({ Id, Document })
    }
    traces.push({ Id: trace.id, Duration: durationOf(trace, nowSeconds), Spans })
  }
  const next = from.trace + asked.length
  return next < traceIds.length ? { traces, next: { trace: next, span: 0 } } : { traces }
}

function* spansOf(trace: Trace, format: 'XRAY' | 'OTEL', writeDocument: WriteDocument): Generator<SpanText> {
  for (const document of processedDocuments(trace)) {
    if (format === 'XRAY') yield* segmentSpans(trace.id, document, writeDocument)
    // What is inferred is no span that anybody sent: in OpenTelemetry's terms, the call alone is one.
    else if (document.kind !== 'inferred') yield* writeSpans(trace.id, document)
  }
}

function durationOf(trace: Trace, nowSeconds: number): number {
  return traceSpan(indexTrace(trace), nowSeconds).durationSeconds
}
