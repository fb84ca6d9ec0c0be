/**
 * Lets one piece of work run at a time, the others waiting in order. chDB would queue them, too, but each on a thread
 * of the pool that the spool's syncs need.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** Pieces of work that run or wait. */
  get length(): number {
    return this.#waiting
  }

  take<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1
    const result = this.#last.then(work)
    this.#last = result.then(
      () => (this.#waiting -= 1),
      () => (this.#waiting -= 1),
    )
    return result
  }
}
