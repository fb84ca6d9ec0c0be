import { describe, expect, test } from 'vitest'
import { entityId } from '../../test/fixtures/model-documents.ts'
import { readTraceId } from '../model/ids.ts'
import type { TraceId } from '../model/ids.ts'
import type { TraceRow } from '../store/trace-row.ts'
import { OpenTraces, type TracedDocument } from './open-traces.ts'
import { traceRowOf } from './trace-row-of.ts'

const tenant = { account: '000000000000', region: 'us-east-1' }
const T0 = 1_700_000_000
const DAY = 86_400

/** A trace id whose first digits say these epoch seconds. */
function idOf(epoch: number): TraceId {
  const id = readTraceId(`1-${epoch.toString(16).padStart(8, '0')}-000000000000000000000001`)
  if (id === undefined) throw new Error(`no trace id has ${epoch}`)
  return id
}
const W3C = idOf(0xdead_beef)

let made = 0

/** A document that came at T0; start and end are seconds from there. */
function document(kind: TracedDocument['kind'], start: number, end?: number, more: object = {}): TracedDocument {
  made += 1
  return {
    kind,
    id: entityId(made.toString(16)),
    complete: end !== undefined,
    received: T0 * 1e6 + made,
    startUs: (T0 + start) * 1e6,
    ...(end === undefined ? {} : { endUs: (T0 + end) * 1e6 }),
    search: { names: [], terms: [], urls: [], isRoot: false, lastEnd: end === undefined ? -Infinity : T0 + end },
    ...more,
  }
}
const segment = (start: number, end?: number, more?: object) => document('segment', start, end, more)
const orphan = (start: number, end?: number, more?: object) => document('subsegment', start, end, more)

function rowOf(id: TraceId, documents: readonly TracedDocument[]): TraceRow | undefined {
  const open = new OpenTraces(Infinity)
  const trace = open.touch(tenant, id)
  for (const one of documents) open.add(trace, one)
  open.compact(trace)
  return traceRowOf(trace, 7)
}

/** Times of a row in seconds from T0, an end of a span that is not there as null. */
function shown(row: TraceRow | undefined): unknown {
  if (row === undefined) return undefined
  const spans = row.spans.map(({ startUs, endUs }) => [
    startUs / 1e6 - T0,
    endUs === undefined ? null : endUs / 1e6 - T0,
  ])
  return { time: row.timeSeconds - T0, spans, last: row.lastEndUs === undefined ? null : row.lastEndUs / 1e6 - T0 }
}

describe('times', () => {
  const near = idOf(T0 - 5)
  test.each<[string, TraceId, TracedDocument[], number, (readonly [number, number | null])[], number | null]>([
    [
      'segments',
      near,
      [segment(2, 3), segment(0, 9)],
      -5,
      [
        [2, 3],
        [0, 9],
      ],
      9,
    ],
    ['segments before orphans', near, [orphan(-8, 20), segment(2, 3)], -5, [[2, 3]], 20],
    ['segments before orphans, whichever came first', near, [segment(2, 3), orphan(-8, -7)], -5, [[2, 3]], 3],
    [
      'orphans alone',
      near,
      [orphan(2, 3), orphan(1, 9)],
      -5,
      [
        [2, 3],
        [1, 9],
      ],
      null,
    ],
    [
      'in progress',
      near,
      [segment(2), segment(1)],
      -5,
      [
        [2, null],
        [1, null],
      ],
      null,
    ],
    [
      'one of two in progress',
      near,
      [segment(2), segment(1, 4)],
      -5,
      [
        [2, null],
        [1, 4],
      ],
      4,
    ],
    ['an end before the start', near, [segment(2, 1)], -5, [[2, 1]], 1],
    [
      'an id of another time: the first start',
      W3C,
      [segment(30.75, 31), segment(2.875, 3)],
      2,
      [
        [30.75, 31],
        [2.875, 3],
      ],
      31,
    ],
    ['an id of another time, orphans alone', W3C, [orphan(2.875, 3)], 2, [[2.875, 3]], null],
    ['an orphan of an earlier time than the segments', W3C, [orphan(-50, 1), segment(2, 3)], 2, [[2, 3]], 3],
    ['an id of a week before', idOf(T0 - 7 * DAY), [segment(0, 1)], -7 * DAY, [[0, 1]], 1],
    ['an id of more than a week before', idOf(T0 - 7 * DAY - 1), [segment(0, 1)], 0, [[0, 1]], 1],
    ['a segment of long ago, where that is allowed', W3C, [segment(-90 * DAY, 1)], -90 * DAY, [[-90 * DAY, 1]], 1],
    [
      'an orphan that claims to be of long ago',
      near,
      [orphan(-90 * DAY, 1, { received: T0 * 1e6 })],
      -5,
      [[0, 1]],
      null,
    ],
    ['the same, with an id of another time', W3C, [orphan(-90 * DAY, 1, { received: T0 * 1e6 })], 0, [[0, 1]], null],
    ['an orphan of the future', W3C, [orphan(3 * DAY, 1, { received: T0 * 1e6 })], 0, [[0, 1]], null],
    ['an orphan of a month before', W3C, [orphan(-30 * DAY, 1)], -30 * DAY, [[-30 * DAY, 1]], null],
  ])('%s', (_, id, documents, time, spans, last) => {
    expect(shown(rowOf(id, documents))).toEqual({ time, spans, last })
  })

  test.each([
    ['before 1970', -1e6, 0],
    ['of the least double', -(2 ** 53) / 1e6, 0],
    ['after 2106', 2 ** 33, 2 ** 32 - 1],
    ['of the greatest double', 2 ** 53 / 1e6, 2 ** 32 - 1],
  ])('a time %s is what a row can hold', (_, seconds, expected) => {
    const row = rowOf(W3C, [segment(0, undefined, { startUs: seconds * 1e6 })])
    expect(row).toMatchObject({ timeSeconds: expected, spans: [{ startUs: seconds * 1e6 }] })
  })
})

test('what searches narrow by, each once, of superseded copies too', () => {
  const search = (names: string[], terms: string[], urls: string[]) => ({
    search: { names, terms, urls, lastEnd: -Infinity },
  })
  const { id } = segment(0)
  const documents = [
    segment(0, undefined, { id, ...search(['a', 'b', 'a'], ['ux'], []) }),
    segment(0, 1, { id, ...search(['a'], ['uy', 'F'], ['https://a/']) }),
    orphan(0, 1, search(['c'], ['F'], ['https://a/'])),
  ]
  expect(rowOf(W3C, documents)).toMatchObject({
    tenant,
    id: W3C,
    version: 7,
    names: ['a', 'b', 'c'],
    terms: ['ux', 'uy', 'F'],
    urls: ['https://a/'],
  })
})

test('a trace without documents has no row', () => {
  expect(rowOf(W3C, [])).toBeUndefined()
})
