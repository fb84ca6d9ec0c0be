/**
 * How often readers may make the spool seal a file early. Each seal is a part in the engine, and parts cost merges: a
 * burst of reads (a test suite that writes and reads in turn) passes at once, a steady stream is held to a few a second.
 */
export class SealPace {
  readonly #burst: number
  readonly #perSecond: number
  #tokens: number
  #countedAtMs = 0

  constructor(burst: number, perSecond: number) {
    this.#burst = burst
    this.#perSecond = perSecond
    this.#tokens = burst
  }

  /** Milliseconds until a seal is allowed: 0 takes the permission. A small file costs less than one. */
  take(nowMs: number, cost: number): number {
    const elapsedSeconds = Math.max(0, nowMs - this.#countedAtMs) / 1000
    this.#tokens = Math.min(this.#burst, this.#tokens + elapsedSeconds * this.#perSecond)
    this.#countedAtMs = nowMs
    if (this.#tokens < cost) return Math.ceil(((cost - this.#tokens) / this.#perSecond) * 1000)
    this.#tokens -= cost
    return 0
  }
}
