import { expect, test } from 'vitest'
import { splitLines } from './split-lines.ts'

test.each([
  [['a\nb\n'], ['a', 'b'], 'whole lines'],
  [['a', 'b', 'c\nd', '\n'], ['abc', 'd'], 'a line in pieces'],
  [['a\n\n \nb'], ['a', 'b'], 'blank lines, and no end'],
  [['a\r\nb'], ['a\r', 'b'], 'JSON allows the other blanks'],
  [['', '\n', ''], [], 'nothing'],
  [['{"x":"\\n"}\n{'], ['{"x":"\\n"}', '{'], 'escapes are no ends'],
])('%j is %j: %s', (chunks, lines) => {
  const split = splitLines()
  expect([...chunks.flatMap((chunk) => split(chunk)), ...split()]).toEqual(lines)
})
