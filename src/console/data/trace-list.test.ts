import { expect, test } from 'vitest'
import { neighboursIn } from './trace-list.ts'

test.each([
  ['a', { next: 'b', position: 0, count: 3 }],
  ['b', { previous: 'a', next: 'c', position: 1, count: 3 }],
  ['c', { previous: 'b', position: 2, count: 3 }],
  ['d', undefined],
])('beside %s: %j', (id, expected) => {
  expect(neighboursIn({ ids: ['a', 'b', 'c'] }, id)).toEqual(expected)
})
