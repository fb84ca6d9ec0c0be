/**
 * Stamps for documents: microseconds since the epoch, each greater than the one before, also across restarts and when
 * the clock is set back. Which of two versions of an entity came later is decided by them (spec/ingest §3.2).
 */
export class Stamps {
  #last: number

  /** `last`: the greatest stamp that was ever given out. */
  constructor(last: number) {
    this.#last = last
  }

  /** Reserves `count` consecutive stamps and answers the first. */
  take(count: number, nowMs: number): number {
    const first = Math.max(this.#last + 1, Math.floor(nowMs * 1000))
    this.#last = first + count - 1
    return first
  }
}
