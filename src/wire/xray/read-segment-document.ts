import type { Entity, SegmentDocument } from '../../model/entity.ts'
import { readEntityId, readTraceId } from '../../model/ids.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { hasLongNumbers, parseExact } from './exact-numbers.ts'
import type { ExactDocument } from './exact-numbers.ts'
import { booleanOf, isSubsegment, objectOf, present, textOf } from './fields.ts'
import { parseJson, withoutNonFinite } from './parse-json.ts'
import { embeddedIn, readEntity, required } from './read-entity.ts'
import { repeatedEntities } from './repeated-entities.ts'

/**
 * The whole tree of an accepted document, from the `raw` text that `createDocumentReader` gave: normalised, and without
 * what is not in the schema (spec/ingest §2). It reads with every tolerance on, so that the answer does not depend on
 * settings that may have changed since. Numbers in annotations and metadata that a double would change are there as
 * `RawNumber` (spec/ingest §6.5). Throws for text that was never accepted.
 */
export function readSegmentDocument(raw: string): SegmentDocument {
  const exact = hasLongNumbers(raw) ? exactDocument(raw) : undefined
  const document = required(objectOf(exact === undefined ? parseJson(raw, true) : exact.value), 'JSON object')
  const omitted = repeatedEntities(document)
  const entity = readEntity(document, omitted)
  return present<SegmentDocument>({
    kind: isSubsegment(document) ? 'subsegment' : 'segment',
    traceId: required(readTraceId(textOf(document['trace_id']) ?? ''), 'trace_id'),
    parentId: readEntityId(textOf(document['parent_id']) ?? ''),
    inferred: booleanOf(document['inferred']) === true,
    entity: exact === undefined ? entity : withExactAnnotations(entity, document, omitted, exact.annotations),
  })
}

/** Undefined for text that is no JSON, which `parseJson` is left to judge. */
function exactDocument(raw: string): ExactDocument | undefined {
  const text = isJson(raw) ? raw : withoutNonFinite(raw)
  return isJson(text) ? parseExact(text) : undefined
}

function isJson(text: string): boolean {
  return parseJson(text, false) !== undefined
}

/** Puts the digits back that reading lost. Recursive like the reader: an accepted document nests 256 levels at most. */
function withExactAnnotations(
  entity: Entity,
  fields: JsonObject,
  omitted: ReadonlySet<JsonObject>,
  exact: ExactDocument['annotations'],
): Entity {
  if (exact.size === 0) return entity
  const kept = embeddedIn(fields).filter((subsegment) => !omitted.has(subsegment))
  const subsegments = entity.subsegments.map((subsegment, position) =>
    withExactAnnotations(subsegment, kept[position] ?? {}, omitted, exact),
  )
  const numbers = exactOf(fields['annotations'], exact)
  if (entity.annotations === undefined || numbers === undefined) return { ...entity, subsegments }
  const annotations = new Map(entity.annotations)
  // Where the reader refused a member it stays refused.
  for (const [key, number] of numbers) if (typeof annotations.get(key) === 'number') annotations.set(key, number)
  return { ...entity, annotations, subsegments }
}

function exactOf(
  annotations: Json | undefined,
  exact: ExactDocument['annotations'],
): ReturnType<ExactDocument['annotations']['get']> {
  const fields = objectOf(annotations)
  return fields === undefined ? undefined : exact.get(fields)
}
