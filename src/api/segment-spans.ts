import type { Entity } from '../model/entity.ts'
import type { EntityId, TraceId } from '../model/ids.ts'
import type { ProcessedDocument } from '../model/processed-documents.ts'
import type { SpanText } from '../wire/otlp/write-spans.ts'
import type { WriteDocument } from './batch-get-traces.ts'

/** The model's bound on the document of a span, in characters. */
const MAX_SPAN_CHARS = 204_800

/**
 * A segment as retrieved traces have it: its document. One that is too long for that, with all that was attached to it,
 * falls apart into its entities, as if each subsegment had been sent on its own; of one that is too long even so, the
 * metadata is left out.
 */
export function* segmentSpans(
  traceId: TraceId,
  document: ProcessedDocument,
  writeDocument: WriteDocument,
  maxChars = MAX_SPAN_CHARS,
): Generator<SpanText> {
  const whole = writeDocument(traceId, document)
  if (whole.length <= maxChars) {
    yield { id: document.entity.id, document: whole }
    return
  }
  const top = document.entity
  yield* spanOf(traceId, { ...document, entity: alone(top) }, writeDocument, maxChars)
  const waiting: { readonly entity: Entity; readonly parentId: EntityId }[] = []
  const push = ({ id: parentId, subsegments }: Entity): void => {
    for (const entity of subsegments.toReversed()) waiting.push({ entity, parentId })
  }
  push(top)
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { entity, parentId } = next
    yield* spanOf(traceId, { kind: 'orphan', parentId, entity: alone(entity) }, writeDocument, maxChars)
    push(entity)
  }
}

function* spanOf(
  traceId: TraceId,
  document: ProcessedDocument,
  writeDocument: WriteDocument,
  maxChars: number,
): Generator<SpanText> {
  const { id } = document.entity
  const text = writeDocument(traceId, document)
  const { metadata: _, ...entity } = document.entity
  const short = text.length <= maxChars ? text : writeDocument(traceId, { ...document, entity })
  if (short.length <= maxChars) yield { id, document: short }
}

const alone = (entity: Entity): Entity => ({ ...entity, subsegments: [] })
