import type { OpenTrace } from './open-trace.ts'

/** So many rows are written at once whatever becomes of their traces. */
const FEW = 1_000
/** A trace that was not touched for so long is taken to be complete for now: most documents come within two seconds. */
const SETTLED_MS = 1_500
/** A trace that does not settle waits no longer than this, so that little is left to do after a crash. */
const LONGEST_MS = 4_000

/** The traces that were touched since their last row, in the order of the first touch. */
export class WaitingTraces {
  readonly #traces = new Set<OpenTrace>()

  get size(): number {
    return this.#traces.size
  }

  has(trace: OpenTrace): boolean {
    return trace.waiting !== undefined
  }

  /** A call touched a trace, `nowMs` of the process. */
  add(trace: OpenTrace, call: number, nowMs: number): void {
    if (trace.waiting === undefined) {
      trace.waiting = { call, sinceMs: nowMs, touchedMs: nowMs }
      this.#traces.add(trace)
    } else trace.waiting.touchedMs = nowMs
  }

  /** What was taken has no rows yet after all. */
  putBack(taken: ReadonlyMap<OpenTrace, number>, nowMs: number): void {
    for (const [trace, call] of taken) {
      const first = Math.min(call, trace.waiting?.call ?? call)
      trace.waiting = { call: first, sinceMs: nowMs, touchedMs: nowMs }
      this.#traces.add(trace)
    }
  }

  /** Takes all, each with the stamp of the first call that touched it. */
  takeAll(): Map<OpenTrace, number> {
    return this.#take(() => true)
  }

  /**
   * Takes those whose rows are worth writing without being asked for. While a trace grows its row would be out of date
   * at once, and under load those rows would take as much time as the documents themselves.
   */
  takeSettled(nowMs: number): Map<OpenTrace, number> {
    if (this.#traces.size <= FEW) return this.takeAll()
    return this.#take(({ sinceMs, touchedMs }) => nowMs - touchedMs >= SETTLED_MS || nowMs - sinceMs >= LONGEST_MS)
  }

  /** The least stamp of a call that waits; `Infinity` when none does. */
  firstCall(): number {
    let first = Infinity
    for (const { waiting } of this.#traces) first = Math.min(first, waiting?.call ?? Infinity)
    return first
  }

  #take(isDue: (waiting: NonNullable<OpenTrace['waiting']>) => boolean): Map<OpenTrace, number> {
    const taken = new Map<OpenTrace, number>()
    for (const trace of this.#traces) {
      const { waiting } = trace
      if (waiting === undefined || !isDue(waiting)) continue
      taken.set(trace, waiting.call)
      trace.waiting = undefined
      this.#traces.delete(trace)
    }
    return taken
  }
}
