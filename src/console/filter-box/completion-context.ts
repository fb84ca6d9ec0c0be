import { isFlagKeyword, isNumberKeyword, isTextKeyword, ROOT_CAUSES, type Scope } from '../../filter/keywords.ts'
import { lexFilter, type Piece } from './lex-filter.ts'

/** A field whose values or operators are wanted. */
export type Field =
  | { readonly kind: 'flag' | 'number' | 'text'; readonly word: string }
  | { readonly kind: 'annotation' | 'metadata'; readonly key: string }

/** What may come at the cursor. `from` is where the text that it takes the place of begins; `typed`, that text's meaning. */
export type CompletionContext = { readonly from: number; readonly typed: string } & (
  | { readonly kind: 'empty' }
  | { readonly kind: 'predicate'; readonly scope: Scope }
  | { readonly kind: 'operator'; readonly field: Field; readonly scope: Scope }
  | { readonly kind: 'join' }
  | { readonly kind: 'annotation-key' }
  | { readonly kind: 'value'; readonly field: Field; readonly scope: Scope }
  | { readonly kind: 'service'; readonly closing: string; readonly mayBeId: boolean }
  | { readonly kind: 'id-member' }
)

type Bracket = { readonly symbol: '(' | '{'; readonly head: string; readonly scope: Scope }

const CALLS: ReadonlySet<string> = new Set(['service', 'segments', 'edge', 'path'])
const COMPARISONS: ReadonlySet<string> = new Set('= != < <= > >= contains beginswith endswith matches'.split(' '))

/** What may come at a cursor; undefined where nothing can be offered, such as inside a number. */
export function completionContext(text: string, cursor: number): CompletionContext | undefined {
  const before = text.slice(0, cursor)
  if (before.trim() === '') return { kind: 'empty', from: cursor, typed: '' }
  const pieces = lexFilter(before)
  const typing = pieceBeingTyped(before, pieces)
  const done = typing === undefined ? pieces : pieces.filter((piece) => piece.end <= typing.from)
  const from = typing?.from ?? cursor
  const { scope, brackets } = enclosing(done)
  if (typing?.key === true) return { kind: 'annotation-key', from, typed: typing.typed }
  return contextAfter(done, { from, typed: typing?.typed ?? '' }, scope, brackets)
}

type Typing = { readonly from: number; readonly typed: string; readonly key?: true }

/** The unfinished word, string or key that ends at the cursor. */
function pieceBeingTyped(before: string, pieces: readonly Piece[]): Typing | undefined {
  const key = /(?:annotation\.([\w:-]*)|annotation\[([^\]]*))$/i.exec(before)
  const last = pieces.at(-1)
  if (key !== null && last?.kind !== 'string' && !(last?.kind === 'open' && before[last.start] === '"')) {
    return { from: key.index, typed: key[1] ?? key[2] ?? '', key: true }
  }
  if (last === undefined || last.end < before.length) return undefined
  if (last.kind === 'open') {
    return { from: last.start, typed: before.slice(last.start + 1).replace(/\\(["\\])/g, '$1') }
  }
  if (last.kind === 'string' || last.kind === 'symbol' || last.kind === 'json') return undefined
  // Words that touch, such as `error` in `errorx`, are one word to whoever types.
  const word = /[\w.]+$/.exec(before)
  return word === null ? undefined : { from: word.index, typed: word[0] }
}

/** The braces that are open, and the scope that the innermost make. */
function enclosing(pieces: readonly Piece[]): { readonly scope: Scope; readonly brackets: readonly Bracket[] } {
  const brackets: Bracket[] = []
  let closedHead = ''
  let scope: Scope = 'trace'
  pieces.forEach((piece, at) => {
    if (piece.kind !== 'symbol') return
    const head = wordOf(pieces[at - 1])
    if (piece.symbol === '(') brackets.push({ symbol: '(', head, scope })
    else if (piece.symbol === '{') {
      brackets.push({ symbol: '{', head: '', scope })
      const before = pieces[at - 1]
      scope = before?.kind === 'symbol' ? (closedHead === 'edge' ? 'edge' : 'service') : scopeOfCause(head)
    } else if (piece.symbol === ')' || piece.symbol === '}') {
      const opened = brackets.pop()
      if (opened === undefined) return
      scope = opened.scope
      if (opened.head !== '') closedHead = opened.head
    }
  })
  return { scope, brackets }
}

function scopeOfCause(word: string): Scope {
  return ROOT_CAUSES.get(word)?.scope ?? 'trace'
}

function contextAfter(
  done: readonly Piece[],
  at: { readonly from: number; readonly typed: string },
  scope: Scope,
  brackets: readonly Bracket[],
): CompletionContext | undefined {
  const last = done.at(-1)
  const bracket = brackets.at(-1)
  if (last === undefined) return { kind: 'predicate', scope, ...at }
  const text = last.kind === 'symbol' ? last.symbol : wordOf(last)
  if (COMPARISONS.has(text)) {
    const field = fieldOf(done.at(-2))
    return field === undefined ? undefined : { kind: 'value', field, scope, ...at }
  }
  if (bracket?.symbol === '(' && bracket.head !== '') return inCall(done, text, bracket.head, at)
  if (last.kind === 'symbol') return afterSymbol(text, scope, at)
  if (text === 'and' || text === 'or') return { kind: 'predicate', scope, ...at }
  const field = fieldOf(last)
  if (field !== undefined && !COMPARISONS.has(textOf(done.at(-2)))) return { kind: 'operator', field, scope, ...at }
  return last.kind === 'broken' || last.kind === 'open' ? undefined : { kind: 'join', ...at }
}

function afterSymbol(
  symbol: string,
  scope: Scope,
  at: { readonly from: number; readonly typed: string },
): CompletionContext | undefined {
  if (symbol === ')' || symbol === '}') return { kind: 'join', ...at }
  return symbol === '(' || symbol === '{' || symbol === '!' ? { kind: 'predicate', scope, ...at } : undefined
}

/** Between the parentheses of `service`, `edge` and their like, or of `id`. */
function inCall(
  done: readonly Piece[],
  last: string,
  head: string,
  at: { readonly from: number; readonly typed: string },
): CompletionContext | undefined {
  if (head === 'id') {
    if (last === '(' || last === ',') return { kind: 'id-member', ...at }
    return last === ':' && wordOf(done.at(-2)) === 'name'
      ? { kind: 'service', closing: '', mayBeId: false, ...at }
      : undefined
  }
  if (!CALLS.has(head) || (last !== '(' && last !== ',')) return undefined
  const isFirstOfTwo = (head === 'edge' || head === 'path') && last === '('
  return { kind: 'service', closing: isFirstOfTwo ? ', ' : ')', mayBeId: true, ...at }
}

function fieldOf(piece: Piece | undefined): Field | undefined {
  if (piece === undefined) return undefined
  if (piece.kind === 'annotation' || piece.kind === 'metadata') return { kind: piece.kind, key: piece.key }
  const word = wordOf(piece)
  if (isFlagKeyword(word)) return { kind: 'flag', word }
  if (isNumberKeyword(word)) return { kind: 'number', word }
  if (isTextKeyword(word) || word === 'group.name' || word === 'group.arn') return { kind: 'text', word }
  return undefined
}

function wordOf(piece: Piece | undefined): string {
  return piece?.kind === 'word' ? piece.word : ''
}

function textOf(piece: Piece | undefined): string {
  return piece?.kind === 'symbol' ? piece.symbol : wordOf(piece)
}
