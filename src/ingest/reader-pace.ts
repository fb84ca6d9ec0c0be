import { setTimeout as sleep } from 'node:timers/promises'
import { SealPace } from '../spool/seal-pace.ts'

/** How often readers may have rows written, as they may have the spool sealed (`SealPace`). */
const READER_BURST = 16
const READERS_PER_SECOND = 4
/** A write of so few traces counts less. */
const FEW_TRACES = 100
const FEW_COST = 0.2

/** Many readers at a time share one write of rows; a steady stream of them is held to a few writes a second. */
export class ReaderPace {
  readonly #pace = new SealPace(READER_BURST, READERS_PER_SECOND)
  readonly #waitingTraces: () => number
  #turn: Promise<void> | undefined

  /** `waitingTraces` answers how many traces a write would be of; when there are none, nobody has to wait. */
  constructor(waitingTraces: () => number) {
    this.#waitingTraces = waitingTraces
  }

  /** Resolves when a write may begin. */
  turn(): Promise<void> {
    this.#turn ??= this.#wait().finally(() => (this.#turn = undefined))
    return this.#turn
  }

  async #wait(): Promise<void> {
    for (;;) {
      const traces = this.#waitingTraces()
      const waitMs = traces === 0 ? 0 : this.#pace.take(performance.now(), traces < FEW_TRACES ? FEW_COST : 1)
      if (waitMs === 0) return
      await sleep(waitMs)
    }
  }
}
