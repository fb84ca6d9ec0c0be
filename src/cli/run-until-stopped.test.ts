import { EventEmitter } from 'node:events'

import { describe, expect, it } from 'vitest'

import { runUntilStopped } from './run-until-stopped.ts'

type Case = {
  readonly name: string
  readonly stop: () => Promise<void>
  readonly signals: number
  readonly code: number
  readonly exits: readonly number[]
  readonly complaints: readonly string[]
}

const later = async (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms))

const cases: readonly Case[] = [
  { name: 'a signal stops in order', stop: async () => later(1), signals: 1, code: 0, exits: [], complaints: [] },
  {
    name: 'a second signal ends at once',
    stop: async () => later(5),
    signals: 2,
    code: 0,
    exits: [130],
    complaints: [],
  },
  {
    name: 'a stop that fails is told',
    stop: async () => Promise.reject(new Error('disk full')),
    signals: 1,
    code: 1,
    exits: [],
    complaints: ['could not stop in order: disk full'],
  },
  {
    name: 'a stop that takes too long is cut short',
    stop: async () => later(100),
    signals: 1,
    code: 0,
    exits: [1],
    complaints: ['could not stop within 0.04 s and was ended; what was acknowledged is safe on disk'],
  },
]

describe('runUntilStopped', () => {
  it.each(cases)('$name', async ({ stop, signals, code, exits, complaints }) => {
    const source = new EventEmitter()
    const exited: number[] = []
    const told: string[] = []
    const end = runUntilStopped(
      async () => ({ stop }),
      { on: (signal, listener) => source.on(signal, listener), exit: (exitCode) => void exited.push(exitCode) },
      (message) => void told.push(message),
      40,
    )
    for (let sent = 0; sent < signals; sent++) source.emit('SIGTERM')
    expect({ code: await end, exits: exited, complaints: told }).toEqual({ code, exits, complaints })
  })

  it('a signal before the server is ready stops it once it is', async () => {
    const source = new EventEmitter()
    const order: string[] = []
    const end = runUntilStopped(
      async () => {
        await later(5)
        order.push('ready')
        return { stop: async () => void order.push('stopped') }
      },
      { on: (signal, listener) => source.on(signal, listener), exit: () => undefined },
      () => undefined,
    )
    source.emit('SIGINT')
    expect(await end).toBe(0)
    expect(order).toEqual(['ready', 'stopped'])
  })

  it('a failed start is the caller’s to tell', async () => {
    const failing = runUntilStopped(
      async () => Promise.reject(new Error('port in use')),
      { on: () => undefined, exit: () => undefined },
      () => undefined,
    )
    await expect(failing).rejects.toThrow('port in use')
  })
})
