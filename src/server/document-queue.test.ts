import { expect, it } from 'vitest'
import { DocumentQueue } from './document-queue.ts'

it('gives back what was put in, in order', () => {
  const queue = new DocumentQueue(10, 1000)
  for (const text of ['a', 'b', 'c', 'd', 'e']) queue.push(text, 1)
  expect([queue.take(2), queue.take(2), queue.take(2), queue.take(2)]).toEqual([['a', 'b'], ['c', 'd'], ['e'], []])
})

it('drops the oldest when there are too many', () => {
  const queue = new DocumentQueue(3, 1000)
  expect(['a', 'b', 'c', 'd', 'e'].map((text) => queue.push(text, 1))).toEqual([0, 0, 0, 1, 1])
  expect(queue.take(9)).toEqual(['c', 'd', 'e'])
})

it('drops as many as the bytes of a newcomer need, but never the newcomer', () => {
  const queue = new DocumentQueue(100, 10)
  for (const text of ['a', 'b', 'c']) queue.push(text, 3)
  expect(queue.push('big', 8)).toBe(3)
  expect(queue.push('bigger', 80)).toBe(1)
  expect(queue.take(9)).toEqual(['bigger'])
})
