import { limitFailure, syntaxFailure, type FilterFailure } from './filter-error.ts'
import { tokenize, type Dialect, type Token } from './tokenize.ts'

const MAX_DEPTH = 64
const MAX_PREDICATES = 256

/** The tokens of an expression, one after the other. All errors are thrown, as `FilterFailure`. */
export type TokenReader = {
  /** The token that comes next. */
  readonly peek: () => Token
  /** Goes past it. */
  readonly skip: () => void
  /** Goes past a symbol or a keyword if that is what comes next, and says whether it did. */
  readonly take: (text: string) => boolean
  /** Goes past a symbol, which has to come next. */
  readonly expect: (symbol: string) => void
  /** Nothing may come any more. */
  readonly expectEnd: () => void
  /** The error that what comes next cannot stand here; to be thrown. */
  readonly failure: () => FilterFailure
  /** Reads a predicate that begins with the next token, which errors inside it will quote from there on. */
  readonly predicate: <T>(read: () => T) => T
  /** Reads something that is nested one level deeper. */
  readonly nested: <T>(read: () => T) => T
}

/** Splits a text into tokens, all of them before the first is read: lexical errors come first (spec/query §1.10). */
export function tokenReader(text: string, dialect: Dialect): TokenReader {
  const tokens = tokenize(text, dialect)
  /** Where the predicates that are being read began, the innermost last. */
  const begun: number[] = []
  let at = 0
  let depth = 0
  let predicates = 0

  const peek = (): Token => {
    const token = tokens[at]
    if (token === undefined) throw new Error('read past the end of the expression')
    return token
  }
  const failure = (): FilterFailure => {
    const { kind, start, end } = peek()
    const from = begun.at(-1) ?? (kind === 'end' ? 0 : start)
    return syntaxFailure(text, start, text.slice(from, end))
  }
  const take = (expected: string): boolean => {
    const token = peek()
    const found = token.kind === 'symbol' ? token.symbol : token.kind === 'word' ? token.word : undefined
    if (found !== expected) return false
    at += 1
    return true
  }
  return {
    peek,
    skip: () => {
      at += 1
    },
    take,
    expect: (symbol) => {
      if (!take(symbol)) throw failure()
    },
    expectEnd: () => {
      if (peek().kind !== 'end') throw failure()
    },
    failure,
    predicate: (read) => {
      predicates += 1
      if (predicates > MAX_PREDICATES) throw limitFailure('complex')
      begun.push(peek().start)
      const predicate = read()
      begun.pop()
      return predicate
    },
    nested: (read) => {
      depth += 1
      if (depth > MAX_DEPTH) throw limitFailure('complex')
      const inner = read()
      depth -= 1
      return inner
    },
  }
}

/** JSON in an expression counts as nesting, too. */
export function checkJsonDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw limitFailure('complex')
}
