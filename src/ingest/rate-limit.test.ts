import { expect, it } from 'vitest'
import { OverloadError } from './ingest.ts'
import { createRateLimit, limitCalls } from './rate-limit.ts'

const ada = { account: '111111111111', region: 'us-east-1' }
const bob = { account: '222222222222', region: 'us-east-1' }

it.each<[string, readonly (readonly [atMs: number, documents: number, admitted: boolean])[]]>([
  [
    'a burst of one second, then the rate',
    [
      [0, 100, true],
      [0, 1, false],
      [10, 1, true],
      [10, 1, false],
    ],
  ],
  [
    'no more than one second is saved up',
    [
      [0, 100, true],
      [60_000, 100, true],
      [60_000, 1, false],
    ],
  ],
  [
    'a call larger than the bucket is paid for afterwards',
    [
      [0, 150, true],
      [500, 1, false],
      [520, 1, true],
    ],
  ],
  [
    'a clock set back neither brings nor takes tokens',
    [
      [1000, 50, true],
      [0, 50, true],
      [0, 1, false],
      [10, 1, true],
    ],
  ],
])('%s', (_, calls) => {
  let nowMs = 0
  const limit = createRateLimit(100, () => nowMs)
  for (const [atMs, documents, admitted] of calls) {
    nowMs = atMs
    expect([atMs, documents, limit.take(ada, documents)]).toEqual([atMs, documents, admitted])
  }
})

it('gives each account a bucket of its own', () => {
  const limit = createRateLimit(10, () => 0)
  expect([limit.take(ada, 10), limit.take(ada, 1), limit.take(bob, 10)]).toEqual([true, false, true])
})

it('admits single documents as far as they fit', () => {
  let nowMs = 0
  const limit = createRateLimit(10, () => nowMs)
  expect([limit.takeUpTo(ada, 8), limit.takeUpTo(ada, 8), limit.takeUpTo(ada, 8)]).toEqual([8, 2, 0])
  nowMs = 150
  expect(limit.takeUpTo(ada, 8)).toBe(1)
})

it('has no limit when that is infinite', () => {
  const limit = createRateLimit(Infinity, () => 0)
  expect([limit.take(ada, 1e9), limit.take(ada, 1e9), limit.takeUpTo(ada, 1e9)]).toEqual([true, true, 1e9])
})

it('refuses a call whole', async () => {
  const kept: string[] = []
  const ingest = limitCalls(
    {
      async accept(_, texts) {
        kept.push(...texts)
        return { rejections: [] }
      },
    },
    createRateLimit(2, () => 0),
  )
  await ingest.accept(ada, ['a', 'b'], 'http')
  await expect(ingest.accept(ada, ['c'], 'http')).rejects.toBeInstanceOf(OverloadError)
  expect(kept).toEqual(['a', 'b'])
})
