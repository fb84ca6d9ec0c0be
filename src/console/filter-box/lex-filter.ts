import { readFilter } from '../../filter/filter-error.ts'
import { tokenize, type Token } from '../../filter/tokenize.ts'

/** A piece of a text that may not be finished; `open` is a string or a key in brackets that lacks its end. */
export type Piece = Token | { readonly kind: 'open' | 'broken'; readonly start: number; readonly end: number }

const MOST_FAILURES = 40
const REST_OF_WORD = /[^\s"(){},:=<>!#]+/y

/**
 * The tokens of a filter as the language has them, with what is none between them: a string without its end, or half a
 * word. Never throws; without the token for the end.
 */
export function lexFilter(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (let failures = 0; from < text.length; failures += 1) {
    const offset = from
    const rest = text.slice(from)
    const read = readFilter(() => tokenize(rest, 'extended'))
    if (read.ok) {
      pieces.push(...moved(read.value, offset))
      return pieces
    }
    const brokenAt = read.error.kind === 'syntax' ? read.error.offset : 0
    const before = readFilter(() => tokenize(rest.slice(0, brokenAt), 'extended'))
    if (before.ok) pieces.push(...moved(before.value, offset))
    const start = from + brokenAt
    const isOpen = /^(?:"|(?:annotation|metadata)\[)/i.test(text.slice(start, start + 12))
    if (isOpen || failures >= MOST_FAILURES) {
      pieces.push({ kind: isOpen ? 'open' : 'broken', start, end: text.length })
      return pieces
    }
    REST_OF_WORD.lastIndex = start
    const end = start + (REST_OF_WORD.exec(text)?.[0].length ?? 1)
    pieces.push({ kind: 'broken', start, end })
    from = end
  }
  return pieces
}

function moved(tokens: readonly Token[], by: number): readonly Token[] {
  return tokens
    .filter((token) => token.kind !== 'end')
    .map((token) => ({ ...token, start: token.start + by, end: token.end + by }))
}
