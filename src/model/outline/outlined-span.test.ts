import { expect, test } from 'vitest'
import { anEntity, segment, subsegment, T0, TRACE_ID } from '../../../test/fixtures/model-documents.ts'
import { assemble } from '../assemble.ts'
import type { SegmentDocument } from '../entity.ts'
import { outlinedSpan } from './outlined-span.ts'
import { outlineTrace } from './outlined-trace.ts'

const DAY = 86_400
const inside = (start: number, end: number) =>
  segment('1', { start: 0, end: 1, subsegments: [anEntity('2', { start, end })] })

const cases: readonly (readonly [string, readonly SegmentDocument[], number, number])[] = [
  ['a segment', [segment('1', { end: 2 })], 0, 2],
  ['in progress', [segment('1', { end: undefined })], 0, 0],
  ['an end before the start', [segment('1', { end: -1 })], 0, 0],
  ['a subsegment that began earlier, as clocks differ', [inside(-1, 0)], -1, 2],
  ['a subsegment that ended later', [inside(0, 5)], 0, 5],
  ['a mistake before', [inside(-2 * DAY, 0.5)], 0, 1],
  ['a mistake ahead', [inside(0, 2 * DAY)], 0, 1],
  ['an orphan beside a segment', [segment('1'), subsegment('2', '9', { start: -3, end: 4 })], -3, 7],
  ['an orphan in another year', [segment('1'), subsegment('2', '9', { start: -300 * DAY, end: 0 })], 0, 1],
  ['orphans alone', [subsegment('2', '9', { start: -300 * DAY, end: 0 })], -300 * DAY, 300 * DAY],
  ['orphans ahead', [subsegment('2', '9', { start: 300 * DAY, end: 301 * DAY })], 300 * DAY, 0],
]

test.each(cases)('%s', (_, sent, start, duration) => {
  const trace = assemble(
    TRACE_ID,
    1,
    sent.map((document, received) => ({ document, received })),
  )
  expect(outlinedSpan(outlineTrace(trace), T0)).toEqual({ startTime: T0 + start, durationSeconds: duration })
})
