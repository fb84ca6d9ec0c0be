import type { TraceId } from '../model/ids.ts'
import type { Spool } from '../spool/spool.ts'

/** So many are known by name. */
const MAX_NAMES = 200_000

/**
 * Which traces have documents that the store does not have yet: whoever asks for others by id need not wait for the
 * spool, which under load takes longer than the question. Says so rather too often than too seldom.
 */
export class SpooledTraces {
  readonly #spool: Pick<Spool, 'position' | 'hasInserted'>
  /** By the number of the spool file. Tenants are not told apart: that one waits for another's trace is rare. */
  readonly #files = new Map<number, Set<TraceId>>()
  #names = 0
  /** Files up to this may hold documents of any trace: those that an earlier run left, and where there were too many. */
  #unknownThrough: number

  /** `spool` as it is after its start, before anything is appended. */
  constructor(spool: Pick<Spool, 'position' | 'hasInserted'>) {
    this.#spool = spool
    this.#unknownThrough = spool.position
  }

  /** Documents of these traces were appended. */
  add(documents: readonly { readonly traceId: TraceId }[]): void {
    const { position } = this.#spool
    let traces = this.#files.get(position)
    if (traces === undefined) {
      this.#forgetInserted()
      this.#files.set(position, (traces = new Set()))
    }
    const before = traces.size
    for (const { traceId } of documents) traces.add(traceId)
    this.#names += traces.size - before
    if (this.#names <= MAX_NAMES) return
    this.#files.clear()
    this.#names = 0
    this.#unknownThrough = position
  }

  /** Whether the store may lack documents of one of these traces that were appended before. */
  mayHave(ids: readonly TraceId[]): boolean {
    if (!this.#spool.hasInserted(this.#unknownThrough)) return true
    this.#forgetInserted()
    for (const traces of this.#files.values()) if (ids.some((id) => traces.has(id))) return true
    return false
  }

  #forgetInserted(): void {
    for (const [sequence, traces] of this.#files) {
      if (!this.#spool.hasInserted(sequence)) continue
      this.#files.delete(sequence)
      this.#names -= traces.size
    }
  }
}
