import { describe, expect, test } from 'vitest'
import { budgetTable, median, percentile, verdictOf } from './budget.ts'

const LAYOUT = { what: 'layout', unit: 'ms', budget: 100 } as const

describe('a budget', () => {
  test.each([
    ['the budget itself holds', [100], undefined, 'holds'],
    ['the median counts, not the worst run', [90, 95, 900], undefined, 'holds'],
    ['a little more is over', [101], undefined, 'over'],
    ['three times as much is still only over', [300], undefined, 'over'],
    ['more than that fails', [301], undefined, 'FAILS'],
    ['a bound of its own fails earlier', [108], 107, 'FAILS'],
    ['what could not be measured fails', [], undefined, 'FAILS'],
  ] as const)('%s', (_, values, failAbove, verdict) => {
    expect(verdictOf({ ...LAYOUT, values, ...(failAbove === undefined ? {} : { failAbove }) })).toBe(verdict)
  })

  test('has a line in the table', () => {
    const table = budgetTable([
      { ...LAYOUT, values: [80, 120, 90.25] },
      { what: 'shift', unit: '', budget: 0.05, values: [0.01, 0.02, 0.04] },
      { what: 'elements', unit: '', budget: 2_500, values: [505] },
    ])
    expect(table.split('\n')).toEqual([
      '           median       runs    budget',
      'layout    90.3 ms     80–120  ≤ 100 ms  holds',
      'shift        0.02  0.01–0.04    ≤ 0.05  holds',
      'elements      505              ≤ 2,500  holds',
    ])
  })
})

test.each([
  ['of an odd number', [3, 1, 2], 2],
  ['of an even number, the greater', [4, 1, 2, 3], 3],
  ['of none', [], Infinity],
] as const)('the median %s', (_, values, expected) => {
  expect(median(values)).toBe(expected)
})

test.each([
  ['95 % of twenty', Array.from({ length: 20 }, (_, index) => index + 1), 19],
  ['of one', [7], 7],
  ['of none', [], Infinity],
])('a percentile: %s', (_, values, expected) => {
  expect(percentile(values, 0.95)).toBe(expected)
})
