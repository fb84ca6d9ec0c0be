/** What is inserted in so long decides about the time after it. */
const TICK_MS = 5_000
/** From so many bytes a second on, a load is heavy: more than the engine could merge beside it as it does by default. */
const HEAVY_BYTES_PER_SECOND = 24 * 2 ** 20
/** Below it is quiet: of so little everything may be merged again and again. */
const QUIET_BYTES_PER_SECOND = 2 ** 18
/** Only after so long, since what comes in bursts is no less for its pauses. */
const QUIET_MS = 30_000

/**
 * `merge_selector_base`: parts are merged when together they are at least so many times as large as the largest of them.
 * A document is written once more for each merge it goes through, which takes longer than to insert it; and each part
 * that there is makes a question take longer.
 */
const BASE = { heavy: 10, steady: 5, quiet: 2 } as const

type Load = keyof typeof BASE

/** Where parts come from. */
export type MergePaceParts = {
  /** Has the engine merge at this base from now on. */
  readonly apply: (base: number) => Promise<void>
  readonly onError: (error: Error) => void
}

/**
 * Puts merges off while a heavy load comes in, and has them made up for when it is quiet, so that ingest pays for few and
 * questions meet few parts. To be started, told of inserts, and closed.
 */
export class MergePace {
  readonly #parts: MergePaceParts
  #load: Load | undefined
  #bytes = 0
  #quietMs = 0
  #timer: NodeJS.Timeout | undefined

  constructor(parts: MergePaceParts) {
    this.#parts = parts
  }

  /** The engine is open: an earlier run may have left merges undone. */
  start(): void {
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref()
  }

  /** So many bytes were inserted. */
  inserted(bytes: number): void {
    this.#bytes += bytes
    this.start()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #tick(): void {
    const load = loadOf(this.#bytes / (TICK_MS / 1000))
    // Nothing more to find out until something is inserted.
    if (this.#bytes === 0 && this.#load === 'quiet') this.close()
    this.#bytes = 0
    this.#quietMs = load === 'quiet' ? this.#quietMs + TICK_MS : 0
    if (load !== 'quiet' || this.#load === undefined || this.#quietMs >= QUIET_MS) this.#turnTo(load)
  }

  #turnTo(load: Load): void {
    if (load === this.#load) return
    this.#load = load
    this.#parts.apply(BASE[load]).catch((error: unknown) => {
      // Tried again at the next change: merges go on as before, and nothing is wrong for it.
      this.#load = undefined
      this.#parts.onError(error as Error)
    })
  }
}

function loadOf(bytesPerSecond: number): Load {
  if (bytesPerSecond >= HEAVY_BYTES_PER_SECOND) return 'heavy'
  return bytesPerSecond >= QUIET_BYTES_PER_SECOND ? 'steady' : 'quiet'
}
