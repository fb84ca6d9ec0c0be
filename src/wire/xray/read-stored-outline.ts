import type { SegmentDocument } from '../../model/entity.ts'
import { objectOf } from './fields.ts'
import { parseJson } from './parse-json.ts'
import { required } from './read-entity.ts'
import { readOutline } from './read-outline.ts'

/** The outline of an accepted document (`IncomingDocument.outline`), from the text that was stored of it. */
export function readStoredOutline(raw: string): SegmentDocument {
  return readOutline(required(objectOf(parseJson(raw, true)), 'JSON object'))
}
