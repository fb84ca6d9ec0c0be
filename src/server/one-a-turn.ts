/**
 * Lets one large request a turn of the event loop go on. Those of several connections often arrive together, and to read
 * their JSON takes milliseconds each: whoever waits for an answer of the store would wait for all of them.
 */
export class OneATurn {
  readonly #waiting: (() => void)[] = []
  #isScheduled = false

  /** Resolves when it is the caller's turn, in the order of the calls. */
  take(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#waiting.shift()?.()
      if (this.#waiting.length > 0) this.#schedule()
    })
  }
}
