import { readFile } from 'node:fs/promises'
import type { StoredDocument } from '../../model/document.ts'
import type { TraceId } from '../../model/ids.ts'
import type { Tenant } from '../../model/tenant.ts'
import { traceTimeSeconds } from '../../model/trace-time.ts'
import { type DocumentRow, filedStartUs, readDocumentRows } from '../../spool/document-row.ts'
import type { FindTraces, StoredTrace, TracePosition, TraceStore } from '../store.ts'

type TraceInMemory = {
  /** By stamp, which is unique to a document: a file that comes again finds its documents there. */
  readonly documents: Map<number, StoredDocument>
  readonly calls: Set<number>
  firstSegmentUs: number
  firstSubsegmentUs: number
}

type Traces = Map<TraceId, TraceInMemory>

/**
 * The store contract with nothing but maps: what the other engines are compared with, and what `--store memory` runs.
 * It forgets everything when it is disposed of, and drops no version of any entity.
 */
export function createMemoryStore(): TraceStore {
  const tenants = new Map<string, Traces>()
  let lastReceived = 0
  let state: 'new' | 'open' | 'closed' = 'new'

  const begin = (signal?: AbortSignal): void => {
    if (state !== 'open') throw new Error('the store is not open')
    signal?.throwIfAborted()
  }

  const tracesOf = (tenant: Tenant): Traces => {
    const key = JSON.stringify([tenant.account, tenant.region])
    const known = tenants.get(key)
    if (known !== undefined) return known
    const traces: Traces = new Map()
    tenants.set(key, traces)
    return traces
  }

  return {
    async open() {
      if (state !== 'new') throw new Error('the store was opened before')
      state = 'open'
    },

    async insert(path) {
      begin()
      // All rows before the first is stored: a file that cannot be read to its end leaves nothing behind.
      const rows = [...readDocumentRows(await readFile(path))]
      for (const row of rows) {
        // OTLP is kept for a program that can read it; it belongs to no trace yet.
        if (row.format === 'xray-json') addRow(tracesOf(row.tenant), row)
        lastReceived = Math.max(lastReceived, row.document.received)
      }
    },

    async read(tenant, ids, signal) {
      begin(signal)
      const traces = tracesOf(tenant)
      const found = new Map<TraceId, StoredTrace>()
      for (const id of ids) {
        const trace = traces.get(id)
        if (trace !== undefined) found.set(id, copyOf(id, trace))
      }
      return found
    },

    async findTraces(tenant, query, signal) {
      begin(signal)
      return [...tracesOf(tenant)]
        .map(([id, trace]) => positionOf(id, trace))
        .filter((position) => isAsked(position, query))
        .toSorted(newestFirst)
        .slice(0, query.limit)
    },

    async lastReceived() {
      begin()
      return lastReceived
    },

    async check() {
      return state === 'open' ? { ok: true } : { ok: false, error: new Error('the store is not open') }
    },

    async [Symbol.asyncDispose]() {
      state = 'closed'
      tenants.clear()
    },
  }
}

function addRow(traces: Traces, row: DocumentRow): void {
  let trace = traces.get(row.traceId)
  if (trace === undefined) {
    trace = { documents: new Map(), calls: new Set(), firstSegmentUs: Infinity, firstSubsegmentUs: Infinity }
    traces.set(row.traceId, trace)
  }
  trace.documents.set(row.document.received, row.document)
  trace.calls.add(row.call)
  const startUs = filedStartUs(row)
  if (row.document.kind === 'segment') trace.firstSegmentUs = Math.min(trace.firstSegmentUs, startUs)
  else trace.firstSubsegmentUs = Math.min(trace.firstSubsegmentUs, startUs)
}

function copyOf(id: TraceId, trace: TraceInMemory): StoredTrace {
  const documents = [...trace.documents.values()].map((document) => ({ ...document }))
  return { id, revision: trace.calls.size, documents }
}

function positionOf(id: TraceId, { firstSegmentUs, firstSubsegmentUs }: TraceInMemory): TracePosition {
  const firstUs = firstSegmentUs === Infinity ? firstSubsegmentUs : firstSegmentUs
  return { timeSeconds: traceTimeSeconds(id, firstUs / 1e6), id }
}

function isAsked(position: TracePosition, { fromSeconds, toSeconds, after }: FindTraces): boolean {
  const { timeSeconds } = position
  if (timeSeconds < fromSeconds || timeSeconds >= toSeconds) return false
  return after === undefined || newestFirst(after, position) < 0
}

/** Negative when `a` comes before `b`: by time descending, then id descending. */
function newestFirst(a: TracePosition, b: TracePosition): number {
  if (a.timeSeconds !== b.timeSeconds) return b.timeSeconds - a.timeSeconds
  return a.id === b.id ? 0 : a.id > b.id ? -1 : 1
}
