import { expect, test } from 'vitest'
import { cycleCuts } from './parent-cycles.ts'

test.each([
  { reason: 'nothing', parents: [], cuts: [] },
  { reason: 'a chain has no cycle', parents: [undefined, 0, 1], cuts: [] },
  { reason: 'a chain walked from its end', parents: [1, 2, undefined], cuts: [] },
  { reason: 'its own parent', parents: [0], cuts: [0] },
  { reason: 'two of each other', parents: [1, 0], cuts: [0] },
  { reason: 'a tail does not belong to the cycle', parents: [1, 2, 3, 1], cuts: [1] },
  { reason: 'each cycle is cut once', parents: [1, 0, 3, 2, 0, 3], cuts: [0, 2] },
  { reason: 'only what may be cut is', parents: [1, 2, 0], fixed: [0, 1], cuts: [2] },
])('$reason', ({ parents, fixed, cuts }) => {
  const mayCut = (position: number) => !(fixed ?? []).includes(position)
  expect(cycleCuts({ parents, mayCut, compare: (a, b) => a - b })).toEqual(cuts)
})
