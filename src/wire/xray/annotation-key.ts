import type { AnnotationValue } from '../../model/entity.ts'
import type { Json } from '../../model/json.ts'

const MAX_KEY_CHARACTERS = 500
const KEY_CHARACTER = /[A-Za-z0-9_.]/

/** One entry per ASCII code: 1 where a key may hold it. */
const KEY_ASCII = Uint8Array.from({ length: 128 }, (_, code) => (KEY_CHARACTER.test(String.fromCharCode(code)) ? 1 : 0))

/**
 * Whether X-Ray indexes this member of `annotations`: a scalar under a legal key, among them those that only its own
 * services use (spec/ingest §2.10). Without a regular expression, which takes three times as long on the way in.
 */
export function isAnnotation(key: string, value: Json | undefined): value is AnnotationValue {
  const isScalar = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
  return isScalar && isAnnotationKey(key)
}

function isAnnotationKey(key: string): boolean {
  const start = key.startsWith('aws:') ? 4 : 0
  const length = key.length - start
  if (length === 0 || length > MAX_KEY_CHARACTERS) return false
  for (let at = start; at < key.length; at++) if (KEY_ASCII[key.charCodeAt(at)] !== 1) return false
  return true
}
