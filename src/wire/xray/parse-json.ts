import type { Json } from '../../model/json.ts'
import { endOfString } from './array-elements.ts'

const BYTE_ORDER_MARK = 0xfeff
const NUL = 0
const QUOTE = 0x22

/** The tokens by the code of their first character. */
const NON_FINITE = new Map(['NaN', 'Infinity', '-Infinity'].map((token) => [token.charCodeAt(0), token]))

/** The text without one leading byte order mark and without trailing NULs, which C senders leave (spec/ingest §6.9). */
export function withoutMarks(text: string): string {
  const start = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0
  let end = text.length
  while (end > start && text.charCodeAt(end - 1) === NUL) end--
  return start === 0 && end === text.length ? text : text.slice(start, end)
}

/**
 * Parses JSON, or answers undefined for text that is none. With `nonFinite`, text that fails is tried once more with
 * its bare `NaN`, `Infinity` and `-Infinity` read as null (spec/ingest §6.3).
 *
 * Whole numbers beyond 2^53 lose digits here; exact-numbers.ts keeps them for those who return documents.
 */
export function parseJson(text: string, nonFinite: boolean): Json | undefined {
  const value = parsed(text)
  if (value !== undefined || !nonFinite) return value
  const finite = withoutNonFinite(text)
  return finite === text ? undefined : parsed(finite)
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** The text with its bare `NaN`, `Infinity` and `-Infinity` as null (spec/ingest §6.3). */
export function withoutNonFinite(text: string): string {
  if (!text.includes('NaN') && !text.includes('Infinity')) return text
  let kept = 0
  let result = ''
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    const token = NON_FINITE.get(code)
    if (token === undefined || !text.startsWith(token, at)) continue
    result += `${text.slice(kept, at)}null`
    kept = at + token.length
    at = kept - 1
  }
  return result + text.slice(kept)
}
