/** Documents a second, in each of the last seconds, from which on a load is heavy and steady. */
const HEAVY_PER_SECOND = 2_000
const STEADY_SECONDS = 4

/** Tells a heavy and steady stream of documents from a burst, such as that of a test which then looks at what it sent. */
export class LoadMeter {
  readonly #nowMs: () => number
  /** What came in each of the last seconds, by the second modulo their number; one more for the second that runs. */
  readonly #counts = new Float64Array(STEADY_SECONDS + 1)
  #second = 0

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** So many documents came. */
  add(documents: number): void {
    const at = this.#turn() % this.#counts.length
    this.#counts[at] = (this.#counts[at] ?? 0) + documents
  }

  /** Whether each of the last whole seconds brought many documents. */
  get isHeavy(): boolean {
    const second = this.#turn()
    return this.#counts.every((count, at) => at === second % this.#counts.length || count >= HEAVY_PER_SECOND)
  }

  #turn(): number {
    const second = Math.floor(this.#nowMs() / 1000)
    const passed = Math.min(this.#counts.length, second - this.#second)
    for (let step = 0; step < passed; step++) this.#counts[(second - step) % this.#counts.length] = 0
    this.#second = Math.max(this.#second, second)
    return this.#second
  }
}

/** An answer under a heavy load may lack what was acknowledged so lately (performance P4: a second). */
const RECENT_MS = 600

type Parts = {
  /** Resolves once the store has everything that was acknowledged before the call. */
  readonly freshen: () => Promise<void>
  readonly isHeavy: () => boolean
  /** Milliseconds of any clock that does not jump. */
  readonly nowMs: () => number
}

/**
 * Lets readers have what was acknowledged before they asked, but for a heavy and steady load: then a reader takes what an
 * earlier one has waited for, as long as that is recent, while the next one is fetched. Each costs the engine small
 * parts, and readers the time to write them, in which more comes than they waited for.
 */
export class SharedFreshening {
  readonly #parts: Parts
  /** When the last one that succeeded began. */
  #beganMs = -Infinity
  #running: Promise<void> | undefined

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Resolves when a reader may go on. Rejects when the store refuses. */
  async fresh(): Promise<void> {
    if (!this.#parts.isHeavy()) return this.#parts.freshen()
    this.#running ??= this.#run()
    if (this.#parts.nowMs() - this.#beganMs <= RECENT_MS) {
      // Whoever comes when this is not recent any more is told.
      this.#running.catch(() => undefined)
      return
    }
    await this.#running
  }

  async #run(): Promise<void> {
    const beganMs = this.#parts.nowMs()
    try {
      await this.#parts.freshen()
      this.#beganMs = beganMs
    } finally {
      this.#running = undefined
    }
  }
}
