import { describe, expect, test } from 'vitest'
import { readWindow } from '../data/time-window.ts'
import { readTraceRow } from '../data/trace-row.ts'
import { inOrder, nextOrder, orderOf } from './list-order.ts'
import { lengthWords, listTruth, percent } from './list-truth.ts'
import type { SearchState } from './trace-search.ts'

const WINDOW = readWindow('15m') ?? { kind: 'last', seconds: 1, text: '' }
const NOW = 1_800_000_000_000
const rows = [3, 1, 2].map((segments) =>
  readTraceRow({
    type: 'trace',
    Id: `1-${(1_799_999_000 + segments).toString(16)}-000000000000000000000000`,
    Duration: segments / 10,
    SegmentCount: segments,
  }),
)
const progress = { type: 'progress', scanned: 9, matched: 3, seconds: 1, upTo: NOW / 1_000 - 450 } as const
const state = (phase: SearchState['phase'], more: Partial<SearchState> = {}): SearchState => ({
  phase,
  rows,
  progress,
  startedMs: NOW,
  ...more,
})

describe('listTruth', () => {
  test.each([
    [state('running'), '3 match so far · scanned 50 % of 15 min · newest first'],
    [state('stopped'), '3 match so far · stopped · scanned 50 % of 15 min · newest first'],
    [
      state('complete', { progress: { ...progress, matched: 5 } }),
      '5 match, the first 3 are listed · scanned 100 % of 15 min · newest first',
    ],
    [state('complete'), '3 match · scanned 100 % of 15 min · newest first'],
    [state('limited'), 'The newest 3 that match · scanned 50 % of 15 min · newest first'],
    [
      state('complete', { rows: [], progress: { ...progress, matched: 0 } }),
      'Nothing matches · scanned 100 % of 15 min · newest first',
    ],
    [state('failed'), '3 match so far · broke off · scanned 50 % of 15 min · newest first'],
    [state('failed', { rows: [], progress: { ...progress, matched: 0 } }), 'The search failed'],
    [
      state('complete', { rows: rows.slice(0, 1), progress: { ...progress, matched: 1 } }),
      '1 matches · scanned 100 % of 15 min · newest first',
    ],
  ])('%#: %s', (of, words) => {
    expect(listTruth(of, WINDOW, '-start')).toBe(words)
  })
})

test('before the server tells how far it is, the last row does', () => {
  const told: SearchState = { phase: 'running', rows, startedMs: NOW }
  expect(listTruth(told, WINDOW, '-start')).toBe('3 match so far · scanned 99 % of 15 min · newest first')
})

test.each([
  [0, '0 %'],
  [0.001, '< 1 %'],
  [0.999, '99 %'],
  [1, '100 %'],
])('%d is %s', (share, words) => {
  expect(percent(share)).toBe(words)
})

test.each([
  ['90s', '1 m 30 s'],
  ['15m', '15 min'],
  ['36h', '36 h'],
  ['7d', '7 d'],
  ['2026-11-21T10:00:00Z~2026-11-21T10:30:00Z', '30 min'],
])('%s is %s', (t, words) => {
  expect(lengthWords(readWindow(t) ?? WINDOW)).toBe(words)
})

test.each([
  ['-start', [3, 2, 1]],
  ['start', [1, 2, 3]],
  ['duration', [1, 2, 3]],
  ['segments', [1, 2, 3]],
  ['-segments', [3, 1, 2]],
] as const)('in the order %s', (order, segments) => {
  expect(inOrder(rows, order).map((row) => row.segments)).toEqual(segments)
})

test('a column’s head turns the order around', () => {
  expect(nextOrder('-start', 'duration')).toBe('-duration')
  expect(nextOrder('-duration', 'duration')).toBe('duration')
  expect(orderOf('constructor')).toBe('-start')
})
