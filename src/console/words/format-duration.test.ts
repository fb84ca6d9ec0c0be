import { expect, test } from 'vitest'
import { formatDuration } from './format-duration.ts'

test.for<[number, string, string]>([
  [0, '0 µs', 'none'],
  [0.000_000_4, '0 µs', 'less than is measured'],
  [0.000_412, '412 µs', 'below a millisecond'],
  [0.000_999_6, '1 ms', 'rounded into the next unit'],
  [0.0314, '31.4 ms', 'below a second'],
  [0.25, '250 ms', 'no zeros at the end'],
  [0.999_96, '1 s', 'rounded into the next unit'],
  [1.204, '1.204 s', 'four digits'],
  [59.98, '59.98 s', 'below a minute'],
  [59.999_6, '1 m 00 s', 'rounded into the next unit'],
  [123, '2 m 03 s', 'minutes'],
  [3_840, '1 h 04 m', 'hours'],
  [-0.35, '−350 ms', 'negative'],
])('%d s is %s: %s', ([seconds, expected]) => {
  expect(formatDuration(seconds)).toBe(expected)
})
