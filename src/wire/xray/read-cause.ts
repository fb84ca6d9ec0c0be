import type { Cause, Exception, StackFrame } from '../../model/entity.ts'
import { readEntityId } from '../../model/ids.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { booleanOf, looseTextOf, numberOf, objectOf, objectsIn, objectsOf, present, textOf, textsOf } from './fields.ts'

/** A reference as text, or the exceptions as an object; anything else is no cause (spec/ingest §2.9). */
export function readCause(value: Json | undefined): Cause | undefined {
  const reference = canonicalId(value)
  if (reference !== undefined) return { kind: 'reference', id: reference }
  const fields = objectOf(value)
  if (fields === undefined) return undefined
  return present<Extract<Cause, { kind: 'exceptions' }>>({
    kind: 'exceptions',
    id: canonicalId(fields['id']),
    message: looseTextOf(fields['message']),
    workingDirectory: looseTextOf(fields['working_directory']),
    paths: textsOf(fields['paths']),
    exceptions: objectsOf(fields['exceptions'])?.map(readException),
  })
}

/**
 * An id that may be of an exception or of an entity. Lower case when it is 16 hex digits, so that references meet what
 * they refer to; some tracers write other things, which stay as they are.
 */
export function canonicalId(value: Json | undefined): string | undefined {
  const sent = textOf(value)
  return sent === undefined ? undefined : (readEntityId(sent) ?? sent)
}

function readException(fields: JsonObject): Exception {
  return present<Exception>({
    id: canonicalId(fields['id']),
    message: looseTextOf(fields['message']),
    type: looseTextOf(fields['type']),
    remote: booleanOf(fields['remote']),
    truncated: numberOf(fields['truncated']),
    skipped: numberOf(fields['skipped']),
    cause: canonicalId(fields['cause']),
    stack: objectsIn(fields['stack'])?.map(readFrame),
  })
}

function readFrame(fields: JsonObject): StackFrame {
  return present<StackFrame>({
    path: looseTextOf(fields['path']),
    line: numberOf(fields['line']),
    label: looseTextOf(fields['label']),
  })
}
