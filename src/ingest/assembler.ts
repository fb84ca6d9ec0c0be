import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { IncomingDocument } from '../model/document.ts'
import type { TraceId } from '../model/ids.ts'
import type { SearchFacts } from '../model/search-facts.ts'
import type { Tenant } from '../model/tenant.ts'
import type { TraceKey, TraceStore } from '../store/store.ts'
import type { ObsoleteRow, TraceRow } from '../store/trace-row.ts'
import {
  BUSY_PAUSE_MS,
  CHUNK,
  MANY_WAITING,
  MAX_LET_GO,
  MAX_RELIEF_MS,
  MAX_WAITING,
  PAUSE_MS,
  PRESSED,
  READ_CHUNK,
  RETRY_MS,
  SLICE_MS,
  SOON_MS,
  WRITE_CHUNK,
} from './assembler-limits.ts'
import { byTenant } from './by-tenant.ts'
import { addStored, tracedDocument } from './traced-documents.ts'
import { nameOf, type OpenTrace } from './open-trace.ts'
import { OpenTraces } from './open-traces.ts'
import { ReaderPace } from './reader-pace.ts'
import { AHEAD_SECONDS, beganAfter, SeenTraces } from './seen-traces.ts'
import type { Stamps } from './stamps.ts'
import { traceRowOf } from './trace-row-of.ts'
import { WaitingTraces } from './waiting-traces.ts'
import { within } from './within.ts'

export type AssemblerParts = {
  readonly store: TraceStore
  /** Resolves once the store has every document that was acknowledged before the call. */
  readonly freshen: () => Promise<void>
  /** Whether the store may know traces of an earlier run. If not, no new trace needs to be asked for. */
  readonly storeHasTraces: boolean
  /** What searches narrow by, of the text of a stored document. */
  readonly searchFacts: (raw: string) => SearchFacts
  readonly stamps: Stamps
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly memoryLimitBytes: number
  /** For traces that were let go, as bytes. */
  readonly packedLimitBytes: number
  /** All calls up to the last mark are in rows; the rows of what came later are written again at the start. */
  readonly mark: { read(): Promise<number>; write(stamp: number): Promise<void> }
  readonly onError: (error: Error) => void
}

/**
 * Keeps the rows of `traces` up to date: every trace that a call touches has its row written again, soon and in batches
 * (design §3, docs/adr/008). What the rows of traces in motion need is held in memory; of a trace that comes back after
 * it was let go, or after a restart, it is read from the store.
 */
export class Assembler {
  readonly #parts: AssemblerParts
  readonly #open: OpenTraces
  readonly #waiting = new WaitingTraces()
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
  /** Traces with a later time in their ids were not stored by an earlier run. */
  #storedUntil = Infinity
  /** At this size traces that wait for their rows are let go, too. */
  #pressedBytes: number
  /** Runs that took all traces that waited, and the number of the last one that ended; one run at a time. */
  #started = 0
  #finished = 0
  #running: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  /** When the next run may begin that no reader asks for. */
  #notBeforeMs = 0
  /** Readers do not wait while the last rows are written. */
  readonly #pace = new ReaderPace(() => (this.#closed ? 0 : this.#waiting.size))
  #recovered: Promise<void> | undefined
  /** Until then the mark stays where the earlier run left it: what lies behind it may have no rows. */
  #mayMark = false
  #closed = false

  constructor(parts: AssemblerParts) {
    this.#parts = parts
    this.#storeKnowsMore = parts.storeHasTraces
    this.#open = new OpenTraces(parts.memoryLimitBytes, parts.packedLimitBytes)
    this.#pressedBytes = parts.memoryLimitBytes * PRESSED
  }

  /** Open traces, and the estimate of what they take. */
  get load(): { readonly traces: number; readonly bytes: number; readonly touched: number } {
    return { traces: this.#open.size, bytes: this.#open.bytes, touched: this.#waiting.size }
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
    const nowMs = performance.now()
    for (const document of documents) {
      const trace = this.#open.touch(tenant, document.traceId)
      if (trace.rowTimes === undefined && this.#isNew(trace)) trace.rowTimes = []
      if (call < trace.firstCall) trace.firstCall = call
      this.#open.add(trace, tracedDocument(document, received++))
      this.#waiting.add(trace, call, nowMs)
    }
    if (this.#open.bytes > this.#pressedBytes) this.#letGo()
    this.#done(call)
    this.#schedule()
  }

  /** Resolves when not too many traces wait, when the store refuses rows, or after a while: clients do not wait for ever. */
  async relief(): Promise<void> {
    if (this.#waiting.size <= MAX_WAITING) return
    try {
      await within(this.#relieved(), MAX_RELIEF_MS)
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
    await this.#pace.turn()
    await this.#writeTouched()
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

  /** Whether the store has nothing of a trace that is opened now: it was never let go, and began after all of earlier runs. */
  #isNew({ id }: OpenTrace): boolean {
    if (this.#seen.mayHave(id)) return false
    if (!this.#storeKnowsMore) return true
    return beganAfter(id, this.#storedUntil, this.#parts.now() / 1000)
  }

  async #relieved(): Promise<void> {
    while (this.#waiting.size > MAX_WAITING) await (this.#running ?? this.#run())
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
      // A failure is reported, and tried again.
      this.#run(false).catch(() => undefined)
    }, ms)
  }

  /** Writes the rows of all that was touched before the call. */
  async #writeTouched(): Promise<void> {
    // A run that is under way may have taken its traces before: the next one counts.
    const needed = this.#started + 1
    while (this.#finished < needed) await (this.#running ?? this.#run())
  }

  /** One run: of all traces that wait, or of those that have settled; that one readers do not count. */
  #run(isForReaders = true): Promise<void> {
    if (isForReaders) this.#started += 1
    const number = isForReaders ? this.#started : this.#finished
    this.#running = this.#write(isForReaders).then(
      () => this.#ended(number, this.#waiting.size < MANY_WAITING ? PAUSE_MS : BUSY_PAUSE_MS),
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
    if (this.#waiting.size > 0) this.#schedule()
  }

  async #write(isForReaders: boolean): Promise<void> {
    const { store, stamps, now } = this.#parts
    const due = isForReaders ? this.#waiting.takeAll() : this.#waiting.takeSettled(performance.now())
    if (due.size === 0) return
    const batch = [...due.keys()]
    this.#batch = new Set(batch)
    const complete = this.#touchedThrough(this.#lastCall)
    try {
      await this.#complete(batch.filter(({ rowTimes }) => rowTimes === undefined))
      const version = stamps.take(1, now())
      const { rows, obsolete } = await this.#rowsOf(batch, version)
      for (let at = 0; at < rows.length || at === 0; at += WRITE_CHUNK) {
        await store.writeRows(rows.slice(at, at + WRITE_CHUNK), at === 0 ? obsolete : [])
      }
    } catch (error) {
      // Which of the rows were stored is not known; the store is asked again.
      this.#storeKnowsMore = true
      for (const trace of batch) {
        trace.rowTimes = undefined
        this.#seen.add(trace.id)
      }
      this.#waiting.putBack(due, performance.now())
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
    let first = Math.min(stamp + 1, this.#waiting.firstCall())
    for (const call of this.#underway) first = Math.min(first, call)
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
      this.#open.compact(trace)
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
    const { store, freshen } = this.#parts
    // Without any that is unknown, too: names are remembered only until the store has the documents.
    if (unknown.length === 0 && this.#letGoNames.size <= MAX_LET_GO) return
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
      const stored = await this.#parts.store.read(tenant, idsOf(chunk))
      for (const trace of chunk) {
        const found = stored.get(trace.id)
        if (found !== undefined) addStored(this.#open, trace, found, this.#parts.searchFacts)
      }
      await nextTurn()
    }
  }

  /** Whether the store has the documents of those that go is asked only when they come back. */
  #letGo(): void {
    const isBusy = (trace: OpenTrace): boolean => this.#waiting.has(trace) || this.#batch.has(trace)
    for (const key of this.#open.evict(isBusy)) {
      this.#seen.add(key.id)
      this.#letGoNames.add(nameOf(key))
    }
    if (this.#letGoNames.size > MAX_LET_GO) this.#mustFreshen = true
    if (this.#open.bytes <= this.#pressedBytes) return
    // The rows do not keep up with the documents, or the store is away.
    const emptied = this.#open.empty((trace) => this.#batch.has(trace))
    for (const { id } of emptied) this.#seen.add(id)
    if (emptied.length > 0) this.#storeKnowsMore = this.#mustFreshen = true
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
      const nowMs = performance.now()
      for (const { tenant, id } of keys) this.#waiting.add(this.#open.touch(tenant, id), this.#marked + 1, nowMs)
      await this.#writeTouched()
      after = keys.length < CHUNK ? undefined : keys.at(-1)
      if (this.#closed) return
    } while (after !== undefined)
    const complete = this.#touchedThrough(newest)
    await this.#writeTouched()
    // All that an earlier run left is in the store by now, and whatever came since is known here.
    this.#storedUntil = await store.newestEpoch(now() / 1000 + AHEAD_SECONDS)
    this.#mayMark = true
    await this.#mark(complete)
  }
}

function idsOf(traces: readonly (OpenTrace | TraceKey)[]): readonly TraceId[] {
  return traces.map(({ id }) => id)
}
