import type { TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'

type SizesOf = {
  readonly tenant: Tenant
  readonly young: Map<TraceId, number>
  readonly old: ReadonlyMap<TraceId, number> | undefined
}

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
  /** Of the tenant that was counted for last: all documents of a call have the same. */
  #last: SizesOf | undefined

  constructor(limitBytes: number, generationSize: number) {
    this.#limitBytes = limitBytes
    this.#generationSize = generationSize
  }

  /** Counts a document in, or answers false when its trace is at the limit already. */
  add(tenant: Tenant, trace: TraceId, bytes: number): boolean {
    const { young, old } = this.#of(tenant)
    const known = young.get(trace)
    const size = known ?? old?.get(trace) ?? 0
    if (size >= this.#limitBytes) return false
    young.set(trace, size + bytes)
    if (known === undefined) this.#grow()
    return true
  }

  /** Takes a document out again that could not be stored. */
  remove(tenant: Tenant, trace: TraceId, bytes: number): void {
    const sizes = this.#young.get(keyOf(tenant))
    const size = sizes?.get(trace)
    if (size !== undefined) sizes?.set(trace, Math.max(0, size - bytes))
  }

  #of(tenant: Tenant): SizesOf {
    if (this.#last?.tenant === tenant) return this.#last
    const key = keyOf(tenant)
    let young = this.#young.get(key)
    if (young === undefined) this.#young.set(key, (young = new Map<TraceId, number>()))
    return (this.#last = { tenant, young, old: this.#old.get(key) })
  }

  #grow(): void {
    this.#youngCount += 1
    if (this.#youngCount < this.#generationSize) return
    this.#last = undefined
    this.#old = this.#young
    this.#young = new Map()
    this.#youngCount = 0
  }
}

function keyOf({ account, region }: Tenant): string {
  return `${account}/${region}`
}
