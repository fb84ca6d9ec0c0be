import { expect, it } from 'vitest'
import { readSeconds, writeSeconds } from './read-seconds.ts'

it.each([
  ['', undefined],
  ['0.2', 0.2],
  ['0,2', 0.2],
  ['.5 s', 0.5],
  ['200 ms', 0.2],
  ['200MS', 0.2],
  ['412µs', 0.000_412],
  ['2m', 120],
])('reads %j as %s seconds', (text, seconds) => {
  expect(readSeconds(text)).toEqual({ ok: true, seconds })
})

it.each(['fast', '-1', '1 h', '1.2.3'])('refuses %j', (text) => {
  expect(readSeconds(text)).toEqual({ ok: false })
})

it.each([
  [undefined, ''],
  [0.2, '0.2'],
  [0.000_001, '0.000001'],
  [120, '120'],
])('writes %s as %j', (seconds, text) => {
  expect(writeSeconds(seconds)).toBe(text)
})
