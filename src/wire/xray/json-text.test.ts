import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonText } from './json-text.ts'
import type { Printable } from './json-text.ts'

test('prints JSON as JSON.stringify does', () => {
  const json = fc.json().map((text) => JSON.parse(text) as Printable)
  fc.assert(fc.property(json, (value) => jsonText(value) === JSON.stringify(value)))
})

test.each<[Printable, string]>([
  [-0, '-0'],
  [Number.POSITIVE_INFINITY, 'null'],
  [undefined, 'null'],
  [[undefined, 1], '[null,1]'],
  [{ a: undefined, b: () => ({ c: () => [1] }) }, '{"b":{"c":[1]}}'],
  [
    new Map<string, Printable>([
      ['__proto__', 1],
      ['b', new Map()],
    ]),
    '{"__proto__":1,"b":{}}',
  ],
  ['\ud800"\u0000', '"\\ud800\\"\\u0000"'],
])('%j → %s', (value, text) => {
  expect(jsonText(value)).toBe(text)
})

test('depth costs no stack', () => {
  const text = '['.repeat(100_000) + ']'.repeat(100_000)
  expect(jsonText(JSON.parse(text) as Printable)).toBe(text)
})
