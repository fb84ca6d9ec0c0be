import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { StoredDocument } from '../model/document.ts'
import type { TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'
import type { StoredTrace, TraceKey, TraceStore } from '../store/store.ts'
import type { ObsoleteRow, TraceRow } from '../store/trace-row.ts'
import type { OpenTrace } from './open-traces.ts'
import type { TraceDocuments } from './make-row.ts'
import { OpenTraces } from './open-traces.ts'
import type { RowMaker, RowResult } from './row-maker.ts'
import type { Stamps } from './stamps.ts'

export type AssemblerParts = {
  readonly store: TraceStore
  /** Resolves once the store has every document that was acknowledged before the call. */
  readonly freshen: () => Promise<void>
  readonly rowMaker: RowMaker
  readonly stamps: Stamps
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly memoryLimitBytes: number
  /** All calls up to the last mark are in rows; what came later is summarised again at the start. */
  readonly mark: { read(): Promise<number>; write(stamp: number): Promise<void> }
  readonly onError: (error: Error) => void
}

/**
 * A trace that changes is summarised again when nothing more came for a while, and at the latest so long after the
 * change: most documents of a trace come within a second or two, and each summary costs as much as all of them.
 */
const QUIET_MS = 200
const LATEST_MS = 450
/** How often is looked for traces that are due. */
const LOOK_MS = 450
/** More traces than this may not wait for their rows: calls are answered later then, so that readers need not wait. */
const MAX_WAITING = 10_000
/** After a failure; the traces stay touched. */
const RETRY_MS = 2_000
/** Traces that the row maker gets at a time, and how often it gets some before it is done with the first. */
const MAKE_CHUNK = 100
const MAKES_AHEAD = 3
/** A document that was stored, and whose it is. */
export type TouchingDocument = StoredDocument & { readonly traceId: TraceId }

type Waiting = {
  /** The stamp of the first call since its last row. */
  readonly call: number
  readonly sinceMs: number
  touchedMs: number
}

/** Traces that are asked for, or written, at a time. */
const CHUNK = 2_000
/** Traces that are read with their documents at a time. */
const READ_CHUNK = 100
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
  /** The traces that wait for their rows. */
  readonly #touched = new Map<OpenTrace, Waiting>()
  /** Calls that were stamped and may not be touched yet. */
  readonly #underway = new Set<number>()
  #lastCall = 0
  #marked = 0
  /** The traces whose rows are being made and written. */
  #batch: ReadonlySet<OpenTrace> = new Set()
  /** Traces were let go, now or by an earlier run, whose documents may not be in the store yet. */
  #mustFreshen = true
  /** At this size traces that wait for their rows are let go, too. */
  #pressedBytes: number
  /** Runs that took all traces that waited, and the number of the last one that ended; one run at a time. */
  #started = 0
  #finished = 0
  #running: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #recovered: Promise<void> | undefined
  /** Until then the mark stays where the earlier run left it: what lies behind it may have no rows. */
  #mayMark = false
  #closed = false

  constructor(parts: AssemblerParts) {
    this.#parts = parts
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
  touch(tenant: Tenant, call: number, documents: readonly TouchingDocument[]): void {
    for (const document of documents) {
      const trace = this.#open.touch(tenant, document.traceId)
      this.#open.addCall(trace, call)
      this.#open.add(trace, document)
      this.#wait(trace, call)
    }
    if (this.#open.bytes > this.#pressedBytes) this.#letGo()
    this.#done(call)
    this.#schedule(LOOK_MS)
  }

  /** Resolves when not too many traces wait for their rows, or at once when the store does not take them. */
  async relief(): Promise<void> {
    try {
      while (this.#touched.size > MAX_WAITING) await (this.#running ?? this.#run(true))
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

  #wait(trace: OpenTrace, call: number): void {
    const nowMs = this.#parts.now()
    const waiting = this.#touched.get(trace)
    if (waiting === undefined) this.#touched.set(trace, { call, sinceMs: nowMs, touchedMs: nowMs })
    else waiting.touchedMs = nowMs
  }

  #done(call: number): void {
    this.#underway.delete(call)
    this.#lastCall = Math.max(this.#lastCall, call)
  }

  #schedule(ms: number): void {
    if (this.#timer !== undefined || this.#closed) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      // What is touched meanwhile schedules the next one when this one ends.
      if (this.#running !== undefined) return
      this.#run(false).catch(() => {
        // Reported, and tried again.
      })
    }, ms)
  }

  /** Writes the rows of all that was touched before the call. */
  async #writeTouched(): Promise<void> {
    // A run that is under way may have taken its traces before: the next one counts.
    const needed = this.#started + 1
    while (this.#finished < needed) await (this.#running ?? this.#run(true))
  }

  /** One run: of all traces that wait, or of those that are due. */
  #run(all: boolean): Promise<void> {
    if (all) this.#started += 1
    const number = this.#started
    this.#running = this.#write(all).then(
      () => this.#ended(number, LOOK_MS),
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
    if (this.#touched.size > 0) this.#schedule(pauseMs)
  }

  /** Takes the traces out that are due. */
  #takeDue(all: boolean): ReadonlyMap<OpenTrace, Waiting> {
    const nowMs = this.#parts.now()
    const due = new Map<OpenTrace, Waiting>()
    for (const [trace, waiting] of this.#touched) {
      if (!all && nowMs - waiting.touchedMs < QUIET_MS && nowMs - waiting.sinceMs < LATEST_MS) continue
      due.set(trace, waiting)
      this.#touched.delete(trace)
    }
    return due
  }

  async #write(all: boolean): Promise<void> {
    const { store, stamps, now } = this.#parts
    const due = this.#takeDue(all)
    if (due.size === 0) return
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
      for (const [trace, waiting] of due) {
        trace.rowTimes = undefined
        this.#touched.set(trace, waiting)
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
    for (const { call } of this.#touched.values()) first = Math.min(first, call)
    return first - 1
  }

  async #mark(stamp: number): Promise<void> {
    if (stamp <= this.#marked) return
    this.#marked = stamp
    await this.#parts.mark.write(stamp)
  }

  async #rowsOf(
    batch: readonly OpenTrace[],
    version: number,
  ): Promise<{ readonly rows: readonly TraceRow[]; readonly obsolete: readonly ObsoleteRow[] }> {
    const rows: TraceRow[] = []
    const obsolete: ObsoleteRow[] = []
    const nowSeconds = this.#parts.now() / 1000
    const ahead: { readonly traces: readonly OpenTrace[]; readonly made: Promise<readonly RowResult[]> }[] = []
    const takeFirst = async (): Promise<void> => {
      const first = ahead.shift()
      if (first === undefined) return
      const results = await first.made
      for (const [at, trace] of first.traces.entries()) this.#addRow(trace, results[at], version, rows, obsolete)
    }
    for (let at = 0; at < batch.length; at += MAKE_CHUNK) {
      const traces = batch.slice(at, at + MAKE_CHUNK)
      ahead.push({ traces, made: this.#parts.rowMaker.make(traces.map(documentsOf), nowSeconds) })
      if (ahead.length > MAKES_AHEAD) await takeFirst()
    }
    while (ahead.length > 0) await takeFirst()
    return { rows, obsolete }
  }

  #addRow(
    trace: OpenTrace,
    result: RowResult | undefined,
    version: number,
    rows: TraceRow[],
    obsolete: ObsoleteRow[],
  ): void {
    const { tenant, id } = trace
    if (result?.kind === 'failed') {
      // It must not keep all others from being written.
      this.#parts.onError(new Error(`trace ${id} cannot be summarised: ${result.message}`))
    }
    if (result?.kind !== 'row') return
    rows.push({ tenant, id, version, ...result.row })
    for (const timeSeconds of trace.rowTimes ?? []) {
      if (timeSeconds !== result.row.timeSeconds) obsolete.push({ tenant, id, timeSeconds, version })
    }
    trace.rowTimes = [result.row.timeSeconds]
  }

  /** Finds out which of these traces the store knew before they were opened, and adds what it has of them. */
  async #complete(unknown: readonly OpenTrace[]): Promise<void> {
    if (unknown.length === 0) return
    const { store, freshen } = this.#parts
    if (this.#mustFreshen) {
      await freshen()
      this.#mustFreshen = false
    }
    for (const [tenant, traces] of byTenant(unknown)) {
      const late: OpenTrace[] = []
      for (let at = 0; at < traces.length; at += CHUNK) {
        const chunk = traces.slice(at, at + CHUNK)
        const tracks = await store.track(tenant, idsOf(chunk))
        for (const trace of chunk) {
          const track = tracks.get(trace.id)
          trace.rowTimes = track?.rowTimes ?? []
          if (track?.calls.some((call) => !trace.calls.has(call)) === true) late.push(trace)
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
        if (found !== undefined) addStored(this.#open, trace, found)
      }
      await nextTurn()
    }
  }

  /** Whether the store has the documents of those that go is asked only when they come back. */
  #letGo(): void {
    const isBusy = (trace: OpenTrace): boolean => this.#touched.has(trace) || this.#batch.has(trace)
    if (this.#open.evict(isBusy)) this.#mustFreshen = true
    if (this.#open.bytes <= this.#pressedBytes) return
    // The rows do not keep up with the documents, or the store is away.
    if (this.#open.empty((trace) => this.#batch.has(trace))) this.#mustFreshen = true
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
      for (const { tenant, id } of keys) this.#wait(this.#open.touch(tenant, id), this.#marked + 1)
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

function addStored(open: OpenTraces, trace: OpenTrace, { calls, documents }: StoredTrace): void {
  for (const call of calls) open.addCall(trace, call)
  for (const document of documents) open.add(trace, document)
}

function documentsOf({ id, calls, documents }: OpenTrace): TraceDocuments {
  return {
    id,
    revision: calls.size,
    documents: Array.from(documents.values(), ({ raw, received }) => ({ raw, received })),
  }
}

export function byTenant<Key extends TraceKey>(traces: readonly Key[]): ReadonlyMap<Tenant, readonly Key[]> {
  const groups = new Map<string, { tenant: Tenant; traces: Key[] }>()
  for (const trace of traces) {
    const key = `${trace.tenant.account}/${trace.tenant.region}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { tenant: trace.tenant, traces: [trace] })
    else group.traces.push(trace)
  }
  return new Map([...groups.values()].map(({ tenant, traces: members }) => [tenant, members]))
}

function idsOf(traces: readonly (OpenTrace | TraceKey)[]): readonly TraceId[] {
  return traces.map(({ id }) => id)
}
