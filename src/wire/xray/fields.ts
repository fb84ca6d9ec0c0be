import type { Json, JsonObject } from '../../model/json.ts'

// The one place that says what "absent" means (spec/ingest §2.0). The reader that decides on acceptance and the one
// that builds the tree both ask here, so they cannot disagree. Only schema fields pass through; annotations, metadata
// and free-form `aws` values do not.

type Value = Json | undefined

const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/

/** A field that identifies (`id`, `trace_id`, `parent_id`, `name`, `type`): a string that is not empty. */
export function textOf(value: Value): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Any other string field: numbers and booleans become their JSON text. */
export function looseTextOf(value: Value): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined
  if (typeof value === 'boolean') return String(value)
  return textOf(value)
}

/** A number field: a finite number, or its decimal text. Negative zero reads as zero. */
export function numberOf(value: Value): number | undefined {
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number + 0 : undefined
}

/** A boolean field: true, false, or either as text in any case. */
export function booleanOf(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string' || value.length > 5) return undefined
  const lower = value.toLowerCase()
  return lower === 'true' ? true : lower === 'false' ? false : undefined
}

/** Tells arrays from objects, which `Array.isArray` cannot do for readonly arrays. */
export function isList(value: Value): value is readonly Json[] {
  return Array.isArray(value)
}

/** An object field. */
export function objectOf(value: Value): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !isList(value) ? value : undefined
}

/** An array field. */
export function listOf(value: Value): readonly Json[] | undefined {
  return isList(value) ? value : undefined
}

/** The objects of an array field; nulls and other types are skipped. */
export function objectsIn(value: Value): readonly JsonObject[] | undefined {
  return listOf(value)?.filter(isObject)
}

/** The same, for the fields where a single object stands for a list of it. */
export function objectsOf(value: Value): readonly JsonObject[] | undefined {
  const single = objectOf(value)
  if (single !== undefined) return [single]
  return objectsIn(value)
}

function isObject(value: Json): value is JsonObject {
  return objectOf(value) !== undefined
}

/** The texts of an array field; nulls and other types are skipped. */
export function textsOf(value: Value): readonly string[] | undefined {
  return listOf(value)?.flatMap((element) => looseTextOf(element) ?? [])
}

/**
 * When an entity ended: epoch seconds, `'open'` while it is in progress, or undefined where neither can be told, which
 * is a fault. .NET writes `end_time: 0` for open entities; a positive end outweighs the flag (spec/ingest §2.3).
 */
export function endOf(entity: JsonObject): number | 'open' | undefined {
  const end = numberOf(entity['end_time'])
  if (end !== undefined) return end > 0 ? end : 'open'
  return booleanOf(entity['in_progress']) === true ? 'open' : undefined
}

/** Whether a top-level object is an independent subsegment; any other `type` counts as none (spec/ingest §2.1). */
export function isSubsegment(document: JsonObject): boolean {
  return textOf(document['type'])?.toLowerCase() === 'subsegment'
}

/** The object without its undefined members: absent is absent, never undefined or null. For our own keys only. */
export function present<T extends object>(members: { readonly [Key in keyof T]: T[Key] | undefined }): T {
  const result: { [Key in keyof T]?: T[Key] } = {}
  for (const key of Object.keys(members) as (keyof T)[]) {
    const value = members[key]
    if (value !== undefined) result[key] = value
  }
  // Only members that T lets be undefined can have been left out.
  return result as T
}
