import { expect, it } from 'vitest'
import { printable } from './rejected.ts'

it.each([
  ['plain text, ä and 😀', 'plain text, ä and 😀'],
  ['\u001b[31mred\u0007', '\\u001b[31mred\\u0007'],
  ['two\r\nlines', 'two\\u000d\\u000alines'],
  ['C1 \u009b2J', 'C1 \\u009b2J'],
  ['turned \u202eback\u2066', 'turned \\u202eback\\u2066'],
  ['hidden \u200b\ufeff\u2028', 'hidden \\u200b\\ufeff\\u2028'],
  ['half \ud83d', 'half \\ud83d'],
  ['tag \u{e0041}', 'tag \\udb40\\udc41'],
])('%j is printed as %j', (hostile, shown) => {
  expect(printable(hostile)).toBe(shown)
})

it('leaves JSON the same JSON', () => {
  const value = { text: '\u001b[2J\u009b\u202e\u2028\u{e0041} "quoted" \\' }
  expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value)
})
