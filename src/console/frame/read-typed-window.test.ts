import { expect, test } from 'vitest'
import { writeWindow } from '../data/time-window.ts'
import { readTypedWindow } from './read-typed-window.ts'

const NOW = Date.parse('2026-11-21T20:05:00Z')

function read(typed: string, zone = 'UTC'): string | undefined {
  const window = readTypedWindow(typed, zone, NOW)
  return window === undefined ? undefined : writeWindow(window).replaceAll(':00.000Z', 'Z')
}

test.for<[string, string, string]>([
  ['90m', '90m', 'as URLs have it'],
  [' 3 d ', '3d', 'with spaces'],
  ['last 2 hours', '2h', 'in words'],
  ['1.5h', '90m', 'parts of a unit'],
  ['Last 15 minutes', '15m', 'as the picker says it'],
  ['2026-11-21 10:00 – 10:30', '2026-11-21T10:00Z~2026-11-21T10:30Z', 'the second time is of the same day'],
  ['2026-11-21 10:00 - 2026-11-22 09:00', '2026-11-21T10:00Z~2026-11-22T09:00Z', 'over midnight'],
  ['10:00 to 11:00', '2026-11-21T10:00Z~2026-11-21T11:00Z', 'today'],
  ['2026-11-21T10:00:00Z~2026-11-21T10:30:00Z', '2026-11-21T10:00Z~2026-11-21T10:30Z', 'as URLs have it'],
  ['2026-11-20', '2026-11-20T00:00Z~2026-11-21T00:00Z', 'a day is all of it'],
  ['2026-11-18 ~ 2026-11-20', '2026-11-18T00:00Z~2026-11-21T00:00Z', 'the last day, too'],
  ['10:00 – 10:30 +02:00', '2026-11-21T08:00Z~2026-11-21T08:30Z', 'an offset is of both'],
])('%j is %s: %s', ([typed, expected]) => {
  expect(read(typed)).toBe(expected)
})

test.for<[string, string, string, string]>([
  ['10:00 – 10:30', 'Asia/Kathmandu', '2026-11-22T04:15Z~2026-11-22T04:45Z', 'it is tomorrow there'],
  ['10:00 – 10:30 UTC', 'Asia/Kathmandu', '2026-11-21T10:00Z~2026-11-21T10:30Z', 'UTC is said'],
  ['2026-07-01', 'America/New_York', '2026-07-01T04:00Z~2026-07-02T04:00Z', 'in summer time'],
  ['2026-11-01', 'America/New_York', '2026-11-01T04:00Z~2026-11-02T05:00Z', 'a day of 25 hours'],
])('%j in %s is %s: %s', ([typed, zone, expected]) => {
  expect(read(typed, zone)).toBe(expected)
})

test.for([
  ['', 'nothing'],
  ['soon', 'no time'],
  ['0m', 'no length'],
  ['10:30', 'a moment'],
  ['11:00 – 10:00', 'ends before it begins'],
  ['2026-02-30', 'no such day'],
  ['10:75 – 11:00', 'no such time'],
  ['10:00 – 11:00 – 12:00', 'three'],
])('%j is no window: %s', ([typed = '']) => {
  expect(read(typed)).toBeUndefined()
})
