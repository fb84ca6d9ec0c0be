import { setImmediate as nextTurn } from 'node:timers/promises'
import type { GraphAccumulator } from '../model/graph/graph-accumulator.ts'
import type { Tenant } from '../model/tenant.ts'
import type { GraphMinutes, KeptMinute } from '../store/graph-minutes.ts'
import { touchedMinutes } from '../store/touched-minutes.ts'
import type { TraceRow } from '../store/trace-row.ts'
import { SpareTime, type WatchProcess } from './spare-time.ts'

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
  readonly watch: WatchProcess
  /** Whether somebody asks the store something just now, or did a moment ago. */
  readonly isAsked: () => boolean
  /** A minute is counted when it was not touched for so long. */
  readonly quietMs: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly onError: (error: Error) => void
}

/** After a failure; the minutes wait on. */
const RETRY_MS = 10_000
/** Minutes that wait. Beyond that they are forgotten, and asked for again. */
const MAX_WAITING = 20_000
/** Minutes that are counted of the same rows: to have them all written for each would cost those who write them. */
const GROUP = 20
/** Minutes that others counted and that wait to be kept. More are dropped. */
const MAX_OFFERED = 500

/** One time of touching, its own for all minutes that were touched then. */
type Touch = { readonly atMs: number }
type WaitingMinutes = { readonly tenant: Tenant; readonly minutes: Map<number, Touch> }
type DueMinute = { readonly of: WaitingMinutes; readonly minute: number; readonly touch: Touch }

/**
 * Keeps minutes up to date in the background (`GraphMinutes`), one at a time, the newest first, and only in time that
 * the process has to spare: accepting documents takes all there is if need be. What it does not do, queries do for
 * themselves, so it may rest at any time, and what it was not told of is found at the next start.
 */
export class MinuteKeeper {
  readonly #parts: MinuteKeeperParts
  readonly #waiting = new Map<string, WaitingMinutes>()
  readonly #closing = new AbortController()
  readonly #spare: SpareTime
  #waitingCount = 0
  /** There may be stale minutes that do not wait. */
  #mustAsk = true
  #loop: Promise<void> | undefined
  #running: Promise<void> = Promise.resolve()
  #keeping: Promise<void> = Promise.resolve()
  #offered = 0

  constructor(parts: MinuteKeeperParts) {
    this.#parts = parts
    this.#spare = new SpareTime(parts.watch, parts.isAsked, this.#closing.signal)
  }

  /** Minutes that are known to be counted yet. */
  get waiting(): number {
    return this.#waitingCount
  }

  /** Begins, with what an earlier run has left. */
  start(): void {
    this.#loop ??= this.#work()
  }

  /** These rows are in the store. */
  touched(rows: readonly TraceRow[]): void {
    const touch: Touch = { atMs: this.#parts.now() }
    for (const row of rows) {
      const span = touchedMinutes(row)
      if (span === undefined || span.isLong) continue
      const { minutes } = this.#of(row.tenant)
      for (let minute = span.first; minute <= span.last; minute++) this.#add(minutes, minute, touch)
    }
    if (this.#waitingCount <= MAX_WAITING) return
    for (const { minutes } of this.#waiting.values()) minutes.clear()
    this.#waitingCount = 0
    this.#mustAsk = true
  }

  /**
   * Keeps what somebody else has counted of whole minutes: `touches` MUST be from before `freshen`, and that from before
   * the rows were read. Answers at once; of many at a time it takes some.
   */
  offer(counted: readonly Omit<KeptMinute, 'version'>[]): void {
    for (const minute of counted) {
      if (this.#offered >= MAX_OFFERED || this.#closing.signal.aborted) return
      this.#offered++
      this.#keep(minute)
        .catch((error: unknown) => this.#parts.onError(error as Error))
        .finally(() => this.#offered--)
    }
  }

  /** Counts what waits, quiet or not, as fast as it can. Rejects with the first error. */
  settle(): Promise<void> {
    return this.#run(Infinity, async () => nextTurn())
  }

  /** Stops, in the middle of a minute if need be. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#loop
    await this.#running.catch(() => {
      // Given up, or reported.
    })
    await this.#keeping
  }

  async #work(): Promise<void> {
    const { now, onError } = this.#parts
    const isClosed = (): boolean => this.#closing.signal.aborted
    const pause = (): Promise<void> => this.#spare.pause()
    for (;;) {
      await this.#spare.begin()
      if (isClosed()) return
      try {
        await this.#run(now() - this.#parts.quietMs, pause)
      } catch (error) {
        if (isClosed()) return
        onError(error as Error)
        await this.#spare.rest(RETRY_MS)
      }
    }
  }

  /** Counts what was touched before this time, after what is being counted. */
  #run(beforeMs: number, pause: () => Promise<void>): Promise<void> {
    const count = (): Promise<void> => this.#countQuiet(beforeMs, pause)
    this.#running = this.#running.then(count, count)
    return this.#running
  }

  async #countQuiet(beforeMs: number, pause: () => Promise<void>): Promise<void> {
    await this.#askForStale()
    for (;;) {
      const due = this.#newestDue(beforeMs)
      if (due.length === 0 || this.#closing.signal.aborted) return
      await this.#countGroup(due, pause)
    }
  }

  async #askForStale(): Promise<void> {
    if (!this.#mustAsk) return
    const stale = await this.#parts.minutes.stale(MAX_WAITING)
    this.#mustAsk = stale.length === MAX_WAITING
    const touch: Touch = { atMs: -Infinity }
    for (const { tenant, startSeconds } of stale) {
      const { minutes } = this.#of(tenant)
      if (!minutes.has(startSeconds / 60)) this.#add(minutes, startSeconds / 60, touch)
    }
  }

  #newestDue(beforeMs: number): readonly DueMinute[] {
    const due: DueMinute[] = []
    for (const of of this.#waiting.values()) {
      for (const [minute, touch] of of.minutes) if (touch.atMs <= beforeMs) due.push({ of, minute, touch })
    }
    return due.toSorted((a, b) => b.minute - a.minute).slice(0, GROUP)
  }

  async #countGroup(due: readonly DueMinute[], pause: () => Promise<void>): Promise<void> {
    const { minutes, count, freshen } = this.#parts
    const { signal } = this.#closing
    const toCount: (DueMinute & { readonly touches: string })[] = []
    for (const one of due) {
      const range = { fromSeconds: one.minute * 60, toSeconds: one.minute * 60 + 60 }
      const [state] = await minutes.touched(one.of.tenant, range)
      if (state === undefined || state.isCurrent || state.isLong) this.#done(one)
      else toCount.push({ ...one, touches: state.touches })
    }
    if (toCount.length === 0) return
    // What is being written may have touched them already, and not be found yet.
    await freshen()
    for (const one of toCount) {
      if (signal.aborted) return
      // Touched again, it waits again.
      if (!this.#isDue(one)) continue
      const { tenant } = one.of
      const startSeconds = one.minute * 60
      const { graph, isExact } = await count(tenant, startSeconds, pause, signal)
      if (!this.#isDue(one)) continue
      await this.#keep({ tenant, startSeconds, touches: one.touches, isExact, graph })
      this.#done(one)
    }
  }

  /** One after the other, each with a greater version. */
  #keep(minute: Omit<KeptMinute, 'version'>): Promise<void> {
    const kept = this.#keeping.then(() => this.#replace(minute))
    this.#keeping = kept.catch(() => {
      // Told to who waits for it.
    })
    return kept
  }

  /** Unless it was touched meanwhile: then what is kept by now may be newer. */
  async #replace(minute: Omit<KeptMinute, 'version'>): Promise<void> {
    const { minutes, newStamp } = this.#parts
    const { tenant, startSeconds, touches } = minute
    const [state] = await minutes.touched(tenant, { fromSeconds: startSeconds, toSeconds: startSeconds + 60 })
    if (state?.touches !== touches || state.isCurrent) return
    await minutes.replace({ ...minute, version: newStamp() })
  }

  #isDue({ of, minute, touch }: DueMinute): boolean {
    return of.minutes.get(minute) === touch
  }

  #done(one: DueMinute): void {
    if (!this.#isDue(one)) return
    one.of.minutes.delete(one.minute)
    this.#waitingCount--
  }

  #add(minutes: Map<number, Touch>, minute: number, touch: Touch): void {
    if (!minutes.has(minute)) this.#waitingCount++
    minutes.set(minute, touch)
  }

  #of(tenant: Tenant): WaitingMinutes {
    const key = `${tenant.account} ${tenant.region}`
    const known = this.#waiting.get(key)
    if (known !== undefined) return known
    const made: WaitingMinutes = { tenant, minutes: new Map() }
    this.#waiting.set(key, made)
    return made
  }
}
