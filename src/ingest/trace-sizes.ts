import type { TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'

/**
 * How many bytes of documents each trace has, for the quota (spec/ingest §1.7). Holds the traces that were touched
 * last: when one generation is full the one before it is forgotten, so memory is bounded, and a trace that comes back
 * after that many others begins at zero again.
 */
export class TraceSizes {
  readonly #limitBytes: number
  readonly #generationSize: number
  #young = new Map<string, Map<TraceId, number>>()
  #old = new Map<string, Map<TraceId, number>>()
  #youngCount = 0

  constructor(limitBytes: number, generationSize: number) {
    this.#limitBytes = limitBytes
    this.#generationSize = generationSize
  }

  /** Counts a document in, or answers false when its trace is at the limit already. */
  add(tenant: Tenant, trace: TraceId, bytes: number): boolean {
    const key = `${tenant.account}/${tenant.region}`
    let sizes = this.#young.get(key)
    if (sizes === undefined) this.#young.set(key, (sizes = new Map<TraceId, number>()))
    const known = sizes.get(trace)
    const size = known ?? this.#old.get(key)?.get(trace) ?? 0
    if (size >= this.#limitBytes) return false
    sizes.set(trace, size + bytes)
    if (known === undefined) this.#grow()
    return true
  }

  /** Takes a document out again that could not be stored. */
  remove(tenant: Tenant, trace: TraceId, bytes: number): void {
    const sizes = this.#young.get(`${tenant.account}/${tenant.region}`)
    const size = sizes?.get(trace)
    if (size !== undefined) sizes?.set(trace, Math.max(0, size - bytes))
  }

  #grow(): void {
    this.#youngCount += 1
    if (this.#youngCount < this.#generationSize) return
    this.#old = this.#young
    this.#young = new Map()
    this.#youngCount = 0
  }
}
