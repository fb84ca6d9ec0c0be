import { expect, test } from 'vitest'
import {
  ageText,
  freezeWindow,
  readWindow,
  shiftWindow,
  windowEnds,
  windowOf,
  writeWindow,
  zoomWindow,
} from './time-window.ts'

const NOW = Date.parse('2026-11-21T10:30:00.250Z')
const at = (time: string): string => `2026-11-21T${time}.000Z`
const between = (from: string, to: string): string => `${at(from)}~${at(to)}`

test.for<[string, number, number, string]>([
  ['15m', NOW - 900_000, NOW, 'minutes until now'],
  ['90s', NOW - 90_000, NOW, 'seconds'],
  ['3d', NOW - 259_200_000, NOW, 'days'],
  ['2w', NOW - 1_209_600_000, NOW, 'weeks'],
  [between('10:00:00', '10:30:00'), Date.parse(at('10:00:00')), Date.parse(at('10:30:00')), 'two times'],
  ['2026-11-21T10:00:00+05:45~2026-11-21T10:00:00Z', Date.parse(at('04:15:00')), Date.parse(at('10:00:00')), 'offsets'],
])('%s is read: %s %s, %s', ([text, fromMs, toMs]) => {
  const window = readWindow(text)
  expect(window === undefined ? undefined : windowEnds(window, NOW)).toMatchObject({ fromMs, toMs })
})

test.for([
  ['', 'nothing'],
  ['0m', 'no time'],
  ['15', 'no unit'],
  ['15 m', 'a space'],
  ['-5m', 'the future'],
  [between('10:30:00', '10:00:00'), 'ends before it begins'],
  ['2026-11-21T10:00:00Z', 'one time'],
  ['a~b', 'no times'],
  ['a~b~c', 'three'],
])('%j is no window: %s', ([text = '']) => {
  expect(readWindow(text)).toBeUndefined()
  expect(writeWindow(windowOf(text))).toBe('15m')
})

test.for<[string, -1 | 1, string, string]>([
  ['30m', -1, between('09:45:00', '10:15:00'), 'half of it into the past'],
  ['30m', 1, '30m', 'there is nothing after now'],
  [between('10:00:00', '10:20:00'), -1, between('09:50:00', '10:10:00'), 'back'],
  [between('10:00:00', '10:20:00'), 1, '2026-11-21T10:10:00.000Z~2026-11-21T10:30:00.000Z', 'on'],
  [between('10:10:00', '10:30:00'), 1, '2026-11-21T10:10:00.250Z~2026-11-21T10:30:00.250Z', 'no further than now'],
])('%s shifted by %d is %s: %s', ([text, direction, expected]) => {
  expect(writeWindow(shiftWindow(windowOf(text), direction, NOW))).toBe(expected)
})

test.for<[string, -1 | 1, string, string]>([
  ['15m', 1, '30m', 'twice as long'],
  ['15m', -1, '450s', 'half as long'],
  ['30m', 1, '1h', 'in the greater unit'],
  ['1s', -1, '1s', 'no shorter than a second'],
  ['365d', 1, '365d', 'no longer than a year'],
  [between('10:00:00', '10:20:00'), -1, between('10:05:00', '10:15:00'), 'about its middle'],
  [between('08:00:00', '08:20:00'), 1, between('07:50:00', '08:30:00'), 'about its middle, outwards'],
  [between('10:00:00', '10:30:00'), 1, '2026-11-21T09:30:00.250Z~2026-11-21T10:30:00.250Z', 'not beyond now'],
])('%s zoomed by %d is %s: %s', ([text, direction, expected]) => {
  expect(writeWindow(zoomWindow(windowOf(text), direction, NOW))).toBe(expected)
})

test.for([
  ['15m', '2026-11-21T10:15:00.000Z~2026-11-21T10:30:01.000Z', 'whole seconds that hold it'],
  [between('10:00:00', '10:20:00'), between('10:00:00', '10:20:00'), 'as it is'],
])('%s frozen is %s: %s', ([text, expected]) => {
  expect(writeWindow(freezeWindow(windowOf(text), NOW))).toBe(expected)
})

test.for<[number, string]>([
  [90, '90s'],
  [900, '15m'],
  [7_200, '2h'],
  [604_800, '7d'],
])('%d s is %s', ([seconds, expected]) => {
  expect(ageText(seconds)).toBe(expected)
})
