import type { EntitySelector, FilterExpr, GroupPredicate, Logic, Selector } from './ast.ts'
import type { ExtendedExpr, ExtendedField, ExtendedPredicate } from './extended-ast.ts'
import { limitFailure, readFilter, type FilterRead } from './filter-error.ts'
import { isFlagKeyword, isNumberKeyword, isTextKeyword, ROOT_CAUSES, type Scope } from './keywords.ts'
import { countTest, equalityOperator, parseField, stringValue } from './parse-field.ts'
import { checkJsonDepth, tokenReader, type TokenReader } from './token-reader.ts'
import type { Dialect, Token } from './tokenize.ts'

const MAX_CHARACTERS = 10_000

/**
 * Reads a filter expression (spec/query §1). An error says where, in AWS's words. Blank text is an error, too: who takes
 * it for "no filter" MUST NOT ask. What is returned is at most 64 levels deep, so that whoever walks it may recurse.
 */
export function parseFilter(text: string): FilterRead<FilterExpr> {
  // Of the words of AWS alone nothing is made that AWS does not have.
  return readFilter(() => parseExpression(text, 'aws') as FilterExpr)
}

/** The same for the extended dialect, which is ours. Every filter expression of AWS means the same in it. */
export function parseExtendedFilter(text: string): FilterRead<ExtendedExpr> {
  return readFilter(() => parseExpression(text, 'extended'))
}

function parseExpression(text: string, dialect: Dialect): ExtendedExpr {
  checkLength(text)
  const reader = tokenReader(text, dialect)
  const expr = parseOr(reader, parseTracePredicate)
  reader.expectEnd()
  return expr
}

/**
 * Reads an entity selector expression: `service(…)`, `edge(…, …)` or `id(…)` alone, without a body (spec/query §1.9).
 * The same errors as of filter expressions.
 */
export function parseEntitySelector(text: string): FilterRead<EntitySelector> {
  return readFilter(() => {
    checkLength(text)
    const reader = tokenReader(text, 'aws')
    const entity = parseEntity(reader)
    reader.expectEnd()
    return entity
  })
}

function checkLength(text: string): void {
  // Text is never shorter in UTF-16 units than in characters.
  if (text.length > MAX_CHARACTERS && [...text].length > MAX_CHARACTERS) throw limitFailure('long')
}

type ParsePredicate<P> = (reader: TokenReader) => P

function parseOr<P>(reader: TokenReader, parsePredicate: ParsePredicate<P>): Logic<P> {
  const first = parseAnd(reader, parsePredicate)
  if (!reader.take('or')) return first
  const terms = [first]
  do terms.push(parseAnd(reader, parsePredicate))
  while (reader.take('or'))
  return { kind: 'or', terms }
}

/** `AND` may be left out. */
function parseAnd<P>(reader: TokenReader, parsePredicate: ParsePredicate<P>): Logic<P> {
  const first = parseUnary(reader, parsePredicate)
  const terms = [first]
  while (reader.take('and') || beginsTerm(reader.peek())) terms.push(parseUnary(reader, parsePredicate))
  return terms.length === 1 ? first : { kind: 'and', terms }
}

function parseUnary<P>(reader: TokenReader, parsePredicate: ParsePredicate<P>): Logic<P> {
  if (reader.take('!')) return { kind: 'not', term: reader.nested(() => parseUnary(reader, parsePredicate)) }
  if (reader.take('(')) {
    const inner = reader.nested(() => parseOr(reader, parsePredicate))
    reader.expect(')')
    return inner
  }
  if (!beginsPredicate(reader.peek())) throw reader.failure()
  return reader.predicate(() => parsePredicate(reader))
}

function beginsTerm(token: Token): boolean {
  if (token.kind === 'symbol') return token.symbol === '!' || token.symbol === '('
  return beginsPredicate(token)
}

/** In whatever scope: a keyword that may not stand here is quoted as the beginning of a predicate. */
function beginsPredicate(token: Token): boolean {
  if (token.kind === 'annotation' || token.kind === 'metadata') return true
  if (token.kind !== 'word') return false
  const { word } = token
  return isFlagKeyword(word) || isNumberKeyword(word) || isTextKeyword(word) || isTraceWord(word)
}

function isTraceWord(word: string): boolean {
  return ROOT_CAUSES.has(word) || TRACE_WORDS.has(word)
}

const TRACE_WORDS: ReadonlySet<string> = new Set([
  'service',
  'edge',
  'group.name',
  'group.arn',
  'rootcause.json',
  'segments',
  'path',
])

function parseTracePredicate(reader: TokenReader): ExtendedPredicate | GroupPredicate {
  const token = reader.peek()
  if (token.kind !== 'word' || !isTraceWord(token.word)) return parseField(reader, 'trace')
  reader.skip()
  switch (token.word) {
    case 'service':
      return { kind: 'service', ...parseSubjects(reader) }
    case 'segments':
      return { kind: 'segments', ...parseSubjects(reader), ...countTest(reader) }
    case 'path':
      return { kind: 'path', ...parseEnds(reader), ...parseBody(reader, 'service') }
    case 'edge':
      return { kind: 'edge', ...parseEnds(reader), ...parseBody(reader, 'edge') }
    case 'group.name':
      return { kind: 'group', by: 'name', operator: equalityOperator(reader), value: stringValue(reader) }
    case 'group.arn':
      return { kind: 'group', by: 'arn', operator: equalityOperator(reader), value: stringValue(reader) }
    case 'rootcause.json':
      return parseTemplates(reader)
    default: {
      const cause = ROOT_CAUSES.get(token.word)
      if (cause === undefined) throw reader.failure()
      return { ...cause.head, ...parseBody(reader, cause.scope) }
    }
  }
}

type Subjects = { readonly selector?: Selector; readonly body?: Logic<ExtendedField> }

function parseSubjects(reader: TokenReader): Subjects {
  reader.expect('(')
  const selector = reader.take(')') ? undefined : parseSelector(reader)
  if (selector !== undefined) reader.expect(')')
  return { ...(selector === undefined ? {} : { selector }), ...parseBody(reader, 'service') }
}

function parseEnds(reader: TokenReader): { readonly from: Selector; readonly to: Selector } {
  reader.expect('(')
  const from = parseSelector(reader)
  reader.expect(',')
  const to = parseSelector(reader)
  reader.expect(')')
  return { from, to }
}

function parseBody(reader: TokenReader, scope: Scope): { readonly body?: Logic<ExtendedField> } {
  if (!reader.take('{')) return {}
  const body = reader.nested(() => parseOr(reader, () => parseField(reader, scope)))
  reader.expect('}')
  return { body }
}

function parseSelector(reader: TokenReader): Selector {
  if (reader.take('id')) return parseId(reader)
  return { kind: 'name', name: stringValue(reader) }
}

/** Each member at most once, in any order, one at least. */
function parseId(reader: TokenReader): Selector {
  const members: { name?: string; type?: string; accountId?: string } = {}
  reader.expect('(')
  do {
    const token = reader.peek()
    const member = token.kind === 'word' ? ID_MEMBERS.get(token.word) : undefined
    if (member === undefined || members[member] !== undefined) throw reader.failure()
    reader.skip()
    reader.expect(':')
    members[member] = stringValue(reader)
  } while (reader.take(','))
  reader.expect(')')
  return { kind: 'id', ...members }
}

const ID_MEMBERS: ReadonlyMap<string, 'name' | 'type' | 'accountId'> = new Map([
  ['name', 'name'],
  ['type', 'type'],
  ['account.id', 'accountId'],
])

function parseTemplates(reader: TokenReader): ExtendedPredicate {
  reader.expect('=')
  const token = reader.peek()
  if (token.kind !== 'json') throw reader.failure()
  checkJsonDepth(token.depth)
  reader.skip()
  return { kind: 'rootcause.json', templates: token.value }
}

function parseEntity(reader: TokenReader): EntitySelector {
  const token = reader.peek()
  const word = token.kind === 'word' ? token.word : undefined
  if (word !== 'service' && word !== 'edge' && word !== 'id') throw reader.failure()
  return reader.predicate(() => {
    if (word === 'id') return { kind: 'service', selector: parseSelector(reader) }
    reader.skip()
    if (word === 'edge') return { kind: 'edge', ...parseEnds(reader) }
    reader.expect('(')
    const selector = parseSelector(reader)
    reader.expect(')')
    return { kind: 'service', selector }
  })
}
