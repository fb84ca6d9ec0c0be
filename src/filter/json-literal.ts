import { matchEnd } from './match-end.ts'

/** A JSON text that begins a longer text: where it ends, and how deep it is nested; or where it stops being one. */
export type JsonExtent =
  | { readonly ok: true; readonly end: number; readonly depth: number }
  | { readonly ok: false; readonly at: number }

const BLANK = /[ \t\r\n]*/y
// The first class in strings is every character but controls, quotes and backslashes.
const SCALAR =
  /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y

/**
 * Measures the JSON array or object at an offset, which `JSON.parse` cannot do with text behind it. Not recursive. What
 * is measured here is what `JSON.parse` accepts.
 */
export function measureJson(text: string, from: number): JsonExtent {
  const open: ('[' | '{')[] = []
  let depth = 0
  let at = from
  let awaits: 'value' | 'value or ]' | 'key' | 'key or }' | 'comma or close' = 'value'
  for (;;) {
    at = matchEnd(BLANK, text, at) ?? at
    const symbol = text[at]
    const inside = open.at(-1)
    if (awaits === 'comma or close') {
      if (symbol === ',') awaits = inside === '[' ? 'value' : 'key'
      else if (symbol !== (inside === '[' ? ']' : '}')) return { ok: false, at }
      else open.pop()
      at += 1
    } else if ((awaits === 'value or ]' && symbol === ']') || (awaits === 'key or }' && symbol === '}')) {
      open.pop()
      awaits = 'comma or close'
      at += 1
    } else if (awaits === 'key' || awaits === 'key or }') {
      const key = matchEnd(STRING, text, at)
      if (key === undefined) return { ok: false, at }
      const colon = matchEnd(BLANK, text, key) ?? key
      if (text[colon] !== ':') return { ok: false, at: colon }
      awaits = 'value'
      at = colon + 1
    } else if (symbol === '[' || symbol === '{') {
      open.push(symbol)
      depth = Math.max(depth, open.length)
      awaits = symbol === '[' ? 'value or ]' : 'key or }'
      at += 1
    } else {
      const end = matchEnd(SCALAR, text, at)
      if (end === undefined) return { ok: false, at }
      awaits = 'comma or close'
      at = end
    }
    if (open.length === 0) return { ok: true, end: at, depth }
  }
}
