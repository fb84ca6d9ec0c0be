import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { OneATurn } from './one-a-turn.ts'

test('one goes on in each turn of the event loop, in the order in which they came', async () => {
  const turns = new OneATurn()
  const done: number[] = []
  for (const number of [1, 2, 3]) void turns.take().then(() => done.push(number))
  const seen: string[] = []
  for (let turn = 0; turn < 4; turn++) {
    await nextTurn()
    seen.push(done.join())
  }
  expect(seen).toEqual(['1', '1,2', '1,2,3', '1,2,3'])
})

test('who comes later has a turn as well', async () => {
  const turns = new OneATurn()
  await turns.take()
  await nextTurn()
  await expect(turns.take()).resolves.toBeUndefined()
})
