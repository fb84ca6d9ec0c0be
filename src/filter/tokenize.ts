import type { Json } from '../model/json.ts'
import { syntaxFailure } from './filter-error.ts'
import { measureJson } from './json-literal.ts'
import { EXTENDED_WORDS, WORDS } from './keywords.ts'
import { matchEnd } from './match-end.ts'

/** A piece of an expression, from `start` up to `end`, in UTF-16 units. */
export type Token = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'symbol'; readonly symbol: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'annotation' | 'metadata'; readonly key: string }
  | { readonly kind: 'json'; readonly value: readonly Json[]; readonly depth: number }
  | { readonly kind: 'end' }
)

const BLANKS = /[ \t\r\n]*/y
const SYMBOL = /!=|<=|>=|[=<>!(){},:]/y
const NUMBER = /-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y
const NUMBER_PREFIX = /-?\.?/y
const STRING = /"((?:[^"\\]|\\[^])*)"/y
const PLAIN_KEY = /[A-Za-z0-9_:-]+/y
const BLANK_CHARACTERS = ' \t\r\n'

/** The language of AWS, or ours, which has more words. */
export type Dialect = 'aws' | 'extended'

/** What a token begins with that goes on with a key. */
const KEYED: ReadonlyMap<string, 'annotation' | 'metadata'> = new Map([
  ['annotation.', 'annotation'],
  ['annotation[', 'annotation'],
  ['metadata.', 'metadata'],
  ['metadata[', 'metadata'],
])

type Vocabulary = { readonly words: ReadonlySet<string>; readonly prefixes: ReadonlySet<string> }

const VOCABULARIES: Readonly<Record<Dialect, Vocabulary>> = {
  aws: vocabularyOf([...WORDS, 'annotation.', 'annotation[']),
  extended: vocabularyOf([...WORDS, ...EXTENDED_WORDS, ...KEYED.keys()]),
}

function vocabularyOf(words: readonly string[]): Vocabulary {
  const prefixes = words.flatMap((word) => Array.from(word, (_, at) => word.slice(0, at + 1)))
  return { words: new Set(words), prefixes: new Set(prefixes) }
}

/**
 * Splits an expression into tokens; the last one is the end (spec/query §1.1). There are no names, so the first text that
 * cannot become a keyword any more is an error, and it is thrown as a `FilterFailure` (§1.10).
 */
export function tokenize(text: string, dialect: Dialect = 'aws'): readonly Token[] {
  const vocabulary = VOCABULARIES[dialect]
  const tokens: Token[] = []
  for (let at = matchEnd(BLANKS, text, 0) ?? 0; at < text.length;) {
    const token = tokenAt(text, at, vocabulary)
    tokens.push(token)
    at = matchEnd(BLANKS, text, token.end) ?? token.end
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length })
  return tokens
}

function tokenAt(text: string, start: number, vocabulary: Vocabulary): Token {
  const symbolEnd = matchEnd(SYMBOL, text, start)
  if (symbolEnd !== undefined) {
    return { kind: 'symbol', symbol: text.slice(start, symbolEnd), start, end: symbolEnd }
  }
  const numberEnd = matchEnd(NUMBER, text, start)
  if (numberEnd !== undefined) {
    return { kind: 'number', value: Number(text.slice(start, numberEnd)), start, end: numberEnd }
  }
  switch (text[start]) {
    case '"':
      return stringAt(text, start)
    case '#':
      return jsonAt(text, start)
    default:
      return wordAt(text, start, vocabulary)
  }
}

function stringAt(text: string, start: number): Token {
  const end = matchEnd(STRING, text, start)
  if (end === undefined) throw syntaxFailure(text, start, text.slice(start))
  // A backslash before anything else is an ordinary character.
  const value = text.slice(start + 1, end - 1).replace(/\\(["\\])/g, '$1')
  return { kind: 'string', value, start, end }
}

function jsonAt(text: string, start: number): Token {
  if (text[start + 1] !== '[') throw brokenAt(text, start, start + 1)
  const extent = measureJson(text, start + 1)
  if (!extent.ok) throw brokenAt(text, start, extent.at)
  // Measured, so it is JSON, and it begins with a bracket, so it is an array.
  const value = JSON.parse(text.slice(start + 1, extent.end)) as readonly Json[]
  return { kind: 'json', value, depth: extent.depth, start, end: extent.end }
}

/** The longest keyword that begins here, as in `fault!ok`: nothing has to stand between two of them. */
function wordAt(text: string, start: number, { words, prefixes }: Vocabulary): Token {
  let word: string | undefined
  let prefix = ''
  let at = start
  for (; at < text.length; at++) {
    prefix += inLowerCase(text.charAt(at))
    if (!prefixes.has(prefix)) break
    if (words.has(prefix)) word = prefix
  }
  if (word === undefined) throw brokenAt(text, start, at === start ? (matchEnd(NUMBER_PREFIX, text, at) ?? at) : at)
  const end = start + word.length
  const kind = KEYED.get(word)
  if (kind === undefined) return { kind: 'word', word, start, end }
  return { kind, start, ...(word.endsWith('[') ? bracketedKeyAt(text, start, end) : plainKeyAt(text, start, end)) }
}

type Key = { readonly key: string; readonly end: number }

function plainKeyAt(text: string, start: number, keyStart: number): Key {
  const end = matchEnd(PLAIN_KEY, text, keyStart)
  if (end === undefined) throw syntaxFailure(text, start, text.slice(start, keyStart))
  return { key: text.slice(keyStart, end), end }
}

function bracketedKeyAt(text: string, start: number, keyStart: number): Key {
  const close = text.indexOf(']', keyStart)
  if (close === -1) throw syntaxFailure(text, start, text.slice(start))
  const inner = withoutOuterBlanks(text.slice(keyStart, close))
  const isQuoted = inner.length >= 2 && inner.startsWith('"') && inner.endsWith('"')
  const key = isQuoted ? inner.slice(1, -1) : inner
  if (key === '') throw syntaxFailure(text, start, text.slice(start, close + 1))
  return { key, end: close + 1 }
}

/** The error of a token that breaks at an offset: its text goes up to that character, and includes it. */
function brokenAt(text: string, start: number, at: number) {
  const breaking = text.codePointAt(at)
  const end = breaking === undefined ? text.length : at + String.fromCodePoint(breaking).length
  return syntaxFailure(text, start, text.slice(start, end))
}

/** Of ASCII alone: other letters have lower cases in it, such as the sign for kelvin. */
function inLowerCase(character: string): string {
  return character >= 'A' && character <= 'Z' ? character.toLowerCase() : character
}

/** Not by a pattern, which would look at a run of blanks inside once for each of them. */
function withoutOuterBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && BLANK_CHARACTERS.includes(text.charAt(start))) start += 1
  while (end > start && BLANK_CHARACTERS.includes(text.charAt(end - 1))) end -= 1
  return text.slice(start, end)
}
