/**
 * Why an expression was turned away. `message` is what the client receives (spec/query §1.10); where is for editors that
 * underline: `offset` counts UTF-16 units, `line` and `position` count from 1, in lines and characters.
 */
export type FilterError =
  | {
      readonly kind: 'syntax'
      readonly message: string
      readonly offset: number
      readonly line: number
      readonly position: number
      readonly symbol: string
    }
  | { readonly kind: 'limit'; readonly message: 'FilterExpression is too long' | 'FilterExpression is too complex' }
  | { readonly kind: 'group'; readonly message: string }

/** What an expression means, or why it means nothing. */
export type FilterRead<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: FilterError }

/** How the functions inside the language report an error; none of its doors lets one out. */
export class FilterFailure extends Error {
  readonly error: FilterError

  constructor(error: FilterError) {
    super(error.message)
    this.error = error
  }
}

/** Runs a reader of text; a failure becomes an answer, anything else stays an exception. */
export function readFilter<T>(read: () => T): FilterRead<T> {
  try {
    return { ok: true, value: read() }
  } catch (thrown) {
    if (thrown instanceof FilterFailure) return { ok: false, error: thrown.error }
    throw thrown
  }
}

/** The error of a symbol at an offset of the text, with AWS's words (spec/query §1.10). */
export function syntaxFailure(text: string, offset: number, symbol: string): FilterFailure {
  let line = 1
  let lineStart = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1
    lineStart = at + 1
  }
  // Characters are code points, so that an emoji moves the position by one.
  const position = Array.from(text.slice(lineStart, offset)).length + 1
  const message = `Error Location: line ${line}, position ${position} : Invalid input symbol: '${symbol}'`
  return new FilterFailure({ kind: 'syntax', message, offset, line, position, symbol })
}

/** The error of an expression that is longer, deeper or larger than what is served. */
export function limitFailure(what: 'long' | 'complex'): FilterFailure {
  return new FilterFailure({ kind: 'limit', message: `FilterExpression is too ${what}` })
}
