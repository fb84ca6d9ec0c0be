import type { AnnotationValue, Entity } from '../model/entity.ts'
import type { Json } from '../model/json.ts'
import { RawNumber } from '../model/raw-number.ts'
import { walk } from '../model/walk.ts'

/** Stands for all keys. */
const ANY_KEY = '*'

/**
 * The texts, numbers and flags under a key of the metadata of an entity and what stands in it, in whatever namespace and
 * however deep below the key; the key `*` means all of them. Not recursive: metadata may be nested thousands deep.
 */
export function metadataValues(top: Entity, key: string): readonly AnnotationValue[] {
  const values: AnnotationValue[] = []
  for (const { metadata } of walk(top)) {
    for (const namespace of metadata?.values() ?? [])
      addBelow(values, key === ANY_KEY ? namespace : under(namespace, key))
  }
  return values
}

function under(namespace: Json, key: string): Json | undefined {
  if (typeof namespace !== 'object' || namespace === null || isList(namespace)) return undefined
  return Object.hasOwn(namespace, key) ? namespace[key] : undefined
}

function addBelow(values: AnnotationValue[], top: Json | undefined): void {
  const waiting: (Json | undefined)[] = [top]
  while (waiting.length > 0) {
    const json = waiting.pop()
    if (json === undefined || json === null) continue
    if (typeof json !== 'object') values.push(json)
    else if (json instanceof RawNumber) values.push(json.value)
    else for (const member of isList(json) ? json : Object.values(json)) waiting.push(member)
  }
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json)
}
