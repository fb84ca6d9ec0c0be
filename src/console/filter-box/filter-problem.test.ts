import { expect, test } from 'vitest'
import { dialectOf, filterProblem } from './filter-problem.ts'
import { lexFilter } from './lex-filter.ts'

test.each([
  ['', undefined, undefined, 'blank is everything'],
  ['fault', undefined, undefined, 'a filter'],
  ['segments() > 100', undefined, undefined, 'a filter of ours'],
  ['service("a"', 11, 11, 'at the end of input'],
  ['http.method = POST', 14, 18, 'the word that cannot stand there'],
  ['fault AND', 9, 9, 'something is missing'],
  ['metadata.q = ', 13, 13, 'ours got further than AWS’s'],
])('%s: %s to %s (%s)', (text, from, to, _why) => {
  const problem = filterProblem(text)
  expect(problem?.from).toBe(from)
  expect(problem?.to).toBe(to)
  if (from !== undefined) expect(problem?.message).toContain('Error Location: line 1')
})

test.each([
  ['', 'aws'],
  ['fault', 'aws'],
  ['metadata[*] = 4711', 'extended'],
  ['nonsense', 'aws'],
])('%s is asked in %s', (text, dialect) => {
  expect(dialectOf(text)).toBe(dialect)
})

test.each([
  ['fault AND ok', 'word word word'],
  ['service("a', 'word symbol open'],
  ['ann fault', 'broken word'],
  ['annotation. ok', 'broken word'],
  ['annotation[a.b', 'open'],
  ['annotation.a = 1', 'annotation symbol number'],
  ['☃ ☃ "x"', 'broken broken string'],
  ['http.url == 3', 'word symbol symbol number'],
])('%s is lexed as %s', (text, kinds) => {
  const pieces = lexFilter(text)
  expect(pieces.map((piece) => piece.kind).join(' ')).toBe(kinds)
  expect(pieces.every((piece) => piece.start < piece.end && piece.end <= text.length)).toBe(true)
})

test('many mistakes end, the rest being one', () => {
  const pieces = lexFilter('x '.repeat(3_000))
  expect(pieces.length).toBeLessThan(60)
  expect(pieces.at(-1)?.end).toBe(6_000)
})
