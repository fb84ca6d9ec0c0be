import { expect, test } from 'vitest'
import { anEntity, segment, subsegment, T0, TRACE_ID } from '../../test/fixtures/model-documents.ts'
import { assemble } from './assemble.ts'
import type { SegmentDocument } from './entity.ts'
import { indexTrace } from './trace-index.ts'
import { durationSeconds, traceSpan } from './trace-span.ts'

const day = 86_400
const now = T0 + 60

test.each<{ reason: string; documents: SegmentDocument[]; start: number; duration: number }>([
  { reason: 'one segment', documents: [segment('a', { start: 1, end: 3.5 })], start: 1, duration: 2.5 },
  { reason: 'three decimals', documents: [segment('a', { end: 1.23456 })], start: 0, duration: 1.235 },
  { reason: 'nothing has ended', documents: [segment('a', { end: undefined })], start: 0, duration: 0 },
  { reason: 'an end before the start', documents: [segment('a', { start: 2, end: 1 })], start: 2, duration: 0 },
  {
    reason: 'the start is of the earliest segment, not subsegment; the end of anything',
    documents: [
      segment('a', { start: 1, subsegments: [anEntity('b', { start: -4, end: 5 })] }),
      segment('c', { start: 2 }),
    ],
    start: 1,
    duration: 4,
  },
  {
    reason: 'ended subsegments of a segment in progress',
    documents: [segment('a', { end: undefined }), subsegment('b', 'a', { end: 7 })],
    start: 0,
    duration: 7,
  },
  {
    reason: 'subsegments of more than a day ahead do not count',
    documents: [segment('a', { end: 2, subsegments: [anEntity('b', { end: day + 61 })] })],
    start: 0,
    duration: 2,
  },
  {
    reason: 'a day ahead counts',
    documents: [segment('a', { end: 2, subsegments: [anEntity('b', { end: day + 60 })] })],
    start: 0,
    duration: day + 60,
  },
  {
    reason: 'only an orphan',
    documents: [subsegment('b', 'f', { start: 2, end: 3 })],
    start: 2,
    duration: 1,
  },
  {
    reason: 'orphans with absurd times come last',
    documents: [subsegment('b', 'f', { start: 999 * T0 }), subsegment('c', 'f', { start: 2, end: 3 })],
    start: 2,
    duration: 1,
  },
  { reason: 'no documents', documents: [], start: -T0, duration: 0 },
])('$reason', ({ documents, start, duration }) => {
  const trace = assemble(
    TRACE_ID,
    1,
    documents.map((document, received) => ({ document, received })),
  )
  expect(traceSpan(indexTrace(trace), now)).toEqual({ startTime: T0 + start, durationSeconds: duration })
})

test.each([
  { reason: 'three decimals', entity: anEntity('a', { end: 0.12345 }), duration: 0.123 },
  { reason: 'an end before the start', entity: anEntity('a', { end: -1 }), duration: 0 },
  { reason: 'in progress', entity: anEntity('a', { end: undefined }), duration: undefined },
  { reason: 'absurd, but a number', entity: anEntity('a', { end: 1e308 }), duration: 1e308 },
])('the duration of an entity: $reason', ({ entity, duration }) => {
  expect(durationSeconds(entity)).toBe(duration)
})
