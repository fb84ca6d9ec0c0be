import type { SegmentDocument } from '../../model/entity.ts'
import { readEntityId, readTraceId } from '../../model/ids.ts'
import { booleanOf, isSubsegment, objectOf, present, textOf } from './fields.ts'
import { parseJson } from './parse-json.ts'
import { readEntity, required } from './read-entity.ts'
import { repeatedEntities } from './repeated-entities.ts'

/**
 * The whole tree of an accepted document, from the `raw` text that `createDocumentReader` gave: normalised, and without
 * what is not in the schema (spec/ingest §2). It reads with every tolerance on, so that the answer does not depend on
 * settings that may have changed since. Throws for text that was never accepted.
 */
export function readSegmentDocument(raw: string): SegmentDocument {
  const document = required(objectOf(parseJson(raw, true)), 'JSON object')
  return present<SegmentDocument>({
    kind: isSubsegment(document) ? 'subsegment' : 'segment',
    traceId: required(readTraceId(textOf(document['trace_id']) ?? ''), 'trace_id'),
    parentId: readEntityId(textOf(document['parent_id']) ?? ''),
    inferred: booleanOf(document['inferred']) === true,
    entity: readEntity(document, repeatedEntities(document)),
  })
}
