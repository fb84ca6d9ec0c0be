import { expect, test } from 'vitest'
import { addOnce, type LongLists } from './add-once.ts'

test.each([3, 8, 9, 1_000])('%i elements added twice are there once, in order, beside another list', (count) => {
  const longLists: LongLists = new Map()
  const list: number[] = []
  const other: number[] = []
  for (let round = 0; round < 2; round++) {
    for (let element = 0; element < count; element++) {
      addOnce(list, element, longLists)
      addOnce(other, -element, longLists)
    }
  }
  expect(list).toEqual(Array.from({ length: count }, (_, element) => element))
  expect(other.map((element) => 0 - element)).toEqual(list)
})
