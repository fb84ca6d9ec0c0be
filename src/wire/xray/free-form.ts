import type { Json, JsonObject } from '../../model/json.ts'
import { RawNumber } from '../../model/raw-number.ts'
import { isList } from './fields.ts'
import { jsonText } from './json-text.ts'

/** Containers below this many levels are kept as their JSON text (spec/ingest §6.6). */
export const MAX_FREE_FORM_LEVELS = 512

/** What becomes of null, and of numbers too large for a double, which are as good as null. */
type Nulls = 'keep' | 'drop'

type Container = Json[] | Record<string, Json>
type Pending = { readonly from: readonly Json[] | JsonObject; readonly into: Container; readonly level: number }

/**
 * Copies a free-form object (`aws`, `service`, a link's `attributes`, `metadata`) onto objects without a prototype, so
 * that a key like `__proto__` is a key like any other. Works level by level: any depth that `JSON.parse` survives.
 */
export function freeFormObject(object: JsonObject, nulls: Nulls): Record<string, Json> {
  const top: Record<string, Json> = emptyObject()
  const pending: Pending[] = [{ from: object, into: top, level: 1 }]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { from, into, level } = next
    const put = (key: string | undefined, value: Json): void => {
      // A scalar, although it is an object.
      if (value instanceof RawNumber) return add(into, key, value)
      const copy = shallowCopy(value, level)
      if (copy === null && nulls === 'drop') return
      if (typeof copy === 'object' && copy !== null)
        pending.push({ from: containerOf(value), into: copy, level: level + 1 })
      add(into, key, copy)
    }
    if (isList(from)) for (const value of from) put(undefined, value)
    else for (const key of Object.keys(from)) put(key, from[key] ?? null)
  }
  return top
}

function add(into: Container, key: string | undefined, value: Json): void {
  if (Array.isArray(into)) into.push(value)
  else if (key !== undefined) into[key] = value
}

/** A scalar itself, a container as an empty one to fill, a container that stands too deep as text. */
function shallowCopy(value: Json, level: number): null | boolean | number | string | Container {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'object' || value === null) return value
  if (level >= MAX_FREE_FORM_LEVELS) return jsonText(value)
  return isList(value) ? [] : emptyObject()
}

function containerOf(value: Json): readonly Json[] | JsonObject {
  if (typeof value !== 'object' || value === null) throw new TypeError('Only containers are filled')
  return value
}

function emptyObject(): Record<string, Json> {
  return Object.create(null) as Record<string, Json>
}
