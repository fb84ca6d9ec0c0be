import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { IncomingDocument } from '../model/document.ts'
import type { TraceId } from '../model/ids.ts'
import type { SearchFacts } from '../model/search-facts.ts'
import type { Tenant } from '../model/tenant.ts'
import { SealPace } from '../spool/seal-pace.ts'
import type { TraceKey, TraceStore } from '../store/store.ts'
import type { ObsoleteRow, TraceRow } from '../store/trace-row.ts'
import { byTenant } from './by-tenant.ts'
import { addStored, nameOf, tracedDocument } from './traced-documents.ts'
import type { OpenTrace } from './open-traces.ts'
import { OpenTraces } from './open-traces.ts'
import { SeenTraces } from './seen-traces.ts'
import type { Stamps } from './stamps.ts'
import { traceRowOf } from './trace-row-of.ts'

export type AssemblerParts = {
  readonly store: TraceStore
  /** Resolves once the store has every document that was acknowledged before the call. */
  readonly freshen: () => Promise<void>
  /** Whether the store may know traces of an earlier run. If not, no new trace needs to be asked for. */
  readonly storeHasTraces: boolean
  /** What searches narrow by, of the outline of a stored document. */
  readonly searchFacts: (outline: string) => SearchFacts
  readonly stamps: Stamps
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly memoryLimitBytes: number
  /** All calls up to the last mark are in rows; what came later is summarised again at the start. */
  readonly mark: { read(): Promise<number>; write(stamp: number): Promise<void> }
  readonly onError: (error: Error) => void
}

/**
 * Rows are written this long after a change, and not more often than that: most documents of a trace come within a
 * second or two, and each write costs two syncs of the disk, which those who wait for their documents need as well.
 * Readers do not wait for it, they have everything written that was acknowledged.
 */
const SOON_MS = 150
const PAUSE_MS = 900
/** How often readers may have rows written, as they may have the spool sealed (`SealPace`). */
const READER_BURST = 16
const READERS_PER_SECOND = 4
/** A write of so few traces counts less. */
const FEW_TRACES = 100
const FEW_COST = 0.2
/** More traces than this may not wait for their rows: calls are answered later then, so that readers need not wait. */
const MAX_WAITING = 20_000
/** After a failure; the traces stay touched. */
const RETRY_MS = 2_000
/** Rows are made for so long between two turns of the event loop: a call needs several turns to be answered. */
const SLICE_MS = 1
/** Traces that are asked for, or written, at a time. */
const CHUNK = 2_000
/** Traces that are read with their documents at a time. */
const READ_CHUNK = 100
/** So many names of traces that were let go are remembered. */
const MAX_LET_GO = 100_000
/** Over the limit by this much, traces are let go that wait for their rows. */
const PRESSED = 1.5

/**
 * Keeps the rows of `traces` up to date: every trace that a call touches is put together and summarised again, soon and
 * in batches (design §3). The documents of traces in motion are held in memory, in outline; of a trace that comes back
 * after it was let go, or after a restart, they are read from the store.
 */
export class Assembler {
  readonly #parts: AssemblerParts
  readonly #open: OpenTraces
  /** The traces that wait for their rows, with the stamp of the first call since their last one. */
  readonly #touched = new Map<OpenTrace, number>()
  /** Calls that were stamped and may not be touched yet. */
  readonly #underway = new Set<number>()
  #lastCall = 0
  #marked = 0
  /** The traces whose rows are being made and written. */
  #batch: ReadonlySet<OpenTrace> = new Set()
  /** Traces were let go, now or by an earlier run, whose documents may not be in the store yet. */
  #mustFreshen = true
  /**
   * Traces that were let go since then. When one of them comes back, the store must have its documents before it is
   * asked; for others it need not be waited for, and each time costs a small part in the engine.
   */
  #letGoNames = new Set<string>()
  /** All that were let go. Others need not be asked for, when the store had nothing at the start. */
  readonly #seen = new SeenTraces()
  /** The store may have documents or rows of traces that are opened now. */
  #storeKnowsMore: boolean
  /** At this size traces that wait for their rows are let go, too. */
  #pressedBytes: number
  /** Runs that took all traces that waited, and the number of the last one that ended; one run at a time. */
  #started = 0
  #finished = 0
  #running: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  /** When the next run may begin that no reader asks for. */
  #notBeforeMs = 0
  readonly #pace = new SealPace(READER_BURST, READERS_PER_SECOND)
  #pacing: Promise<void> | undefined
  #recovered: Promise<void> | undefined
  /** Until then the mark stays where the earlier run left it: what lies behind it may have no rows. */
  #mayMark = false
  #closed = false

  constructor(parts: AssemblerParts) {
    this.#parts = parts
    this.#storeKnowsMore = parts.storeHasTraces
    this.#open = new OpenTraces(parts.memoryLimitBytes)
    this.#pressedBytes = parts.memoryLimitBytes * PRESSED
  }

  /** Open traces, and the estimate of what they take. */
  get load(): { readonly traces: number; readonly bytes: number; readonly touched: number } {
    return { traces: this.#open.size, bytes: this.#open.bytes, touched: this.#touched.size }
  }

  /** Begins with what an earlier run has left undone. Queries of rows wait for it, ingest does not. */
  start(): void {
    this.#recovered = this.#recover()
  }

  /** A call has its stamp. To be followed by `touch` or `abandon`. */
  begin(call: number): void {
    this.#underway.add(call)
  }

  /** The documents of a call are durable. */
  touch(tenant: Tenant, call: number, documents: readonly IncomingDocument[]): void {
    let received = call
    for (const document of documents) {
      const trace = this.#open.touch(tenant, document.traceId)
      if (!this.#storeKnowsMore && !this.#seen.mayHave(trace.id)) trace.rowTimes ??= []
      if (call < trace.firstCall) trace.firstCall = call
      this.#open.add(trace, tracedDocument(document, received++))
      if (!this.#touched.has(trace)) this.#touched.set(trace, call)
    }
    if (this.#open.bytes > this.#pressedBytes) this.#letGo()
    this.#done(call)
    this.#schedule()
  }

  /** Resolves when not too many traces wait for their rows, or at once when the store does not take them. */
  async relief(): Promise<void> {
    try {
      while (this.#touched.size > MAX_WAITING) await (this.#running ?? this.#run())
    } catch {
      // Reported by the run itself. The documents are safe, so their senders need not wait for the store.
    }
  }

  /** The documents of a call were not stored. */
  abandon(call: number): void {
    this.#done(call)
  }

  /** Resolves once the rows show everything that was acknowledged before the call. Rejects when the store refuses. */
  async flush(): Promise<void> {
    await this.#recovered
    this.#pacing ??= this.#paced().finally(() => (this.#pacing = undefined))
    await this.#pacing
    await this.#writeTouched()
  }

  /** Many readers at a time share one write; a steady stream of them is held to a few writes a second. */
  async #paced(): Promise<void> {
    for (;;) {
      const cost = this.#touched.size < FEW_TRACES ? FEW_COST : 1
      const waitMs = this.#closed || this.#touched.size === 0 ? 0 : this.#pace.take(performance.now(), cost)
      if (waitMs === 0) return
      await sleep(waitMs)
    }
  }

  /** Writes the rows that are due. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    try {
      await this.flush()
    } catch (error) {
      this.#parts.onError(error as Error)
    }
  }

  #done(call: number): void {
    this.#underway.delete(call)
    this.#lastCall = Math.max(this.#lastCall, call)
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#closed) return
    const ms = Math.max(SOON_MS, this.#notBeforeMs - performance.now())
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      // What is touched meanwhile schedules the next one when this one ends.
      if (this.#running !== undefined) return
      this.#run().catch(() => {
        // Reported, and tried again.
      })
    }, ms)
  }

  /** Writes the rows of all that was touched before the call. */
  async #writeTouched(): Promise<void> {
    // A run that is under way may have taken its traces before: the next one counts.
    const needed = this.#started + 1
    while (this.#finished < needed) await (this.#running ?? this.#run())
  }

  /** One run, of all traces that wait. */
  #run(): Promise<void> {
    this.#started += 1
    const number = this.#started
    this.#running = this.#write().then(
      () => this.#ended(number, PAUSE_MS),
      (error: unknown) => {
        this.#parts.onError(error as Error)
        this.#ended(number, RETRY_MS)
        throw error
      },
    )
    return this.#running
  }

  #ended(number: number, pauseMs: number): void {
    this.#running = undefined
    this.#finished = number
    this.#notBeforeMs = performance.now() + pauseMs
    if (this.#touched.size > 0) this.#schedule()
  }

  async #write(): Promise<void> {
    const { store, stamps, now } = this.#parts
    if (this.#touched.size === 0) return
    const due = new Map(this.#touched)
    this.#touched.clear()
    const batch = [...due.keys()]
    this.#batch = new Set(batch)
    const complete = this.#touchedThrough(this.#lastCall)
    try {
      await this.#complete(batch.filter(({ rowTimes }) => rowTimes === undefined))
      const version = stamps.take(1, now())
      const { rows, obsolete } = await this.#rowsOf(batch, version)
      for (let at = 0; at < rows.length || at === 0; at += CHUNK) {
        await store.writeRows(rows.slice(at, at + CHUNK), at === 0 ? obsolete : [])
      }
    } catch (error) {
      // Which of the rows were stored is not known; the store is asked again.
      this.#storeKnowsMore = true
      for (const [trace, call] of due) {
        trace.rowTimes = undefined
        this.#touched.set(trace, Math.min(call, this.#touched.get(trace) ?? call))
      }
      throw error
    } finally {
      this.#batch = new Set()
      this.#letGo()
    }
    if (this.#mayMark) await this.#mark(complete)
  }

  /**
   * All calls up to the answer are in the traces that were taken: one that is under way may have a smaller stamp than one
   * that is done, and so may one of a trace that still waits.
   */
  #touchedThrough(stamp: number): number {
    let first = stamp + 1
    for (const call of this.#underway) first = Math.min(first, call)
    for (const call of this.#touched.values()) first = Math.min(first, call)
    return first - 1
  }

  async #mark(stamp: number): Promise<void> {
    if (stamp <= this.#marked) return
    this.#marked = stamp
    await this.#parts.mark.write(stamp)
  }

  /** Makes rows in slices, so that calls are answered in between. */
  async #rowsOf(
    batch: readonly OpenTrace[],
    version: number,
  ): Promise<{ readonly rows: readonly TraceRow[]; readonly obsolete: readonly ObsoleteRow[] }> {
    const rows: TraceRow[] = []
    const obsolete: ObsoleteRow[] = []
    const { now } = this.#parts
    let sliceEndMs = now() + SLICE_MS
    for (const trace of batch) {
      if (now() >= sliceEndMs) {
        await nextTurn()
        sliceEndMs = now() + SLICE_MS
      }
      const row = traceRowOf(trace, version)
      if (row === undefined) continue
      rows.push(row)
      const { tenant, id } = trace
      for (const timeSeconds of trace.rowTimes ?? []) {
        if (timeSeconds !== row.timeSeconds) obsolete.push({ tenant, id, timeSeconds, version })
      }
      trace.rowTimes = [row.timeSeconds]
    }
    return { rows, obsolete }
  }

  /** Finds out which of these traces the store knew before they were opened, and adds what it has of them. */
  async #complete(unknown: readonly OpenTrace[]): Promise<void> {
    if (unknown.length === 0) return
    const { store, freshen } = this.#parts
    if (this.#mustFreshen || unknown.some((trace) => this.#letGoNames.has(nameOf(trace)))) {
      // Those that are let go meanwhile are of the next time.
      const before = this.#letGoNames
      this.#letGoNames = new Set()
      this.#mustFreshen = false
      try {
        await freshen()
      } catch (error) {
        for (const name of before) this.#letGoNames.add(name)
        this.#mustFreshen = true
        throw error
      }
    }
    for (const [tenant, traces] of byTenant(unknown)) {
      const late: OpenTrace[] = []
      for (let at = 0; at < traces.length; at += CHUNK) {
        const chunk = traces.slice(at, at + CHUNK)
        const tracks = await store.track(tenant, idsOf(chunk))
        for (const trace of chunk) {
          const track = tracks.get(trace.id)
          trace.rowTimes = track?.rowTimes ?? []
          if (track?.calls.some((call) => call < trace.firstCall) === true) late.push(trace)
        }
      }
      await this.#readLate(tenant, late)
    }
  }

  async #readLate(tenant: Tenant, late: readonly OpenTrace[]): Promise<void> {
    for (let at = 0; at < late.length; at += READ_CHUNK) {
      const chunk = late.slice(at, at + READ_CHUNK)
      const stored = await this.#parts.store.readOutlines(tenant, idsOf(chunk))
      for (const trace of chunk) {
        const found = stored.get(trace.id)
        if (found !== undefined) addStored(this.#open, trace, found, this.#parts.searchFacts)
      }
      await nextTurn()
    }
  }

  /** Whether the store has the documents of those that go is asked only when they come back. */
  #letGo(): void {
    const isBusy = (trace: OpenTrace): boolean => this.#touched.has(trace) || this.#batch.has(trace)
    for (const trace of this.#open.evict(isBusy)) {
      this.#seen.add(trace.id)
      this.#letGoNames.add(nameOf(trace))
    }
    if (this.#letGoNames.size > MAX_LET_GO) this.#mustFreshen = true
    if (this.#open.bytes <= this.#pressedBytes) return
    // The rows do not keep up with the documents, or the store is away.
    if (this.#open.empty((trace) => this.#batch.has(trace))) this.#storeKnowsMore = this.#mustFreshen = true
    this.#pressedBytes = Math.max(this.#open.limitBytes, this.#open.bytes) * PRESSED
  }

  /** What was stored after the last mark may have no rows, or old ones: it counts as touched. Tries until it succeeds. */
  async #recover(): Promise<void> {
    while (!this.#closed) {
      try {
        return await this.#recoverOnce()
      } catch (error) {
        this.#parts.onError(error as Error)
        await sleep(RETRY_MS, undefined, { ref: false })
      }
    }
  }

  async #recoverOnce(): Promise<void> {
    const { store, freshen, mark, stamps, now } = this.#parts
    this.#marked = await mark.read()
    const newest = stamps.take(1, now())
    await freshen()
    let after: TraceKey | undefined
    do {
      const keys: readonly TraceKey[] = await store.tracesSince(this.#marked, CHUNK, after)
      for (const { tenant, id } of keys) this.#touched.set(this.#open.touch(tenant, id), this.#marked + 1)
      await this.#writeTouched()
      after = keys.length < CHUNK ? undefined : keys.at(-1)
      if (this.#closed) return
    } while (after !== undefined)
    const complete = this.#touchedThrough(newest)
    await this.#writeTouched()
    this.#mayMark = true
    await this.#mark(complete)
  }
}

function idsOf(traces: readonly (OpenTrace | TraceKey)[]): readonly TraceId[] {
  return traces.map(({ id }) => id)
}
