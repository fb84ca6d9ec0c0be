import type { Json, JsonObject } from '../model/json.ts'

/** What the log has under this name in the body of a thing; nothing where the body is no object. */
export function bodyMember(body: Json | undefined, name: string): Json | undefined {
  return isObject(body) && Object.hasOwn(body, name) ? body[name] : undefined
}

const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
