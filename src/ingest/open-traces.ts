import type { DocumentKind, IncomingDocument } from '../model/document.ts'
import type { TraceId } from '../model/ids.ts'
import type { SearchFacts } from '../model/search-facts.ts'
import type { Tenant } from '../model/tenant.ts'
import { filedStartUs, toMicroseconds } from '../spool/document-row.ts'
import type { TraceKey } from '../store/store.ts'
import type { OpenTrace, TraceFacts } from './open-trace.ts'
import { PackedTraces } from './packed-traces.ts'

/** What the row of a trace needs of one document. */
export type TracedDocument = Pick<IncomingDocument, 'kind' | 'id' | 'complete' | 'search'> & {
  readonly received: number
  readonly startUs: number
  readonly endUs?: number
}

/** What they take in memory, roughly: measured on the workload of the benchmark. */
const DOCUMENT_BYTES = 160
const TRACE_BYTES = 1_000
const TEXT_BYTES = 80
/** So many are told apart faster one by one than by a hash of each. */
const FEW = 16
/** Of fewer texts, those that are there several times may stay until the row is made. */
const MANY_TEXTS = 256

/**
 * The traces that were touched last. Holds what came in; what is let go is kept as bytes for a while (`PackedTraces`), and
 * can be read again from the store, so nothing is lost by it.
 */
export class OpenTraces {
  readonly limitBytes: number
  /** By tenant, then id: joining them would make a new text for every document. */
  readonly #tenants = new Map<string, Map<TraceId, OpenTrace>>()
  /** Those of the tenant that was asked for last: all documents of a call have the same. */
  #last: { readonly tenant: Tenant; readonly traces: Map<TraceId, OpenTrace> } | undefined
  /**
   * In the order in which they were opened, or given a second chance: to keep them in the order of their last touch
   * would cost more, for every document, than all else that is done here.
   */
  readonly #traces = new Set<OpenTrace>()
  readonly #packed: PackedTraces
  #bytes = 0

  constructor(limitBytes: number, packedLimitBytes = 0) {
    this.limitBytes = limitBytes
    this.#packed = new PackedTraces(packedLimitBytes)
  }

  get size(): number {
    return this.#traces.size
  }

  get bytes(): number {
    return this.#bytes
  }

  /** The trace, opened or unpacked if need be. */
  touch(tenant: Tenant, id: TraceId): OpenTrace {
    const traces = this.#tracesOf(tenant)
    let trace = traces.get(id)
    if (trace === undefined) {
      trace = openTrace(tenant, id, this.#packed.take(tenant, id))
      traces.set(id, trace)
      this.#traces.add(trace)
      this.#bytes += trace.bytes
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
    const after = textsOf(trace)
    trace.compactAbove = Math.max(MANY_TEXTS, after * 2)
    this.#grow(trace, (after - before) * TEXT_BYTES)
  }

  /**
   * Lets traces go until the rest fits, the one opened first before others; one that was touched since has another turn,
   * and those that are `busy` stay. Answers those of which nothing is left here.
   */
  evict(busy: (trace: OpenTrace) => boolean): readonly TraceKey[] {
    const gone: TraceKey[] = []
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
      for (const key of this.#packed.put(trace)) gone.push(key)
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

  #tracesOf(tenant: Tenant): Map<TraceId, OpenTrace> {
    if (this.#last?.tenant === tenant) return this.#last.traces
    const key = tenant.account + tenant.region
    let traces = this.#tenants.get(key)
    if (traces === undefined) this.#tenants.set(key, (traces = new Map<TraceId, OpenTrace>()))
    this.#last = { tenant, traces }
    return traces
  }

  #addFacts(trace: OpenTrace, { names, terms, urls, lastEnd }: SearchFacts): void {
    for (const name of names) trace.names.push(name)
    for (const term of terms) trace.terms.push(term)
    for (const url of urls) trace.urls.push(url)
    if (lastEnd !== -Infinity) trace.lastEndUs = Math.max(trace.lastEndUs, toMicroseconds(lastEnd))
    this.#grow(trace, (names.length + terms.length + urls.length) * TEXT_BYTES)
    if (textsOf(trace) > trace.compactAbove) this.compact(trace)
  }

  #grow(trace: OpenTrace, bytes: number): void {
    trace.bytes += bytes
    this.#bytes += bytes
  }
}

function openTrace(tenant: Tenant, id: TraceId, unpacked?: TraceFacts): OpenTrace {
  const trace: OpenTrace = {
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
    compactAbove: MANY_TEXTS,
    lastEndUs: -Infinity,
    rowTimes: undefined,
    waiting: undefined,
    wasTouched: false,
    bytes: TRACE_BYTES,
  }
  if (unpacked === undefined) return trace
  const bytes = TRACE_BYTES + unpacked.ids.length * DOCUMENT_BYTES + textsOf(unpacked) * TEXT_BYTES
  return Object.assign(trace, unpacked, { bytes })
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

function textsOf({ names, terms, urls }: Pick<TraceFacts, 'names' | 'terms' | 'urls'>): number {
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
