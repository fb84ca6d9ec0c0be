import { expect, test } from 'vitest'
import { keepScroll, keptScroll, readPlaces } from './kept-scroll.ts'

test('what is remembered of fifty lists, and the one that was scrolled longest ago is forgotten', () => {
  for (let list = 0; list < 50; list++) keepScroll(`list ${list}`, list * 10.4)
  keepScroll('list 0', 7)
  keepScroll('another', 8)
  expect(['list 0', 'list 1', 'list 2', 'list 49', 'another', 'none'].map(keptScroll)).toEqual([
    7,
    undefined,
    21,
    510,
    8,
    undefined,
  ])
})

test.each(['', 'x', '{}', 'null', '3', '[1]', '[["a"]]', '[["a","b"]]', '[[1,2]]', '[["a",null]]'])(
  'nothing is made of %j',
  (text) => {
    expect(readPlaces(text)).toEqual([])
  },
)

test('places are read as they were written', () => {
  expect(readPlaces('[["a",1],["b",0],7]')).toEqual([
    ['a', 1],
    ['b', 0],
  ])
})
