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
  readonly ids: string[]
  /** The place of each document, by its id, when there are many; that of a subsegment begins with `+`. */
  places: Map<string, number> | undefined
  /** Of the copy of each document that supersedes the others: its stamp, negative while it is in progress. */
  readonly received: number[]
  /** Microseconds. A subsegment's start is that which it is filed under (`bucketOf`). */
  readonly starts: number[]
  /** Microseconds, `NaN` while there is none. */
  readonly ends: number[]
  /** 2 for a segment without a parent, 1 for another segment, 0 for a subsegment. */
  readonly kinds: number[]
  /**
   * What searches narrow by: of all documents it ever had, so that it may be more than is true. Each text may be there
   * several times until `compact`.
   */
  readonly names: string[]
  readonly terms: string[]
  readonly urls: string[]
  /** The greatest end of any entity, microseconds; `-Infinity` when none has ended. */
  lastEndUs: number
  /** The times it has rows under in the store; undefined until the store was asked whether it knows the trace. */
  rowTimes: readonly number[] | undefined
  /** Set while its row is to be written again (`WaitingTraces`). */
  waiting: Waiting | undefined
  /** Whether it was touched since it was last looked at for letting it go. */
  wasTouched: boolean
  /** An estimate of the memory it takes. */
  bytes: number
}

/** Since when a trace waits for its row. */
export type Waiting = {
  /** The stamp of the first call since the last row. */
  readonly call: number
  /** When that call came, and when the last one did, in milliseconds of the process. */
  readonly sinceMs: number
  touchedMs: number
}

/** What they take in memory, roughly: measured on the workload of the benchmark. */
const DOCUMENT_BYTES = 160
const TRACE_BYTES = 1_000
const TEXT_BYTES = 80
/** So many are told apart faster one by one than by a hash of each. */
const FEW = 16

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
    // Greater for the copy that supersedes: all complete ones are above zero, all others below, the later the greater.
    const rank = complete ? received : received - Number.MAX_SAFE_INTEGER
    let place = placeOf(trace, kind, id)
    if (place === undefined) {
      place = trace.ids.length
      trace.ids.push(id)
      trace.places?.set(placeKey(kind === 'subsegment', id), place)
      this.#grow(trace, DOCUMENT_BYTES)
    } else if ((trace.received[place] ?? 0) >= rank) return
    trace.kinds[place] = document.search.isRoot ? 2 : kind === 'segment' ? 1 : 0
    trace.received[place] = rank
    trace.starts[place] = filedStartUs(kind, startUs, received)
    trace.ends[place] = endUs ?? Number.NaN
  }

  /** Leaves each text that searches narrow by in once. */
  compact(trace: OpenTrace): void {
    const before = textsOf(trace)
    for (const texts of [trace.names, trace.terms, trace.urls]) keepDistinct(texts)
    this.#grow(trace, (textsOf(trace) - before) * TEXT_BYTES)
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
  empty(busy: (trace: OpenTrace) => boolean): readonly OpenTrace[] {
    const emptied: OpenTrace[] = []
    for (const trace of this.#traces) {
      if (this.#bytes <= this.limitBytes) break
      if (busy(trace) || trace.bytes === TRACE_BYTES) continue
      this.#grow(trace, TRACE_BYTES - trace.bytes)
      const { tenant, id, waiting } = trace
      Object.assign(trace, openTrace(tenant, id), { waiting })
      emptied.push(trace)
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
    for (const name of names) trace.names.push(name)
    for (const term of terms) trace.terms.push(term)
    for (const url of urls) trace.urls.push(url)
    if (lastEnd !== -Infinity) trace.lastEndUs = Math.max(trace.lastEndUs, toMicroseconds(lastEnd))
    this.#grow(trace, (names.length + terms.length + urls.length) * TEXT_BYTES)
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
    ids: [],
    places: undefined,
    received: [],
    starts: [],
    ends: [],
    kinds: [],
    names: [],
    terms: [],
    urls: [],
    lastEndUs: -Infinity,
    rowTimes: undefined,
    waiting: undefined,
    wasTouched: false,
    bytes: TRACE_BYTES,
  }
}

function placeOf(trace: OpenTrace, kind: DocumentKind, id: string): number | undefined {
  const { ids, kinds } = trace
  const isSubsegment = kind === 'subsegment'
  if (ids.length > FEW) {
    trace.places ??= new Map(ids.map((known, place) => [placeKey(kinds[place] === 0, known), place]))
    return trace.places.get(placeKey(isSubsegment, id))
  }
  for (let place = 0; place < ids.length; place++) {
    if (ids[place] === id && (kinds[place] === 0) === isSubsegment) return place
  }
  return undefined
}

function placeKey(isSubsegment: boolean, id: string): string {
  return isSubsegment ? `+${id}` : id
}

function textsOf({ names, terms, urls }: OpenTrace): number {
  return names.length + terms.length + urls.length
}

function keepDistinct(texts: string[]): void {
  if (texts.length > FEW) {
    const distinct = new Set(texts)
    texts.length = 0
    for (const text of distinct) texts.push(text)
    return
  }
  let kept = 0
  for (const text of texts) {
    let at = 0
    while (at < kept && texts[at] !== text) at++
    if (at === kept) texts[kept++] = text
  }
  texts.length = kept
}

/** When a document starts, as far as the order of traces goes: its receipt where its own claim is far off. */
function filedStartUs(kind: DocumentKind, startUs: number, received: number): number {
  return bucketOf(kind, startUs, received) === bucketOf('segment', startUs, received) ? startUs : received
}
