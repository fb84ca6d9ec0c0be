import type {
  AnnotationTest,
  EqualityOperator,
  FlagTest,
  NumberTest,
  OrderingOperator,
  SubstringOperator,
  TextTest,
} from './ast.ts'
import type { ExtendedField, MatchesPredicate } from './extended-ast.ts'
import {
  ANNOTATION_SCOPES,
  FLAG_SCOPES,
  isFlagKeyword,
  isNumberKeyword,
  isTextKeyword,
  NUMBER_SCOPES,
  TEXT_SCOPES,
  type Scope,
} from './keywords.ts'
import type { TokenReader } from './token-reader.ts'
import { readTextPattern } from './text-pattern.ts'
import type { Token } from './tokenize.ts'

/** Reads a keyword of the scope, or an annotation, with its test if there is one (spec/query §1.2, §1.3). */
export function parseField(reader: TokenReader, scope: Scope): ExtendedField {
  const token = reader.peek()
  if (!mayStand(token, scope)) throw reader.failure()
  reader.skip()
  if (token.kind === 'annotation' || token.kind === 'metadata') {
    const { kind, key } = token
    return matches(reader, { kind, key }) ?? withTest({ kind, key }, annotationTest(reader))
  }
  const word = token.kind === 'word' ? token.word : ''
  const next = reader.peek()
  if (!isTextKeyword(word) && next.kind === 'word' && next.word === 'matches') throw reader.failure()
  if (isFlagKeyword(word)) return withTest({ kind: 'flag', keyword: word }, flagTest(reader))
  if (isNumberKeyword(word)) return withTest({ kind: 'number', keyword: word }, numberTest(reader))
  if (isTextKeyword(word)) {
    return (
      matches(reader, { kind: 'text', keyword: word }) ?? withTest({ kind: 'text', keyword: word }, textTest(reader))
    )
  }
  throw reader.failure()
}

/** Reads the operator of a predicate that is nothing without one. */
export function equalityOperator(reader: TokenReader): EqualityOperator {
  const operator = operatorOf(reader.peek())
  if (operator === undefined || !isEquality(operator)) throw reader.failure()
  reader.skip()
  return operator
}

/** Reads the comparison with a number that a count is nothing without. */
export function countTest(reader: TokenReader): NumberTest {
  const test = numberTest(reader)
  if (test === undefined) throw reader.failure()
  return test
}

/** Reads a quoted string. */
export function stringValue(reader: TokenReader): string {
  const token = reader.peek()
  if (token.kind !== 'string') throw reader.failure()
  reader.skip()
  return token.value
}

function mayStand(token: Token, scope: Scope): boolean {
  if (token.kind === 'annotation' || token.kind === 'metadata') return ANNOTATION_SCOPES.includes(scope)
  return token.kind === 'word' && scopesOf(token.word).includes(scope)
}

function scopesOf(word: string): readonly Scope[] {
  if (isFlagKeyword(word)) return FLAG_SCOPES[word]
  if (isNumberKeyword(word)) return NUMBER_SCOPES[word]
  return isTextKeyword(word) ? TEXT_SCOPES[word] : []
}

function withTest<P, T>(predicate: P, test: T | undefined): P & { readonly test?: T } {
  return { ...predicate, ...(test === undefined ? {} : { test }) }
}

/** `MATCHES` and a regular expression, which AWS does not have. */
function matches(reader: TokenReader, of: MatchesPredicate['of']): MatchesPredicate | undefined {
  if (!reader.take('matches')) return undefined
  const token = reader.peek()
  if (token.kind !== 'string' || readTextPattern(token.value) === undefined) throw reader.failure()
  reader.skip()
  return { kind: 'matches', of, pattern: token.value }
}

type Operator = EqualityOperator | OrderingOperator | SubstringOperator

const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  (['=', '!=', '<', '<=', '>', '>=', 'contains', 'beginswith', 'endswith'] as const).map((name) => [name, name]),
)

function operatorOf(token: Token): Operator | undefined {
  if (token.kind === 'symbol') return OPERATORS.get(token.symbol)
  return token.kind === 'word' ? OPERATORS.get(token.word) : undefined
}

function isEquality(operator: Operator): operator is EqualityOperator {
  return operator === '=' || operator === '!='
}

function isOrdering(operator: Operator): operator is OrderingOperator {
  return operator === '<' || operator === '<=' || operator === '>' || operator === '>='
}

function flagTest(reader: TokenReader): FlagTest | undefined {
  const operator = operatorOf(reader.peek())
  if (operator === undefined) return undefined
  if (!isEquality(operator)) throw reader.failure()
  reader.skip()
  const token = reader.peek()
  // The truth may be quoted, as a value, and values have their case.
  const text = token.kind === 'word' ? token.word : token.kind === 'string' ? token.value : undefined
  if (text !== 'true' && text !== 'false') throw reader.failure()
  reader.skip()
  return { operator, value: text === 'true' }
}

function numberTest(reader: TokenReader): NumberTest | undefined {
  const operator = operatorOf(reader.peek())
  if (operator === undefined) return undefined
  if (!isEquality(operator) && !isOrdering(operator)) throw reader.failure()
  reader.skip()
  return { operator, value: numberValue(reader) }
}

function textTest(reader: TokenReader): TextTest | undefined {
  const operator = operatorOf(reader.peek())
  if (operator === undefined) return undefined
  if (isOrdering(operator)) throw reader.failure()
  reader.skip()
  return { operator, value: stringValue(reader) }
}

/** Here a quoted truth is text: an operator sees values of its operand's type only (spec/query §1.5). */
function annotationTest(reader: TokenReader): AnnotationTest | undefined {
  const operator = operatorOf(reader.peek())
  if (operator === undefined) return undefined
  reader.skip()
  if (isOrdering(operator)) return { operator, value: numberValue(reader) }
  if (!isEquality(operator)) return { operator, value: stringValue(reader) }
  const token = reader.peek()
  const isTruth = token.kind === 'word' && (token.word === 'true' || token.word === 'false')
  if (isTruth) {
    reader.skip()
    return { operator, value: token.word === 'true' }
  }
  return token.kind === 'number' ? { operator, value: numberValue(reader) } : { operator, value: stringValue(reader) }
}

function numberValue(reader: TokenReader): number {
  const token = reader.peek()
  if (token.kind !== 'number') throw reader.failure()
  reader.skip()
  return token.value
}
