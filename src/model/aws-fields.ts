import type { Json, JsonObject } from './json.ts'

/** The object under a key of free-form data, or undefined when there is anything else. */
export function objectAt(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = at(object, key)
  return isObject(value) ? value : undefined
}

/** The objects under a key; a single one counts as a list of one, as some SDKs send it (spec/ingest §2.6). */
export function objectsAt(object: JsonObject | undefined, key: string): readonly JsonObject[] {
  const value = at(object, key)
  return isList(value) ? value.filter(isObject) : isObject(value) ? [value] : []
}

/** The text under a key, a number as its digits; undefined when there is anything else or nothing (spec/ingest §2.0). */
export function textAt(object: JsonObject | undefined, key: string): string | undefined {
  const value = at(object, key)
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The texts of a list under a key, without anything else in it; empty when there is no list. */
export function textsAt(object: JsonObject | undefined, key: string): readonly string[] {
  const value = at(object, key)
  if (!isList(value)) return []
  return value.filter((element): element is string => typeof element === 'string' && element !== '')
}

/** Keys are ours, and none of them is one that objects inherit, so that to look is enough, and faster than to ask. */
function at(object: JsonObject | undefined, key: string): Json | undefined {
  return object === undefined ? undefined : object[key]
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value)
}
