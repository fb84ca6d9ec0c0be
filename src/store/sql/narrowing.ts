import type { Narrowing } from '../../filter/narrowing.ts'
import type { SqlParams } from './engine.ts'
import { NO_END_US } from './trace-columns.ts'

/** A condition on rows of `traces`, and the values of its places. */
export type Condition = { readonly sql: string; readonly params: SqlParams }

const MAX_US = 2 ** 53

/**
 * A narrowing as a condition. The text is made of what stands here and of names of places; what a user wrote is bound,
 * never part of it.
 */
export function conditionOf(narrowing: Narrowing): Condition {
  const params: { [name: string]: string } = {}
  let places = 0
  const place = (value: string, type: 'String' | 'Int64' | 'Float64' | 'UInt32'): string => {
    const name = `narrow${places++}`
    params[name] = value
    return `{${name}:${type}}`
  }
  const compile = (one: Narrowing): string => {
    if (textsOf(one).some((text) => HALF_CHARACTER.test(text))) return '1'
    switch (one.kind) {
      case 'everything':
        return '1'
      case 'all':
        return `(${one.terms.map(compile).join(' AND ')})`
      case 'any':
        return `(${one.terms.map(compile).join(' OR ')})`
      case 'name':
        // Of a dictionary of texts, `has` does not find the empty one.
        return one.name === '' ? `arrayExists(n -> n = '', names)` : `has(names, ${place(one.name, 'String')})`
      case 'term':
        return `has(terms, ${place(one.term, 'String')})`
      case 'no-term':
        return `NOT has(terms, ${place(one.term, 'String')})`
      case 'term-like': {
        const start = place(one.start, 'String')
        const text = place(one.text, 'String')
        return `arrayExists(t -> startsWith(t, ${start}) AND position(t, ${text}, length(${start}) + 1) > 0, terms)`
      }
      case 'url':
        // Of the functions that look for a text anywhere, this one is served by the index of pieces.
        return one.text === '' ? '1' : `multiSearchAny(urls, [${place(one.text, 'String')}])`
      case 'status':
      case 'root-status': {
        const value = place(String(one.value), 'Float64')
        const start = one.kind === 'status' ? 's' : 'Rs'
        const status = `toFloat64OrZero(substring(t, ${start.length + 1}))`
        return `arrayExists(t -> startsWith(t, '${start}') AND ${status} ${one.operator} ${value}, terms)`
      }
      case 'at-least':
        return `(end_us = ${NO_END_US} OR end_us - first_us >= ${place(toUs(one.seconds), 'Int64')})`
      case 'at-most':
        return `(end_us = ${NO_END_US} OR arrayMax(ends) - first_us <= ${place(toUs(one.seconds), 'Int64')})`
      case 'segment-at-least':
        return `arrayExists((s, e) -> e - s >= ${place(toUs(one.seconds), 'Int64')}, starts, ends)`
      default:
        return one satisfies never
    }
  }
  return { sql: compile(narrowing), params }
}

/** Half of a character is not kept, nor bound, as it is, so nothing can be looked for that has one. */
const HALF_CHARACTER = /\p{Surrogate}/u

function textsOf(narrowing: Narrowing): readonly string[] {
  switch (narrowing.kind) {
    case 'name':
      return [narrowing.name]
    case 'term':
      return [narrowing.term]
    case 'term-like':
      return [narrowing.start, narrowing.text]
    case 'url':
      return [narrowing.text]
    default:
      return []
  }
}

/** As text, since drivers refuse numbers that a double does not count exactly. */
function toUs(seconds: number): string {
  return String(Math.max(-MAX_US, Math.min(MAX_US, Math.round(seconds * 1e6))))
}
