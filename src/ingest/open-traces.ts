import type { StoredDocument } from '../model/document.ts'
import type { TraceId } from '../model/ids.ts'
import { supersedes } from '../model/supersedes.ts'
import type { Tenant } from '../model/tenant.ts'

/** A trace that is being put together in memory. */
export type OpenTrace = {
  readonly tenant: Tenant
  readonly id: TraceId
  /** The stamps of the calls that brought its documents. */
  readonly calls: Set<number>
  /** By kind and id, the one that supersedes the others. */
  readonly documents: Map<string, StoredDocument>
  /** The times it has rows under in the store; undefined until the store was asked whether it knows the trace. */
  rowTimes: readonly number[] | undefined
  /** An estimate of the memory it takes. */
  bytes: number
}

/** What a document takes beside its text, and a trace beside its documents, roughly. */
const DOCUMENT_BYTES = 300
const TRACE_BYTES = 600
const CALL_BYTES = 40

/**
 * The traces that were touched last, in the order of their last touch. Holds what came in; what is let go can be read
 * again from the store, so nothing is lost by it.
 */
export class OpenTraces {
  readonly limitBytes: number
  readonly #traces = new Map<string, OpenTrace>()
  #bytes = 0

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes
  }

  get size(): number {
    return this.#traces.size
  }

  get bytes(): number {
    return this.#bytes
  }

  /** The trace, opened if need be, as the one touched last. */
  touch(tenant: Tenant, id: TraceId): OpenTrace {
    const key = `${tenant.account}/${tenant.region}/${id}`
    let trace = this.#traces.get(key)
    if (trace === undefined) {
      trace = { tenant, id, calls: new Set(), documents: new Map(), rowTimes: undefined, bytes: TRACE_BYTES }
      this.#bytes += TRACE_BYTES
    } else this.#traces.delete(key)
    this.#traces.set(key, trace)
    return trace
  }

  /** Notes a call that brought documents of a trace. */
  addCall(trace: OpenTrace, call: number): void {
    if (trace.calls.has(call)) return
    trace.calls.add(call)
    this.#grow(trace, CALL_BYTES)
  }

  /** Adds a document to a trace, unless it has one that supersedes it. */
  add(trace: OpenTrace, document: StoredDocument): void {
    const key = document.kind === 'segment' ? document.id : `+${document.id}`
    const known = trace.documents.get(key)
    if (known !== undefined && !supersedes(document, known)) return
    trace.documents.set(key, document)
    this.#grow(trace, bytesOf(document) - (known === undefined ? 0 : bytesOf(known)))
  }

  /**
   * Lets traces go, the one touched longest ago first, until the rest fits; those that are `busy` stay. Answers whether
   * any went.
   */
  evict(busy: (trace: OpenTrace) => boolean): boolean {
    const before = this.#traces.size
    for (const [key, trace] of this.#traces) {
      if (this.#bytes <= this.limitBytes) break
      if (busy(trace)) continue
      this.#traces.delete(key)
      this.#bytes -= trace.bytes
    }
    return this.#traces.size < before
  }

  /** As `evict`, but of a trace that goes its name stays, to be read from the store when its turn comes. */
  empty(busy: (trace: OpenTrace) => boolean): boolean {
    let emptied = false
    for (const trace of this.#traces.values()) {
      if (this.#bytes <= this.limitBytes) break
      if (busy(trace) || trace.bytes === TRACE_BYTES) continue
      trace.documents.clear()
      trace.calls.clear()
      trace.rowTimes = undefined
      this.#grow(trace, TRACE_BYTES - trace.bytes)
      emptied = true
    }
    return emptied
  }

  #grow(trace: OpenTrace, bytes: number): void {
    trace.bytes += bytes
    this.#bytes += bytes
  }
}

function bytesOf({ raw }: StoredDocument): number {
  return DOCUMENT_BYTES + raw.length
}
