/** What was opened, in order, to be closed in reverse. (`AsyncDisposableStack` needs a newer Node than 20.) */
export class ClosingStack {
  readonly #closers: (() => Promise<void>)[] = []

  defer(close: () => Promise<void>): void {
    this.#closers.push(close)
  }

  /** Closes everything once, the last first. One that fails does not keep the others open; the first error is thrown. */
  async close(): Promise<void> {
    const errors: unknown[] = []
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      try {
        await close()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }
}
