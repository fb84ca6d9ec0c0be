import type { Cause, Entity } from '../entity.ts'
import type { Json } from '../json.ts'
import { RawNumber } from '../raw-number.ts'

/**
 * What an entity says, one text at a time: its id and name, its request, user and origin, its SQL, exceptions,
 * annotations, and the keys and values of `aws` and of metadata, however deep. Of the segment alone, not of its
 * subsegments; not recursive.
 */
export function* entityTexts(entity: Entity): Generator<string, void, undefined> {
  const { id, name, http, user, origin, resourceArn, sql, cause, annotations, aws, metadata } = entity
  yield* sent([id, name, user, origin, resourceArn, http?.method, http?.url, http?.userAgent, http?.clientIp])
  if (http?.status !== undefined) yield String(http.status)
  if (sql !== undefined) yield* sent(Object.values(sql))
  if (cause !== undefined) yield* causeTexts(cause)
  for (const [key, value] of annotations ?? []) {
    yield key
    yield value instanceof RawNumber ? value.lexeme : String(value)
  }
  if (aws !== undefined) yield* jsonTexts(aws)
  for (const [namespace, json] of metadata ?? []) {
    yield namespace
    yield* jsonTexts(json)
  }
}

function* sent(texts: Iterable<string | undefined>): Generator<string, void, undefined> {
  for (const text of texts) if (text !== undefined) yield text
}

function* causeTexts(cause: Cause): Generator<string, void, undefined> {
  if (cause.kind === 'reference') return
  yield* sent([cause.message])
  for (const { type, message } of cause.exceptions ?? []) yield* sent([type, message])
}

function* jsonTexts(top: Json): Generator<string, void, undefined> {
  const waiting: Json[] = [top]
  for (let json = waiting.pop(); json !== undefined; json = waiting.pop()) {
    if (json === null) continue
    if (typeof json !== 'object') yield String(json)
    else if (json instanceof RawNumber) yield json.lexeme
    else if (isList(json)) for (const element of json) waiting.push(element)
    else {
      for (const [key, member] of Object.entries(json)) {
        yield key
        waiting.push(member)
      }
    }
  }
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json)
}
