import { expect, it } from 'vitest'
import { rateLimited } from './rate-limited.ts'

it('lets so many calls of a second through, and tells the next second how many were not', () => {
  let nowMs = 5_000
  const seen: [number, string][] = []
  const log = rateLimited(
    2,
    () => nowMs,
    (suppressed, text: string) => seen.push([suppressed, text]),
  )
  for (const text of ['a', 'b', 'c', 'd']) log(text)
  nowMs = 6_000
  log('e')
  log('f')
  expect(seen).toEqual([
    [0, 'a'],
    [0, 'b'],
    [2, 'e'],
    [0, 'f'],
  ])
})
