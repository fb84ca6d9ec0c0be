import type { Json } from '../../../model/json.ts'
import { parseExact } from '../../../wire/xray/exact-numbers.ts'

/** JSON inside of a value; undefined where it is none. Numbers keep their digits, as those of metadata do. */
export function readEmbedded(text: string): Json | undefined {
  try {
    JSON.parse(text)
  } catch {
    return undefined
  }
  const { value } = parseExact(`{"metadata":{"value":${text}}}`)
  // What was put in comes out.
  const { metadata } = value as { readonly metadata: { readonly value: Json } }
  return metadata.value
}
