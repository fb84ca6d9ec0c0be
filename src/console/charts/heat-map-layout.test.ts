import { describe, expect, test } from 'vitest'
import type { Overview } from '../../wire/own/overview.ts'
import {
  boundsOf,
  boxBetween,
  cellAt,
  cellRect,
  countsIn,
  countWords,
  durationClause,
  durationTicks,
  durationWords,
  heatSummary,
  timeTicks,
} from './heat-map-layout.ts'

const OVERVIEW: Overview = {
  startTime: 1_000,
  endTime: 1_100,
  scanned: 10,
  matched: 10,
  complete: true,
  upTo: 1_000,
  heat: {
    columns: 10,
    rows: [0.001, 0.002, 0.004, 0.008],
    cells: [
      [0, 0, 3, 0, 0, 0],
      [5, 2, 4, 1, 0, 0],
      [9, 3, 2, 2, 0, 1],
    ],
  },
  facets: [],
}
const FRAME = { width: 240, height: 100, left: 40, bottom: 16, top: 0 }

test('a cell is found where it is drawn', () => {
  for (let column = 0; column < 10; column++) {
    for (let row = 0; row < 7; row++) {
      const { x, y, width, height } = cellRect(FRAME, OVERVIEW.heat, column, row)
      expect(cellAt(FRAME, OVERVIEW.heat, x + width / 2, y + height / 2)).toEqual({ column, row })
    }
  }
  expect(cellAt(FRAME, OVERVIEW.heat, -50, 500)).toEqual({ column: 0, row: 0 })
})

describe('a box', () => {
  test.each([
    [{ column: 0, row: 0 }, { column: 9, row: 6 }, { fromMs: 1_000_000, toMs: 1_100_000 }, '', 'any duration'],
    [
      { column: 5, row: 2 },
      { column: 5, row: 2 },
      { fromMs: 1_050_000, toMs: 1_060_000, atLeastSeconds: 0.004, lessThanSeconds: 0.008 },
      'duration >= 0.004 AND duration < 0.008',
      '4 ms – 8 ms',
    ],
    [
      { column: 9, row: 5 },
      { column: 8, row: 3 },
      { fromMs: 1_080_000, toMs: 1_100_000, atLeastSeconds: 0.008 },
      'duration >= 0.008',
      '8 ms and longer',
    ],
    [
      { column: 0, row: 0 },
      { column: 0, row: 1 },
      { fromMs: 1_000_000, toMs: 1_010_000, lessThanSeconds: 0.004 },
      'duration < 0.004',
      'under 4 ms',
    ],
  ])('from %j to %j', (one, other, bounds, clause, words) => {
    const found = boundsOf(OVERVIEW, boxBetween(one, other))
    expect(found).toEqual(bounds)
    expect(durationClause(found)).toBe(clause)
    expect(durationWords(found)).toBe(words)
  })

  test('has what is in its cells', () => {
    const box = boxBetween({ column: 5, row: 3 }, { column: 9, row: 2 })
    expect(countsIn(OVERVIEW.heat, box)).toEqual({ traces: 6, faults: 3, errors: 0, throttles: 1 })
    expect(countWords(countsIn(OVERVIEW.heat, box))).toBe('6 traces, 3 faults, 1 throttle')
    expect(countWords(countsIn(OVERVIEW.heat, boxBetween({ column: 1, row: 0 }, { column: 2, row: 0 })))).toBe(
      'no traces',
    )
  })
})

test('it is said in a sentence', () => {
  expect(heatSummary(OVERVIEW, (ms) => `${ms / 1_000} s`)).toBe(
    '9 traces, 3 faults, 1 throttle; most took 4 ms – 8 ms; most faults at 1090 s.',
  )
  expect(heatSummary({ ...OVERVIEW, heat: { columns: 10, rows: [], cells: [] } }, String)).toBe('No traces.')
})

test('ticks are round', () => {
  expect(durationTicks(FRAME, OVERVIEW.heat).map(({ text }) => text)).toEqual(['1 ms', '10 ms'])
  expect(timeTicks(FRAME, OVERVIEW, 4, 0).map(({ ms }) => ms / 1_000)).toEqual([1_020, 1_050, 1_080])
})
