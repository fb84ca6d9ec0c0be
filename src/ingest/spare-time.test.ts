import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { SpareTime, watchEventLoop } from './spare-time.ts'

test('a process is busy that works for most of the time', async () => {
  const wasBusyWorking = watchEventLoop()
  for (const startMs = performance.now(); performance.now() - startMs < 40;);
  await sleep(1)
  expect(wasBusyWorking()).toBe(true)
  const wasBusyWaiting = watchEventLoop()
  await sleep(100)
  expect(wasBusyWaiting()).toBe(false)
})

test('nothing waits any longer when it is over', async () => {
  const closing = new AbortController()
  const spare = new SpareTime(
    () => () => true,
    () => true,
    closing.signal,
  )
  const waiting = Promise.all([spare.begin(), spare.rest(1e6)])
  closing.abort()
  await waiting
  await Promise.all([spare.begin(), spare.pause(), spare.rest(1e6)])
})
