import { Worker } from 'node:worker_threads'
import type { RowMaker, RowResult } from '../ingest/row-maker.ts'
import type { RowAnswer, RowRequest } from './row-protocol.ts'

type Pending = { readonly resolve: (results: readonly RowResult[]) => void; readonly reject: (error: Error) => void }

/**
 * Makes rows in a thread of its own. A thread that breaks rejects what it was asked, and the next question starts a new
 * one. `thread` is the compiled `row-thread`.
 */
export function threadedRowMaker(thread: URL): RowMaker & { close(): Promise<void> } {
  const pending = new Map<number, Pending>()
  let worker: Worker | undefined
  let asked = 0

  const broken = (error: Error): void => {
    worker = undefined
    const waiting = [...pending.values()]
    pending.clear()
    for (const { reject } of waiting) reject(error)
  }

  const running = (): Worker => {
    if (worker !== undefined) return worker
    const started = new Worker(thread)
    started.on('message', ({ number, results }: RowAnswer) => {
      pending.get(number)?.resolve(results)
      pending.delete(number)
    })
    started.on('error', broken)
    started.on('exit', (code) => {
      if (worker === started) broken(new Error(`the thread that makes rows ended with code ${code}`))
    })
    worker = started
    return started
  }

  return {
    make: (traces, nowSeconds) =>
      new Promise((resolve, reject) => {
        const number = ++asked
        pending.set(number, { resolve, reject })
        running().postMessage({ number, traces, nowSeconds } satisfies RowRequest)
      }),
    async close() {
      const closing = worker
      worker = undefined
      await closing?.terminate()
    },
  }
}
