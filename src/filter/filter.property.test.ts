import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BodyExpr, FieldPredicate, FilterExpr, Joined, Logic, Selector } from './ast.ts'
import {
  FLAG_SCOPES,
  isFlagKeyword,
  isNumberKeyword,
  isTextKeyword,
  NUMBER_SCOPES,
  ROOT_CAUSES,
  TEXT_SCOPES,
  WORDS,
  type Scope,
} from './keywords.ts'
import { parseEntitySelector, parseFilter } from './parse-filter.ts'
import { printFilter, printText } from './print-filter.ts'

/** Whatever is awkward between quotes, in brackets or in JSON. */
const pieces = ['"', '\\', '\\"', ' ', '\n', '\r\n', '\t', '{', '}', ')', '#', '[', "'", ';--', '${x}', '%', '*', '\0']
const otherPieces = [
  'AND',
  '!',
  '😀',
  '\ud800',
  '\u2028',
  'é',
  'true',
  '0',
  '$1',
  '$&',
  '`',
  '__proto__',
  'constructor',
]
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...pieces, ...otherPieces), maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
)
const number = fc.double({ noNaN: true })

const equality = fc.constantFrom('=', '!=')
const flagTest = fc.record({ operator: equality, value: fc.boolean() })
const numberTest = fc.record({ operator: fc.oneof(equality, fc.constantFrom('<', '<=', '>', '>=')), value: number })
const textTest = fc.record({
  operator: fc.oneof(equality, fc.constantFrom('contains', 'beginswith', 'endswith')),
  value: text,
})
const key = fc.oneof(text, fc.stringMatching(/^[A-Za-z0-9_:-]+$/)).map((some) => some.replaceAll(']', ''))

const withTest = <P extends object, T>(predicate: fc.Arbitrary<P>, of: fc.Arbitrary<T>) =>
  fc.tuple(predicate, fc.option(of, { nil: undefined })).map(([bare, test]) => ({
    ...bare,
    ...(test === undefined ? {} : { test }),
  }))

const wordsOf = (scopes: Readonly<Record<string, readonly Scope[]>>, scope: Scope): readonly string[] =>
  Object.keys(scopes).filter((word) => scopes[word]?.includes(scope))

function fieldOf(scope: Scope): fc.Arbitrary<FieldPredicate> {
  const flags = wordsOf(FLAG_SCOPES, scope).filter(isFlagKeyword)
  const numbers = wordsOf(NUMBER_SCOPES, scope).filter(isNumberKeyword)
  const texts = wordsOf(TEXT_SCOPES, scope).filter(isTextKeyword)
  const kinds: fc.Arbitrary<FieldPredicate>[] = [
    withTest(fc.record({ kind: fc.constant('flag'), keyword: fc.constantFrom(...flags) }), flagTest),
    withTest(fc.record({ kind: fc.constant('number'), keyword: fc.constantFrom(...numbers) }), numberTest),
  ]
  if (texts.length > 0) {
    kinds.push(withTest(fc.record({ kind: fc.constant('text'), keyword: fc.constantFrom(...texts) }), textTest))
  }
  if (scope === 'trace' || scope === 'service' || scope === 'edge') {
    const annotation = fc.record({ kind: fc.constant('annotation'), key: key.filter((some) => some !== '') })
    kinds.push(withTest(annotation, fc.oneof(flagTest, numberTest, textTest)))
  }
  return fc.oneof(...kinds)
}

/** Chains of at least two terms; a chain never holds a chain of its own kind that was not in parentheses, but it may. */
function logicOf<P>(predicate: fc.Arbitrary<P>): fc.Arbitrary<Logic<P>> {
  const { logic } = fc.letrec<{ logic: Logic<P>; joined: Joined<P> }>((tie) => {
    const terms = fc.array(tie('logic'), { minLength: 2, maxLength: 3 })
    return {
      logic: fc.oneof({ maxDepth: 5, depthSize: 'small' }, predicate, tie('joined')),
      joined: fc.oneof(
        terms.map((of): Joined<P> => ({ kind: 'and', terms: of })),
        terms.map((of): Joined<P> => ({ kind: 'or', terms: of })),
        tie('logic').map((term): Joined<P> => ({ kind: 'not', term })),
      ),
    }
  })
  return logic
}

const bodyOf = (scope: Scope) =>
  fc
    .option(logicOf<FieldPredicate>(fieldOf(scope)), { nil: undefined })
    .map((body): { readonly body?: BodyExpr } => (body === undefined ? {} : { body }))

const selector: fc.Arbitrary<Selector> = fc.oneof(
  text.map((name): Selector => ({ kind: 'name', name })),
  fc
    .record({ name: text, type: text, accountId: text }, { requiredKeys: [] })
    .filter((members) => Object.keys(members).length > 0)
    .map((members): Selector => ({ kind: 'id', ...members })),
)

const tracePredicate = fc.oneof(
  fieldOf('trace'),
  fc
    .tuple(selector, bodyOf('service'))
    .map(([named, body]) => ({ kind: 'service' as const, selector: named, ...body })),
  bodyOf('service').map((body) => ({ kind: 'service' as const, ...body })),
  fc
    .tuple(selector, selector, bodyOf('edge'))
    .map(([from, to, body]) => ({ kind: 'edge' as const, from, to, ...body })),
  fc
    .constantFrom(...ROOT_CAUSES.values())
    .chain(({ head, scope }) => bodyOf(scope).map((body) => ({ ...head, ...body }))),
  fc.record({
    kind: fc.constant('group' as const),
    by: fc.constantFrom('name' as const, 'arn' as const),
    operator: equality,
    value: text,
  }),
  fc
    .array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 2 })
    // As it is after reading: a member `__proto__` is a member, and there is no undefined.
    .map((templates) => ({ kind: 'rootcause.json' as const, templates: JSON.parse(JSON.stringify(templates)) as [] })),
)
const filter: fc.Arbitrary<FilterExpr> = logicOf(tracePredicate)

describe('what is printed is read as what it was', () => {
  test('for any expression', () => {
    fc.assert(
      fc.property(filter, (expr) => {
        const printed = printFilter(expr)
        const read = parseFilter(printed)
        // A large one may be beyond the limits; that it is, is for the parser to say.
        if (!read.ok && read.error.kind === 'limit') return
        expect(read, printed).toEqual({ ok: true, value: expr })
      }),
      { numRuns: 1_000 },
    )
  })

  test('and printing that once more changes nothing', () => {
    fc.assert(
      fc.property(filter, (expr) => {
        const read = parseFilter(printFilter(expr))
        if (read.ok) expect(printFilter(read.value)).toBe(printFilter(expr))
      }),
    )
  })
})

describe('any text', () => {
  const symbols = [
    '(',
    ')',
    '{',
    '}',
    ',',
    ':',
    '=',
    '!=',
    '!',
    '<',
    '<=',
    '"a"',
    '"',
    '1',
    '-',
    '.',
    '#',
    '#[]',
    ' ',
    '\n',
  ]
  const words = [...WORDS, 'annotation.a', 'annotation[a b]', 'annotation.', 'nonsense', '😀', '\ud83d']
  const soup = fc.array(fc.constantFrom(...symbols, ...words), { maxLength: 25 })
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ maxLength: 60 }),
    soup.map((parts) => parts.join(' ')),
    soup.map((parts) => parts.join('')),
    // Nearly right: an expression from which a part is cut.
    fc.tuple(filter, fc.nat(), fc.nat({ max: 3 })).map(([expr, at, count]) => {
      const printed = printFilter(expr)
      const from = at % (printed.length + 1)
      return printed.slice(0, from) + printed.slice(from + count)
    }),
  )

  test('is an expression, or an error whose place lies in it', () => {
    fc.assert(
      fc.property(anyText, (given) => {
        for (const read of [parseFilter(given), parseEntitySelector(given)]) {
          if (read.ok || read.error.kind !== 'syntax') continue
          const { offset, line, position, symbol, message } = read.error
          const lines = given.split('\n')
          expect(offset).toBeLessThanOrEqual(given.length)
          expect(line).toBeLessThanOrEqual(lines.length)
          expect(position).toBeLessThanOrEqual(Array.from(lines[line - 1] ?? '').length + 1)
          expect(given).toContain(symbol)
          expect(message).toBe(`Error Location: line ${line}, position ${position} : Invalid input symbol: '${symbol}'`)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a value stays a value', () => {
  const attempts = [
    `" OR ok OR user = "`,
    `\\" OR ok OR user = \\"`,
    `\\`,
    `\\\\"`,
    `") { fault } OR service("`,
    `"}) OR ok`,
    `'; DROP TABLE traces; --`,
    `' OR 1=1 --`,
    `{p:String}`,
    `{{user}}`,
    `%' ESCAPE '\\`,
    `\0`,
    `*/ OR /*`,
    `#[{}]`,
    `$1`,
    `\u2028\u2029`,
  ]
  const positions: readonly [string, (quoted: string) => string][] = [
    ['of text', (quoted) => `user = ${quoted}`],
    ['of part of text', (quoted) => `http.url CONTAINS ${quoted}`],
    ['of an annotation', (quoted) => `annotation.a != ${quoted}`],
    ['that names a service', (quoted) => `service(${quoted}) { ok }`],
    ['in a body', (quoted) => `service() { name BEGINSWITH ${quoted} }`],
    ['that names a caller', (quoted) => `edge(${quoted}, "b")`],
    ['that names a callee', (quoted) => `edge("a", ${quoted})`],
    ['of a name in id()', (quoted) => `service(id(name: ${quoted}))`],
    ['of a type in id()', (quoted) => `service(id(type: ${quoted}))`],
    ['of an account in id()', (quoted) => `service(id(account.id: ${quoted}))`],
    ['of a group', (quoted) => `group.name = ${quoted}`],
    ['of the ARN of a group', (quoted) => `group.arn != ${quoted}`],
    ['of a root cause', (quoted) => `rootcause.fault.exception { message ENDSWITH ${quoted} }`],
  ]

  test.each(positions)('%s', (_, expressionWith) => {
    const shape = parseFilter(expressionWith('"x"'))
    for (const attempt of attempts) {
      const read = parseFilter(expressionWith(printText(attempt)))
      const expected = JSON.parse(JSON.stringify(shape).replace('"x"', () => JSON.stringify(attempt))) as unknown
      expect(read, attempt).toEqual(expected)
    }
  })

  test('in a template, where JSON says how', () => {
    for (const attempt of attempts) {
      const read = parseFilter(`rootcause.json = #[${JSON.stringify(attempt)}]`)
      expect(read).toEqual({ ok: true, value: { kind: 'rootcause.json', templates: [attempt] } })
    }
  })

  test('as the key of an annotation', () => {
    for (const attempt of attempts.map((some) => some.replaceAll(']', ''))) {
      const read = parseFilter(printFilter({ kind: 'annotation', key: attempt }))
      expect(read).toEqual({ ok: true, value: { kind: 'annotation', key: attempt } })
    }
  })
})
