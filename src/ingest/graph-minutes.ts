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

/**
 * Keeps minutes up to date in the background (`GraphMinutes`): one at a time, the newest first. What it does not do,
 * queries do for themselves, so it may rest at any time, and what it was not told of is found at the next start.
 */
export class MinuteKeeper {
  readonly #parts: MinuteKeeperParts
  readonly #waiting = new Map<string, Waiting>()
  readonly #closing = new AbortController()
  /** There may be stale minutes that do not wait. */
  #mustAsk = true
  #lastRowsMs = 0
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()

  constructor(parts: MinuteKeeperParts) {
    this.#parts = parts
  }

  /** Begins, with what an earlier run has left. */
  start(): void {
    this.#schedule(TICK_MS)
  }

  /** These rows are in the store. */
  touched(rows: readonly TraceRow[]): void {
    const nowMs = this.#parts.now()
    this.#lastRowsMs = nowMs
    for (const row of rows) {
      const span = touchedMinutes(row)
      if (span === undefined || span.isLong) continue
      for (let minute = span.first; minute <= span.last; minute++) this.#add(row.tenant, minute, nowMs)
    }
    if (this.#waiting.size <= MAX_WAITING) return
    this.#waiting.clear()
    this.#mustAsk = true
  }

  /** Counts what waits, quiet or not. Rejects with the first error. */
  settle(): Promise<void> {
    return this.#run(Infinity)
  }

  /** Stops, in the middle of a minute if need be. */
  async close(): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#timer)
    await this.#running.catch(() => {
      // Given up, or reported.
    })
  }

  #schedule(ms: number): void {
    if (this.#closing.signal.aborted) return
    this.#timer = setTimeout(() => void this.#tick(), ms)
    this.#timer.unref()
  }

  async #tick(): Promise<void> {
    let waitMs = TICK_MS
    try {
      await this.#run(this.#parts.now() - QUIET_MS)
    } catch (error) {
      if (this.#closing.signal.aborted) return
      waitMs = RETRY_MS
      this.#parts.onError(error as Error)
    }
    this.#schedule(waitMs)
  }

  /** Counts what was touched before this time, after what is being counted. */
  #run(beforeMs: number): Promise<void> {
    const count = (): Promise<void> => this.#countQuiet(beforeMs)
    this.#running = this.#running.then(count, count)
    return this.#running
  }

  async #countQuiet(beforeMs: number): Promise<void> {
    await this.#askForStale()
    const due = [...this.#waiting]
      .filter(([, { touchedMs }]) => touchedMs <= beforeMs)
      .toSorted(([, a], [, b]) => b.startSeconds - a.startSeconds)
    for (const [key, minute] of due) {
      if (this.#closing.signal.aborted) return
      // Touched again, it waits again.
      if (this.#waiting.get(key) !== minute) continue
      await this.#count(minute)
      if (this.#waiting.get(key) === minute) this.#waiting.delete(key)
    }
  }

  async #askForStale(): Promise<void> {
    if (!this.#mustAsk) return
    const stale = await this.#parts.minutes.stale(MAX_WAITING)
    this.#mustAsk = stale.length === MAX_WAITING
    for (const { tenant, startSeconds } of stale) {
      const minute = startSeconds / 60
      if (!this.#waiting.has(keyOf(tenant, minute))) this.#add(tenant, minute, 0)
    }
  }

  async #count({ tenant, startSeconds }: Waiting): Promise<void> {
    const { minutes, count, freshen, newStamp, now } = this.#parts
    const range = { fromSeconds: startSeconds, toSeconds: startSeconds + 60 }
    const [before] = await minutes.touched(tenant, range)
    if (before === undefined || before.isCurrent || before.isLong) return
    // What is being written may have touched it already, and not be found yet.
    await freshen()
    const pause = pauses(() => (now() - this.#lastRowsMs < BUSY_MS ? REST_BUSY : REST_IDLE))
    const { graph, isExact } = await count(tenant, startSeconds, pause, this.#closing.signal)
    await minutes.replace({ tenant, startSeconds, version: newStamp(), touches: before.touches, isExact, graph })
  }

  #add(tenant: Tenant, minute: number, touchedMs: number): void {
    this.#waiting.set(keyOf(tenant, minute), { tenant, startSeconds: minute * 60, touchedMs })
  }
}

const keyOf = ({ account, region }: Tenant, minute: number): string => `${account} ${region} ${minute}`

/** Rests after work, for so many times as long as that took. */
function pauses(rest: () => number): () => Promise<void> {
  let sinceMs = performance.now()
  return async () => {
    const restMs = (performance.now() - sinceMs) * rest()
    await new Promise((resolve) => setTimeout(resolve, restMs))
    sinceMs = performance.now()
  }
}
