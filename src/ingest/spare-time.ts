/** Begins to watch the process; the answer says whether it has been busy since. */
export type WatchProcess = () => () => boolean

/** From this share of its time on the event loop counts as busy. */
const BUSY = 0.25
/** While the process is busy, it is looked at so often. */
const LOOK_MS = 1_000
/** So much is worked before there is a rest, with turns of the event loop in between. */
const STRETCH_MS = 400
/** A rest is this part of the work before it: long enough to see in it what the process does without that work. */
const REST = 0.25

/** Watches the event loop of this thread. */
export const watchEventLoop: WatchProcess = () => {
  const before = performance.eventLoopUtilization()
  return () => performance.eventLoopUtilization(before).utilization >= BUSY
}

/**
 * Paces work that nobody waits for, so that it takes only what those leave over who wait for an answer. Whether the
 * process is busy is looked at only while this work rests, so that it does not hold up itself. Everything resolves at
 * once when the signal is aborted.
 */
export class SpareTime {
  readonly #watch: WatchProcess
  readonly #isAsked: () => boolean
  readonly #signal: AbortSignal
  #sinceMs = 0

  /** `isAsked` says whether somebody waits for an answer just now, or did a moment ago: then it gives way at once. */
  constructor(watch: WatchProcess, isAsked: () => boolean, signal: AbortSignal) {
    this.#watch = watch
    this.#isAsked = isAsked
    this.#signal = signal
  }

  /** To be awaited before work begins: resolves after a second in which the process was not busy. */
  async begin(): Promise<void> {
    while (!this.#signal.aborted && (await this.#wasBusyFor(LOOK_MS))) {
      // And looks again.
    }
    this.#sinceMs = performance.now()
  }

  /** To be awaited between small pieces of work: lets others in, and rests when it is time, until there is room again. */
  async pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    if (this.#isAsked() && !this.#signal.aborted) return this.begin()
    const workedMs = performance.now() - this.#sinceMs
    if (workedMs < STRETCH_MS || this.#signal.aborted) return
    if (await this.#wasBusyFor(workedMs * REST)) await this.begin()
    else this.#sinceMs = performance.now()
  }

  /** Resolves after so long. */
  async rest(ms: number): Promise<void> {
    const signal = this.#signal
    if (signal.aborted) return
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      timer.unref()
      signal.addEventListener('abort', end)
    })
  }

  async #wasBusyFor(ms: number): Promise<boolean> {
    const wasBusy = this.#watch()
    await this.rest(ms)
    return wasBusy() || this.#isAsked()
  }
}
