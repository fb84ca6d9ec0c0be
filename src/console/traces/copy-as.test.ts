import { expect, test } from 'vitest'
import { readWindow } from '../data/time-window.ts'
import { awsCommand, curlCommand, quoteShell } from './copy-as.ts'

test.each([
  ['fault', 'fault'],
  ['', "''"],
  ['a b', "'a b'"],
  ['service("a")', `'service("a")'`],
  [`it's`, `'it'\\''s'`],
  ['$(rm -rf /)', `'$(rm -rf /)'`],
  ['a\nb', `'a\nb'`],
  ['http://127.0.0.1:2000/x', 'http://127.0.0.1:2000/x'],
  ['!ok', `'!ok'`],
])('%j is %s in a shell', (text, word) => {
  expect(quoteShell(text)).toBe(word)
})

const window = readWindow('15m')
if (window === undefined) throw new Error('15m is a window')
const question = {
  filter: `annotation.a = "it's"`,
  dialect: 'aws',
  window,
  base: 'http://127.0.0.1:2000/x/',
  nowMs: 1_800_000_000_500,
} as const

test('the command of AWS’s CLI', () => {
  expect(awsCommand(question)).toBe(
    [
      'aws xray get-trace-summaries \\',
      '  --endpoint-url http://127.0.0.1:2000/x \\',
      '  --start-time 1799999100 \\',
      '  --end-time 1800000001 \\',
      `  --filter-expression 'annotation.a = "it'\\''s"'`,
    ].join('\n'),
  )
})

test('the command of curl', () => {
  expect(curlCommand({ ...question, filter: 'segments() > 1', dialect: 'extended' })).toBe(
    [
      'curl -sN --get http://127.0.0.1:2000/x/api/traces \\',
      '  --data from=1799999100.5 --data to=1800000000.5 \\',
      "  --data-urlencode 'filter=segments() > 1' \\",
      '  --data dialect=extended',
    ].join('\n'),
  )
})
