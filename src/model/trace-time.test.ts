import { expect, test } from 'vitest'
import { T0, TRACE_ID } from '../../test/fixtures/model-documents.ts'
import { readTraceId } from './ids.ts'
import { traceTimeSeconds } from './trace-time.ts'

const week = 7 * 86_400
const random = readTraceId('efaaf4d01e8720b39541901950019ee5')

test.each([
  { reason: 'the epoch of the id', firstStart: T0 + 0.75, time: T0 },
  { reason: 'a week after it', firstStart: T0 + week, time: T0 },
  { reason: 'a week before it', firstStart: T0 - week, time: T0 },
  { reason: 'more than a week after it: the start', firstStart: T0 + week + 0.5, time: T0 + week },
  { reason: 'more than a week before it: the start, rounded down', firstStart: T0 - week - 0.5, time: T0 - week - 1 },
])('$reason', ({ firstStart, time }) => {
  expect(traceTimeSeconds(TRACE_ID, firstStart)).toBe(time)
})

test('a random id tells no time', () => {
  expect(random && traceTimeSeconds(random, T0 + 0.9)).toBe(T0)
})
