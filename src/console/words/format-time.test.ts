import { expect, test } from 'vitest'
import { formatAge, formatTime, formatTimeOfDay, offsetMs, zoneLabel, type TimePrecision } from './format-time.ts'

const MS = Date.parse('2026-11-21T20:05:00.250Z')

test.for<[number, string, TimePrecision, string, string]>([
  [MS, 'UTC', 'millisecond', '2026-11-21 20:05:00.250', 'all of it'],
  [MS, 'UTC', 'second', '2026-11-21 20:05:00', 'cut, not rounded'],
  [MS, 'UTC', 'minute', '2026-11-21 20:05', 'to the minute'],
  [MS, 'UTC', 'day', '2026-11-21', 'to the day'],
  [MS, 'Asia/Kathmandu', 'second', '2026-11-22 01:50:00', 'a zone with three quarters of an hour'],
  [MS, 'America/New_York', 'second', '2026-11-21 15:05:00', 'behind UTC'],
  [Date.parse('2026-11-21T00:00:00Z'), 'UTC', 'second', '2026-11-21 00:00:00', 'midnight is 00'],
  [Number.NaN, 'UTC', 'second', 'not a time', 'nonsense'],
  [1e17, 'UTC', 'second', 'not a time', 'later than calendars go'],
])('%d in %s to the %s is %s: %s', ([ms, zone, precision, expected]) => {
  expect(formatTime(ms, zone, precision)).toBe(expected)
})

test('the time of day is the rest', () => {
  expect(formatTimeOfDay(MS, 'UTC', 'millisecond')).toBe('20:05:00.250')
})

test.for<[string, string, number]>([
  ['UTC', 'UTC', 0],
  ['Asia/Kathmandu', 'UTC+05:45', 20_700_000],
  ['America/New_York', 'UTC−05:00', -18_000_000],
])('%s is said as %s', ([zone, label, offset]) => {
  expect(zoneLabel(MS, zone)).toBe(label)
  expect(offsetMs(MS, zone)).toBe(offset)
})

test('a zone has the offset of the time that is asked for', () => {
  expect(zoneLabel(Date.parse('2026-07-01T00:00:00Z'), 'America/New_York')).toBe('UTC−04:00')
})

test.for<[number, string]>([
  [MS, 'now'],
  [MS - 12_000, '12 s ago'],
  [MS - 300_000, '5 min ago'],
  [MS - 7_200_000, '2 h ago'],
  [MS - 259_200_000, '3 d ago'],
  [MS + 5_000, 'in 5 s'],
])('%d is %s', ([ms, expected]) => {
  expect(formatAge(ms, MS)).toBe(expected)
})
