import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readTextPattern } from './text-pattern.ts'

describe('patterns', () => {
  test.each<[string, string, boolean]>([
    ['', '', true],
    ['a', 'bab', true],
    ['^a', 'ba', false],
    ['a$', 'ab', false],
    ['^a|b$', 'cb', true],
    ['a.c', 'a\nc', false],
    ['^.$', '😀', true],
    ['[a-c]+d', 'xabcd', true],
    ['[^a-c]', 'abc', false],
    ['[]x]', ']', true],
    ['[a-]', '-', true],
    ['\\d{3}-\\w*', 'x123-', true],
    ['^\\d{3}$', '1234', false],
    ['^(ab){2,3}$', 'ababab', true],
    ['^(ab){2,}$', 'ab', false],
    ['^a{0}$', '', true],
    ['\\.json\\?', 'a.json?', true],
    ['(?:a|b)*c', 'ababc', true],
    ['a*?b', 'aab', true],
    ['(a*)*b', 'aaaa', false],
    ['(|a)+$', 'b', true],
    ['/orders/[0-9a-f-]+$', '/orders/12-ab', true],
  ])('%s in %j: %s', (pattern, text, found) => {
    expect(readTextPattern(pattern)?.(text)).toBe(found)
  })

  test.each([
    '(',
    ')',
    'a)',
    '[a',
    '*',
    'a**',
    'a{2',
    'a{3,2}',
    '\\',
    '\\1',
    '\\b',
    '(?=a)',
    '[b-a]',
    'a{9999}',
    '((a{99}){99}){99}',
    '((){999}){999}',
    '('.repeat(21) + ')'.repeat(21),
  ])('%j is none', (pattern) => {
    expect(readTextPattern(pattern)).toBeUndefined()
  })

  test('that would take others years take a moment', () => {
    expect(readTextPattern('^(a+)+$')?.(`${'a'.repeat(50_000)}b`)).toBe(false)
    expect(readTextPattern('(x+x+)+y')?.('x'.repeat(50_000))).toBe(false)
  })

  test('mean what they mean to JavaScript', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '(a|b)', '(ab|)', '^', '$')
    const piece = fc.tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}')).map(([what, count]) => {
      return /[\^$]/.test(what) && what.length === 1 ? what : what + count
    })
    const pattern = fc.array(fc.oneof(piece, fc.constant('|')), { maxLength: 6 }).map((pieces) => pieces.join(''))
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 })
    fc.assert(
      fc.property(pattern, text, (source, given) => {
        expect(readTextPattern(source)?.(given), source).toBe(new RegExp(source, 'u').test(given))
      }),
      { numRuns: 1_000 },
    )
  })

  test('any text is one or none', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('ab()[]{}*+?|^$\\.-,1d')) }), (source) => {
        const found = readTextPattern(source)?.('ab1')
        expect([true, false, undefined]).toContain(found)
      }),
      { numRuns: 1_000 },
    )
  })
})
