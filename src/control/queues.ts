/** Tasks that run one after the other where they have one key, and side by side where they have not. */
export class Queues {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Runs the task when the earlier ones of its key have ended, well or not. */
  take<Value>(key: string, task: () => Promise<Value>): Promise<Value> {
    const turn = (this.#last.get(key) ?? Promise.resolve()).then(task)
    const ended = turn.then(
      () => undefined,
      () => undefined,
    )
    this.#last.set(key, ended)
    void ended.then(() => {
      if (this.#last.get(key) === ended) this.#last.delete(key)
    })
    return turn
  }

  /** Resolves when every task taken so far has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#last.values())
  }
}
