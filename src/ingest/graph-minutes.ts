import { setTimeout as sleep } from 'node:timers/promises'
import type { GraphAccumulator } from '../model/graph/graph-accumulator.ts'
import type { Tenant } from '../model/tenant.ts'
import type { GraphMinutes, MinuteKey } from '../store/graph-minutes.ts'
import { touchedMinutes } from '../store/touched-minutes.ts'
import type { TraceRow } from '../store/trace-row.ts'

/** What keeping minutes takes. */
export type MinuteKeeperParts = {
  readonly minutes: GraphMinutes
  /** Counts the minute that starts at a second, of the rows there are, and pauses now and then. */
  readonly count: (
    tenant: Tenant,
    startSeconds: number,
    pause: () => Promise<void>,
    signal: AbortSignal,
  ) => Promise<{ readonly graph: GraphAccumulator; readonly isExact: boolean }>
  /** Resolves once all rows are there that were being written, and the documents they were made of. */
  readonly freshen: () => Promise<void>
  /** A stamp that was never used before. */
  readonly newStamp: () => number
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly onError: (error: Error) => void
}

/** Keeps minutes up to date in the background (`GraphMinutes`). */
export type MinuteKeeper = {
  /** Begins, with what an earlier run has left. */
  start(): void
  /** These rows are in the store. */
  touched(rows: readonly TraceRow[]): void
  /** Counts what waits, quiet or not, and resolves when nothing does. Rejects with the first error. */
  settle(): Promise<void>
  /** Stops at once: what waits is found again at the next start. */
  close(): Promise<void>
}

/** A minute is counted when it was not touched for so long. */
const QUIET_MS = 5_000
const TICK_MS = 1_000
/** After a failure; the minutes wait on. */
const RETRY_MS = 10_000
/** Minutes that wait. Beyond that they are forgotten, and asked for again. */
const MAX_WAITING = 50_000
/** While rows come in, so much longer it rests than it works: it must not slow down those who wait for an answer. */
const REST_BUSY = 4
const REST_IDLE = 0.25
const BUSY_MS = 3_000

type Waiting = MinuteKey & { readonly touchedMs: number }

/** One minute at a time, the newest first. What it does not do, queries do for themselves. */
export function createMinuteKeeper(parts: MinuteKeeperParts): MinuteKeeper {
  const { minutes, now } = parts
  const waiting = new Map<string, Waiting>()
  const closing = new AbortController()
  let mustAsk = true
  let lastRowsMs = 0
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  const add = (tenant: Tenant, minute: number, touchedMs: number): void => {
    waiting.set(`${tenant.account} ${tenant.region} ${minute}`, { tenant, startSeconds: minute * 60, touchedMs })
  }

  const askForStale = async (): Promise<void> => {
    if (!mustAsk) return
    const stale = await minutes.stale(MAX_WAITING)
    mustAsk = stale.length === MAX_WAITING
    for (const { tenant, startSeconds } of stale) {
      const minute = startSeconds / 60
      if (!waiting.has(`${tenant.account} ${tenant.region} ${minute}`)) add(tenant, minute, 0)
    }
  }

  const countOne = async ({ tenant, startSeconds }: Waiting): Promise<void> => {
    const range = { fromSeconds: startSeconds, toSeconds: startSeconds + 60 }
    const [before] = await minutes.touched(tenant, range)
    if (before === undefined || before.isCurrent || before.isLong) return
    // What is being written may have touched it already, and not be found yet.
    await parts.freshen()
    const pause = pauses(() => (now() - lastRowsMs < BUSY_MS ? REST_BUSY : REST_IDLE))
    const { graph, isExact } = await parts.count(tenant, startSeconds, pause, closing.signal)
    const { touches } = before
    await minutes.replace({ tenant, startSeconds, version: parts.newStamp(), touches, isExact, graph })
  }

  /** Counts all that were touched before this time. */
  const countQuiet = async (beforeMs: number): Promise<void> => {
    await askForStale()
    const due = [...waiting]
      .filter(([, { touchedMs }]) => touchedMs <= beforeMs)
      .toSorted(([, a], [, b]) => b.startSeconds - a.startSeconds)
    for (const [key, minute] of due) {
      if (closing.signal.aborted) return
      // Touched again, it waits again.
      if (waiting.get(key) !== minute) continue
      await countOne(minute)
      if (waiting.get(key) === minute) waiting.delete(key)
    }
  }

  const run = (beforeMs: number): Promise<void> => {
    running = running.then(
      () => countQuiet(beforeMs),
      () => countQuiet(beforeMs),
    )
    return running
  }

  const tick = async (): Promise<void> => {
    let waitMs = TICK_MS
    try {
      await run(now() - QUIET_MS)
    } catch (error) {
      if (closing.signal.aborted) return
      waitMs = RETRY_MS
      parts.onError(error as Error)
    }
    schedule(waitMs)
  }

  const schedule = (ms: number): void => {
    if (closing.signal.aborted) return
    timer = setTimeout(() => void tick(), ms)
    timer.unref()
  }

  return {
    start: () => schedule(TICK_MS),

    touched(rows) {
      const nowMs = now()
      lastRowsMs = nowMs
      for (const row of rows) {
        const span = touchedMinutes(row)
        if (span === undefined || span.isLong) continue
        for (let minute = span.first; minute <= span.last; minute++) add(row.tenant, minute, nowMs)
      }
      if (waiting.size <= MAX_WAITING) return
      waiting.clear()
      mustAsk = true
    },

    settle: () => run(Infinity),

    async close() {
      closing.abort()
      clearTimeout(timer)
      await running.catch(() => {
        // Given up, or reported.
      })
    },
  }
}

/** Rests after work, for so many times as long as that took. */
function pauses(rest: () => number): () => Promise<void> {
  let sinceMs = performance.now()
  return async () => {
    await sleep((performance.now() - sinceMs) * rest())
    sinceMs = performance.now()
  }
}
