import type { DocumentKind, IncomingDocument } from '../model/document.ts'
import type { TraceId } from '../model/ids.ts'
import type { SearchFacts } from '../model/search-facts.ts'
import type { Tenant } from '../model/tenant.ts'
import { bucketOf, toMicroseconds } from '../spool/document-row.ts'

/** What the row of a trace needs of one document. */
export type TracedDocument = Pick<IncomingDocument, 'kind' | 'id' | 'complete' | 'search'> & {
  readonly received: number
  readonly startUs: number
  readonly endUs?: number
}

/**
 * A trace that is being put together in memory. What there is of each document stands at the same place of several
 * lists of numbers: an object for each, kept for seconds, would cost more in garbage collection than all the rest.
 */
export type OpenTrace = {
  readonly tenant: Tenant
  readonly id: TraceId
  /** The least stamp of the calls that were seen here. The store may know of earlier ones. */
  firstCall: number
  /** The place of each document, by its id; that of a subsegment begins with `+`. */
  readonly places: Map<string, number>
  /** Of the copy of each document that supersedes the others: its stamp, negative while it is in progress. */
  readonly received: number[]
  /** Microseconds. A subsegment's start is that which it is filed under (`bucketOf`). */
  readonly starts: number[]
  /** Microseconds, `NaN` while there is none. */
  readonly ends: number[]
  /** 2 for a segment without a parent, 1 for another segment, 0 for a subsegment. */
  readonly kinds: number[]
  /** What searches narrow by: of all documents it ever had, so that it may be more than is true. */
  readonly names: Set<string>
  readonly terms: Set<string>
  readonly urls: Set<string>
  /** The greatest end of any entity, microseconds; `-Infinity` when none has ended. */
  lastEndUs: number
  /** The times it has rows under in the store; undefined until the store was asked whether it knows the trace. */
  rowTimes: readonly number[] | undefined
  /** Whether it was touched since it was last looked at for letting it go. */
  wasTouched: boolean
  /** An estimate of the memory it takes. */
  bytes: number
}

/** What they take in memory, roughly: measured on the workload of the benchmark. */
const DOCUMENT_BYTES = 160
const TRACE_BYTES = 1_000
const TEXT_BYTES = 80

/**
 * The traces that were touched last. Holds what came in; what is let go can be read again from the store, so nothing is
 * lost by it.
 */
export class OpenTraces {
  readonly limitBytes: number
  /** By tenant, then id: joining them would make a new text for every document. */
  readonly #tenants = new Map<string, Map<TraceId, OpenTrace>>()
  /**
   * In the order in which they were opened, or given a second chance: to keep them in the order of their last touch
   * would cost more, for every document, than all else that is done here.
   */
  readonly #traces = new Set<OpenTrace>()
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

  /** The trace, opened if need be. */
  touch(tenant: Tenant, id: TraceId): OpenTrace {
    const traces = this.#tracesOf(tenant)
    let trace = traces.get(id)
    if (trace === undefined) {
      trace = openTrace(tenant, id)
      traces.set(id, trace)
      this.#traces.add(trace)
      this.#bytes += TRACE_BYTES
    } else trace.wasTouched = true
    return trace
  }

  /**
   * Adds a document to a trace, unless it has one that supersedes it (`supersedes`); what it says for searches counts
   * anyway.
   */
  add(trace: OpenTrace, document: TracedDocument): void {
    this.#addFacts(trace, document.search)
    const { kind, id, complete, received, startUs, endUs } = document
    const key = kind === 'segment' ? id : `+${id}`
    // Greater for the copy that supersedes: all complete ones are above zero, all others below, the later the greater.
    const rank = complete ? received : received - Number.MAX_SAFE_INTEGER
    let place = trace.places.get(key)
    if (place === undefined) {
      place = trace.places.size
      trace.places.set(key, place)
      this.#grow(trace, DOCUMENT_BYTES)
    } else if ((trace.received[place] ?? 0) >= rank) return
    trace.kinds[place] = document.search.isRoot ? 2 : kind === 'segment' ? 1 : 0
    trace.received[place] = rank
    trace.starts[place] = filedStartUs(kind, startUs, received)
    trace.ends[place] = endUs ?? Number.NaN
  }

  /**
   * Lets traces go until the rest fits, the one opened first before others; one that was touched since has another turn,
   * and those that are `busy` stay. Answers those that went.
   */
  evict(busy: (trace: OpenTrace) => boolean): readonly OpenTrace[] {
    const gone: OpenTrace[] = []
    // A trace that gets another turn comes last, where this loop finds it once more.
    let turns = this.#traces.size * 2
    for (const trace of this.#traces) {
      if (this.#bytes <= this.limitBytes || turns-- === 0) break
      if (busy(trace)) continue
      this.#traces.delete(trace)
      if (trace.wasTouched) {
        trace.wasTouched = false
        this.#traces.add(trace)
        continue
      }
      this.#tracesOf(trace.tenant).delete(trace.id)
      this.#bytes -= trace.bytes
      gone.push(trace)
    }
    return gone
  }

  /** As `evict`, but of a trace that goes its name stays, to be read from the store when its turn comes. */
  empty(busy: (trace: OpenTrace) => boolean): boolean {
    let emptied = false
    for (const trace of this.#traces) {
      if (this.#bytes <= this.limitBytes) break
      if (busy(trace) || trace.bytes === TRACE_BYTES) continue
      this.#grow(trace, TRACE_BYTES - trace.bytes)
      Object.assign(trace, openTrace(trace.tenant, trace.id))
      emptied = true
    }
    return emptied
  }

  #tracesOf({ account, region }: Tenant): Map<TraceId, OpenTrace> {
    const key = account + region
    const known = this.#tenants.get(key)
    if (known !== undefined) return known
    const traces = new Map<TraceId, OpenTrace>()
    this.#tenants.set(key, traces)
    return traces
  }

  #addFacts(trace: OpenTrace, { names, terms, urls, lastEnd }: SearchFacts): void {
    const before = trace.names.size + trace.terms.size + trace.urls.size
    for (const name of names) trace.names.add(name)
    for (const term of terms) trace.terms.add(term)
    for (const url of urls) trace.urls.add(url)
    if (lastEnd !== -Infinity) trace.lastEndUs = Math.max(trace.lastEndUs, toMicroseconds(lastEnd))
    this.#grow(trace, (trace.names.size + trace.terms.size + trace.urls.size - before) * TEXT_BYTES)
  }

  #grow(trace: OpenTrace, bytes: number): void {
    trace.bytes += bytes
    this.#bytes += bytes
  }
}

function openTrace(tenant: Tenant, id: TraceId): OpenTrace {
  return {
    tenant,
    id,
    firstCall: Infinity,
    places: new Map(),
    received: [],
    starts: [],
    ends: [],
    kinds: [],
    names: new Set(),
    terms: new Set(),
    urls: new Set(),
    lastEndUs: -Infinity,
    rowTimes: undefined,
    wasTouched: false,
    bytes: TRACE_BYTES,
  }
}

/** When a document starts, as far as the order of traces goes: its receipt where its own claim is far off. */
function filedStartUs(kind: DocumentKind, startUs: number, received: number): number {
  return bucketOf(kind, startUs, received) === bucketOf('segment', startUs, received) ? startUs : received
}
