import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

it('runs one at a time, in order, and goes on after an error', async () => {
  const turns = new Turns()
  const seen: string[] = []
  let running = 0
  const work = (name: string, ms: number) => async (): Promise<string> => {
    running += 1
    expect(running).toBe(1)
    await sleep(ms)
    running -= 1
    seen.push(name)
    if (name === 'b') throw new Error('b failed')
    return name
  }
  const results = [turns.take(work('a', 20)), turns.take(work('b', 1)), turns.take(work('c', 5))]
  expect(turns.length).toBe(3)
  expect(await Promise.allSettled(results)).toMatchObject([
    { value: 'a' },
    { reason: { message: 'b failed' } },
    { value: 'c' },
  ])
  expect(seen).toEqual(['a', 'b', 'c'])
  expect(turns.length).toBe(0)
})
