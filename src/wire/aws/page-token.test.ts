import { expect, test } from 'vitest'
import { readPageToken, writePageToken } from './page-token.ts'

const NOW = 1_700_000_000
const position = { timeSeconds: 1_699_999_999, id: '1-58406520-a006649127e371903a2de979' }
const parameters = ['GetTraceSummaries', '000000000000', [['StartTime', 1]]]
const token = writePageToken(parameters, position, NOW)
const rewritten = (change: (text: string) => string) =>
  Buffer.from(change(Buffer.from(token, 'base64url').toString())).toString('base64url')

test('a token leads back to its position, is opaque and short', () => {
  expect(readPageToken(token, parameters, NOW + 60)).toEqual(position)
  expect(token).toMatch(/^[A-Za-z0-9_-]{20,1000}$/)
})

test.each<[string, string, readonly unknown[], number]>([
  ['with other parameters', token, ['GetTraceSummaries', '000000000000', [['StartTime', 2]]], NOW],
  ['after a day', token, parameters, NOW + 24 * 3600],
  ['of the future', token, parameters, NOW - 3600],
  ['empty', '', parameters, NOW],
  ['not base64url', `${token}=`, parameters, NOW],
  ['with white space', ` ${token}`, parameters, NOW],
  ['cut off', token.slice(0, -3), parameters, NOW],
  ['some word', 'abcdef', parameters, NOW],
  ['JSON, but no list', Buffer.from('{}').toString('base64url'), parameters, NOW],
  ['an infinite time', rewritten((text) => text.replace('1699999999', '1e999')), parameters, NOW],
  ['an id that is no text', rewritten((text) => text.replace(/"1-[^"]*"/, '7')), parameters, NOW],
  ['one element too many', rewritten((text) => text.replace(']', ',1,1]')), parameters, NOW],
])('%s is no token', (_, text, given, nowSeconds) => {
  expect(readPageToken(text, given, nowSeconds)).toBeUndefined()
})
