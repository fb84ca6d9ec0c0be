import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { within } from './within.ts'

const never = new Promise<void>(() => undefined)

test.each<[string, Promise<void>, string]>([
  ['what comes in time', sleep(1), 'resolved'],
  ['what never comes', never, 'resolved'],
])('%s', async (_, promise, outcome) => {
  expect(await within(promise, 20).then(() => 'resolved')).toBe(outcome)
})

test('an error that comes in time is thrown, and one that comes later is nobody\u2019s', async () => {
  await expect(within(Promise.reject(new Error('refused')), 20)).rejects.toThrow('refused')
  const late = sleep(30).then(() => Promise.reject(new Error('refused')))
  await within(late, 5)
  await expect(late).rejects.toThrow('refused')
})
