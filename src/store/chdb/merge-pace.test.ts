import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MergePace } from './merge-pace.ts'

const MB = 2 ** 20

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A pace, and what it asked the engine for. */
function newPace(failing = false): { pace: MergePace; bases: number[]; errors: string[] } {
  const bases: number[] = []
  const errors: string[] = []
  const pace = new MergePace({
    async apply(base) {
      bases.push(base)
      if (failing) throw new Error('refused')
    },
    onError: ({ message }) => errors.push(message),
  })
  return { pace, bases, errors }
}

/** So many bytes each second. */
async function load(pace: MergePace, bytesPerSecond: number, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    pace.inserted(bytesPerSecond)
    await vi.advanceTimersByTimeAsync(1_000)
  }
}

test('a heavy load has few merges, a lighter one those that are usual, and when it is quiet all are made up for', async () => {
  const { pace, bases } = newPace()
  await load(pace, 30 * MB, 10)
  expect(bases).toEqual([10])
  await load(pace, 10 * MB, 10)
  expect(bases).toEqual([10, 5])
  await vi.advanceTimersByTimeAsync(28_000)
  expect(bases).toEqual([10, 5])
  await vi.advanceTimersByTimeAsync(15_000)
  expect(bases).toEqual([10, 5, 2])
  expect(vi.getTimerCount()).toBe(0)
})

test('a pause in a heavy load changes nothing', async () => {
  const { pace, bases } = newPace()
  await load(pace, 30 * MB, 10)
  await vi.advanceTimersByTimeAsync(20_000)
  await load(pace, 30 * MB, 10)
  expect(bases).toEqual([10])
})

test('a document now and then is no load', async () => {
  const { pace, bases } = newPace()
  pace.inserted(500)
  await vi.advanceTimersByTimeAsync(60_000)
  pace.inserted(500)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(bases).toEqual([2])
  expect(vi.getTimerCount()).toBe(0)
})

test('what an earlier run put off is made up for', async () => {
  const { pace, bases } = newPace()
  pace.start()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(bases).toEqual([2])
  expect(vi.getTimerCount()).toBe(0)
})

test('nothing is asked for after it was closed', async () => {
  const { pace, bases } = newPace()
  pace.inserted(30 * MB)
  pace.close()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(bases).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})

test('what the engine refused is told, and asked for again', async () => {
  const { pace, bases, errors } = newPace(true)
  await load(pace, 30 * MB, 10)
  expect(bases).toEqual([10, 10])
  expect(errors).toEqual(['refused', 'refused'])
})
