import type { Json, JsonObject } from '../../model/json.ts'
import { RawNumber } from '../../model/raw-number.ts'
import { endOfString } from './array-elements.ts'

/** A number without this many digits in a row is one that a double holds. */
const LONG = /\d{16}/
/** The same of a number in a text: not right behind a quote, where ids are, of which some are nothing but digits. */
const LONG_NUMBER = /[\s:,[][\d.eE+-]*\d{16}/

/** Everything in JSON but strings, white space, colons and commas. */
const TOKEN = /[[\]{}]|-?\d[\d.eE+-]*|true|false|null/y
const QUOTE = 0x22

/** A document, parsed so that the digits of long numbers are not lost. */
export type ExactDocument = {
  /** As `JSON.parse` makes it, but for objects, which have no prototype, and numbers in `metadata`. */
  readonly value: Json
  /** For `annotations` objects in `value`, the members that are inexact there. */
  readonly annotations: ReadonlyMap<JsonObject, ReadonlyMap<string, RawNumber>>
}

/**
 * What the place of a container says about the numbers in it. Only `metadata` and `annotations` of a segment or
 * subsegment keep their digits: in all other fields a number is a number (spec/ingest §6.5).
 */
type Place = 'entity' | 'subsegments' | 'annotations' | 'metadata' | 'elsewhere'

type Open = {
  readonly container: Json[] | Record<string, Json>
  readonly place: Place
  /** The key that waits for its value, in an object. */
  key: string | undefined
}

/** Whether the text may hold a number that loses digits. */
export function hasLongNumbers(text: string): boolean {
  return LONG_NUMBER.test(text)
}

/**
 * Parses the text of a document again, keeping as `RawNumber` what a double would change: in `metadata` in place of the
 * number, for `annotations` beside it, since whoever searches them wants doubles. The text MUST be JSON. Not recursive.
 */
export function parseExact(text: string): ExactDocument {
  const annotations = new Map<JsonObject, Map<string, RawNumber>>()
  const open: Open[] = []
  let top: Json = null

  const put = (value: Json): void => {
    const parent = open.at(-1)
    if (parent === undefined) top = value
    else if (Array.isArray(parent.container)) parent.container.push(value)
    else if (parent.key !== undefined) {
      parent.container[parent.key] = value
      // Of repeated keys the last counts.
      if (parent.place === 'annotations') annotations.get(parent.container)?.delete(parent.key)
      parent.key = undefined
    }
  }
  const putNumber = (lexeme: string): void => {
    const number = Number(lexeme)
    const parent = open.at(-1)
    if (parent === undefined || !LONG.test(lexeme) || String(number) === lexeme) put(number)
    else if (parent.place === 'metadata') put(new RawNumber(lexeme) as unknown as Json)
    else {
      const { container, key, place } = parent
      put(number)
      if (place !== 'annotations' || key === undefined || Array.isArray(container)) return
      const members = annotations.get(container) ?? new Map<string, RawNumber>()
      annotations.set(container, members.set(key, new RawNumber(lexeme)))
    }
  }
  const begin = (container: Open['container']): void => {
    const place = placeIn(open.at(-1), Array.isArray(container))
    put(container)
    open.push({ container, place, key: undefined })
  }

  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) === QUOTE) {
      const end = endOfString(text, at)
      const string = JSON.parse(text.slice(at, end + 1)) as string
      const parent = open.at(-1)
      if (parent === undefined || Array.isArray(parent.container) || parent.key !== undefined) put(string)
      else parent.key = string
      at = end
      continue
    }
    TOKEN.lastIndex = at
    const token = TOKEN.exec(text)?.[0]
    if (token === undefined) continue
    at += token.length - 1
    if (token === '{') begin(Object.create(null) as Record<string, Json>)
    else if (token === '[') begin([])
    else if (token === '}' || token === ']') open.pop()
    else if (token === 'true' || token === 'false') put(token === 'true')
    else if (token === 'null') put(null)
    else putNumber(token)
  }
  return { value: top, annotations }
}

/** The place of a container by where it begins. */
function placeIn(parent: Open | undefined, isArray: boolean): Place {
  if (parent === undefined) return isArray ? 'elsewhere' : 'entity'
  switch (parent.place) {
    case 'entity':
      if (parent.key === 'subsegments') return isArray ? 'subsegments' : 'elsewhere'
      if (parent.key === 'metadata') return isArray ? 'elsewhere' : 'metadata'
      return parent.key === 'annotations' && !isArray ? 'annotations' : 'elsewhere'
    case 'subsegments':
      return isArray ? 'elsewhere' : 'entity'
    case 'metadata':
      return 'metadata'
    case 'annotations':
    case 'elsewhere':
      return 'elsewhere'
    default:
      return parent.place satisfies never
  }
}
