import type { TraceId } from '../model/ids.ts'
import { readTraceId } from '../model/ids.ts'
import { processedDocuments } from '../model/processed-documents.ts'
import type { ProcessedDocument } from '../model/processed-documents.ts'
import { indexTrace } from '../model/trace-index.ts'
import { traceSpan } from '../model/trace-span.ts'
import type { Trace } from '../model/trace.ts'
import type { TraceQueries } from '../query/traces.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import type { Shapes, Wire } from '../wire/xray/shapes.generated.ts'
import type { Handler } from './handler.ts'
import type { IsIndexed } from './indexing-rules.ts'

const MAX_IDS = 5

/** One entry of a trace as JSON text, in AWS's key order (wire/xray/write-document.ts). */
export type WriteDocument = (traceId: TraceId, document: ProcessedDocument) => string

/** The checks of spec/query §2.6 that come before the bounds of the model. */
export function checkBatchGetTraces(input: Shapes['BatchGetTraces']['input']): void {
  if (input.NextToken !== undefined) fail('InvalidRequestException', 'NextToken is currently not supported')
  const count = input.TraceIds.length
  if (count > MAX_IDS) fail('InvalidRequestException', `Exceeding maximum query size: ${MAX_IDS}`)
  // The model gives the list no minimum, the service does; the wording is that of a bound.
  if (count === 0) {
    const constraint = 'Member must have length greater than or equal to 1'
    const message = `1 validation error detected: Value '[]' at 'traceIds' failed to satisfy constraint: ${constraint}`
    fail('InvalidRequestException', message)
  }
}

/**
 * The traces with these ids as processed documents, each once, in the order asked; ids that nothing is stored under
 * come back as unprocessed, as they were sent (spec/query §2.6). A trace of `limitBytes` took no more documents.
 * One that is not indexed is answered as if it were not stored (§4.9).
 */
export function batchGetTraces(
  queries: Pick<TraceQueries, 'traces'>,
  writeDocument: WriteDocument,
  limitBytes: number,
  isIndexed: IsIndexed = () => true,
): Handler<'BatchGetTraces'> {
  const writeTrace = (trace: Trace, nowSeconds: number): Wire['Trace'] => ({
    Id: trace.id,
    Duration: traceSpan(indexTrace(trace), nowSeconds).durationSeconds,
    LimitExceeded: (trace.storedBytes ?? 0) >= limitBytes,
    Segments: processedDocuments(trace).map((document) => ({
      Id: document.entity.id,
      Document: writeDocument(trace.id, document),
    })),
  })
  return async ({ TraceIds: texts }, call) => {
    const asked = new Map<string, string>()
    for (const text of texts) {
      const key = readTraceId(text) ?? text
      if (!asked.has(key)) asked.set(key, text)
    }
    const ids = [...asked.keys()].map(readTraceId).filter((id) => id !== undefined)
    const stored = ids.length === 0 ? [] : await queries.traces(call.tenant, ids, call.signal)
    const traces = stored.filter((trace) =>
      isIndexed(call.tenant, trace.id, () => traceSpan(indexTrace(trace), call.nowSeconds).startTime),
    )
    for (const trace of traces) asked.delete(trace.id)
    return {
      Traces: traces.map((trace) => writeTrace(trace, call.nowSeconds)),
      UnprocessedTraceIds: [...asked.values()],
    }
  }
}
