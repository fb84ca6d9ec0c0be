import { expect, test } from 'vitest'
import { keepWritten, writeJson } from './written-json.ts'

test.each<[string, object]>([
  ['no members', {}],
  ['no kept ones', { a: 1, b: ['x'], c: undefined }],
  ['a kept one among others', { a: 1.5, Services: keepWritten([{ Name: '"\u2028' }]), '"': undefined, end: false }],
  ['nothing but kept ones', { a: keepWritten({}), b: keepWritten([]) }],
  ['names that are special', Object.fromEntries([['__proto__', keepWritten([1])]])],
])('is what JSON.stringify writes: %s', (_, output) => {
  expect(String(writeJson(output))).toBe(JSON.stringify(output))
})

test('is the text that was kept', () => {
  const list = keepWritten([1])
  expect(keepWritten(list)).toBe(list)
  list.push(2)
  expect(String(writeJson({ list }))).toBe('{"list":[1]}')
})
