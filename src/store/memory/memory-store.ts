import { readFile } from 'node:fs/promises'
import type { StoredDocument } from '../../model/document.ts'
import { type TraceId, traceIdEpochSeconds } from '../../model/ids.ts'
import type { Tenant } from '../../model/tenant.ts'
import { type DocumentRow, readDocumentRows } from '../../spool/document-row.ts'
import type {
  FindTraces,
  StoredTrace,
  TraceHit,
  TraceKey,
  TracePosition,
  TraceStore,
  TraceTrack,
  TraceWindow,
} from '../store.ts'
import { countTexts } from './count-texts.ts'
import { mayMatch } from './may-match.ts'
import type { ObsoleteRow, TraceRow } from '../trace-row.ts'

type TraceInMemory = {
  /** By stamp, which is unique to a document: a file that comes again finds its documents there. */
  readonly documents: Map<number, StoredDocument>
  readonly calls: Set<number>
}

/** The newest row of one trace under one time. */
type RowInMemory = { readonly version: number; readonly row: TraceRow | undefined }

type TenantInMemory = {
  readonly tenant: Tenant
  readonly traces: Map<TraceId, TraceInMemory>
  readonly rows: Map<TraceId, Map<number, RowInMemory>>
}

/** Everything there is. */
type AllInMemory = { readonly tenants: Map<string, TenantInMemory>; lastStamp: number }

/**
 * The store contract with nothing but maps: what the other engines are compared with, and what `--store memory` runs.
 * It forgets everything when it is disposed of, and drops no version of any entity.
 */
export function createMemoryStore(onRows: (rows: readonly TraceRow[]) => void = () => undefined): TraceStore {
  const all: AllInMemory = { tenants: new Map(), lastStamp: 0 }
  let state: 'new' | 'open' | 'closed' = 'new'

  const begin = (signal?: AbortSignal): void => {
    if (state !== 'open') throw new Error('the store is not open')
    signal?.throwIfAborted()
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
      for (const row of rows) addRow(all, row)
    },

    async read(tenant, ids, signal) {
      begin(signal)
      return read(dataOf(all, tenant), ids)
    },

    async newestEpoch(upToSeconds) {
      begin()
      const epochs = [...all.tenants.values()].flatMap(({ traces }) => Array.from(traces.keys(), traceIdEpochSeconds))
      return epochs.reduce((newest, epoch) => (epoch <= upToSeconds ? Math.max(newest, epoch) : newest), 0)
    },

    async track(tenant, ids) {
      begin()
      return tracksOf(dataOf(all, tenant), ids)
    },

    async tracesSince(stamp, limit, after) {
      begin()
      return pageOfKeys(touchedSince([...all.tenants.values()], stamp), limit, after)
    },

    async writeRows(rows, obsolete) {
      begin()
      for (const row of rows) keep(all, row, { ...row })
      for (const row of obsolete) keep(all, row, undefined)
      onRows(rows)
    },

    async findTraces(tenant, query, signal) {
      begin(signal)
      return pageOfTraces(dataOf(all, tenant), query)
    },

    async countTraces(tenant, window, signal) {
      begin(signal)
      return selectedRows(dataOf(all, tenant), window).length
    },

    async countTexts(tenant, query, signal) {
      begin(signal)
      return countTexts(selectedRows(dataOf(all, tenant), { kind: 'trace-time', ...query }), query)
    },

    async lastStamp() {
      begin()
      return all.lastStamp
    },

    async check() {
      return state === 'open' ? { ok: true } : { ok: false, error: new Error('the store is not open') }
    },

    async [Symbol.asyncDispose]() {
      state = 'closed'
      all.tenants.clear()
    },
  }
}

function dataOf({ tenants }: AllInMemory, tenant: Tenant): TenantInMemory {
  const key = JSON.stringify([tenant.account, tenant.region])
  const known = tenants.get(key)
  if (known !== undefined) return known
  const data = { tenant: { ...tenant }, traces: new Map(), rows: new Map() }
  tenants.set(key, data)
  return data
}

function keep(all: AllInMemory, at: ObsoleteRow, row: TraceRow | undefined): void {
  const { rows } = dataOf(all, at.tenant)
  const byTime = rows.get(at.id) ?? new Map<number, RowInMemory>()
  rows.set(at.id, byTime)
  const known = byTime.get(at.timeSeconds)
  if (known === undefined || known.version <= at.version) byTime.set(at.timeSeconds, { version: at.version, row })
  all.lastStamp = Math.max(all.lastStamp, at.version)
}

function addRow(all: AllInMemory, row: DocumentRow): void {
  all.lastStamp = Math.max(all.lastStamp, row.document.received)
  if (row.format !== 'xray-json') return
  const { traces } = dataOf(all, row.tenant)
  let trace = traces.get(row.traceId)
  if (trace === undefined) traces.set(row.traceId, (trace = { documents: new Map(), calls: new Set() }))
  trace.documents.set(row.document.received, row.document)
  trace.calls.add(row.call)
}

function read({ traces }: TenantInMemory, ids: readonly TraceId[]): ReadonlyMap<TraceId, StoredTrace> {
  const found = new Map<TraceId, StoredTrace>()
  for (const id of ids) {
    const trace = traces.get(id)
    if (trace !== undefined) found.set(id, copyOf(id, trace))
  }
  return found
}

function tracksOf({ traces, rows }: TenantInMemory, ids: readonly TraceId[]): ReadonlyMap<TraceId, TraceTrack> {
  const found = new Map<TraceId, TraceTrack>()
  for (const id of ids) {
    const calls = [...(traces.get(id)?.calls ?? [])]
    const rowTimes = [...(rows.get(id) ?? [])].filter(([, { row }]) => row !== undefined).map(([time]) => time)
    if (calls.length + rowTimes.length > 0) found.set(id, { calls, rowTimes })
  }
  return found
}

function touchedSince(tenants: readonly TenantInMemory[], stamp: number): readonly TraceKey[] {
  return tenants.flatMap(({ tenant, traces }) =>
    [...traces].flatMap(([id, { calls }]) =>
      [...calls].some((call) => call > stamp) ? [{ tenant: { ...tenant }, id }] : [],
    ),
  )
}

function pageOfTraces(data: TenantInMemory, query: FindTraces): readonly TraceHit[] {
  const { after, narrowing } = query
  return selectedRows(data, query)
    .filter((row) => narrowing === undefined || mayMatch(row, narrowing))
    .filter((row) => after === undefined || newestFirst(after, row) < 0)
    .toSorted(newestFirst)
    .slice(0, query.limit)
    .map((row) => hitOf(row, query))
}

function pageOfKeys(keys: readonly TraceKey[], limit: number, after: TraceKey | undefined): readonly TraceKey[] {
  return keys
    .map((key) => ({ key, text: keyText(key) }))
    .filter(({ text }) => after === undefined || text > keyText(after))
    .toSorted((a, b) => (a.text < b.text ? -1 : 1))
    .slice(0, limit)
    .map(({ key }) => key)
}

/** Ordered as the keys are. */
function keyText({ tenant, id }: TraceKey): string {
  return JSON.stringify([tenant.account, tenant.region, id])
}

function copyOf(id: TraceId, trace: TraceInMemory): StoredTrace {
  const documents = Array.from(trace.documents.values(), (document) => ({ ...document }))
  return { id, calls: [...trace.calls], documents }
}

function selectedRows({ rows }: TenantInMemory, window: TraceWindow): readonly TraceRow[] {
  return [...rows.values()]
    .flatMap((byTime) => [...byTime.values()].flatMap(({ row }) => row ?? []))
    .filter((row) => isSelected(row, window))
}

function isSelected({ timeSeconds, spans, lastEndUs }: TraceRow, window: TraceWindow): boolean {
  const { kind, fromSeconds, toSeconds } = window
  const [fromUs, toUs] = [fromSeconds * 1e6, toSeconds * 1e6]
  switch (kind) {
    case 'trace-time':
      return timeSeconds >= fromSeconds && timeSeconds < toSeconds
    case 'event':
      return spans.some(({ startUs, endUs }) => startUs < toUs && Math.max(startUs, endUs ?? startUs) >= fromUs)
    case 'activity':
      return (
        Math.min(...spans.map(({ startUs }) => startUs)) < toUs &&
        Math.max(...spans.map(({ startUs, endUs }) => Math.max(startUs, endUs ?? startUs)), lastEndUs ?? -Infinity) >=
          fromUs
      )
    case 'service':
      return spans.some(({ endUs }) => endUs !== undefined && endUs >= fromUs && endUs < toUs)
    default:
      return kind satisfies never
  }
}

function hitOf({ timeSeconds, id, version, spans }: TraceRow, window: TraceWindow): TraceHit {
  const events = spans
    .flatMap(({ startUs, endUs }) => (endUs === undefined ? [startUs] : [startUs, endUs]))
    .filter((us) => us >= window.fromSeconds * 1e6 && us < window.toSeconds * 1e6)
  const matched = window.kind === 'event' && events.length > 0 ? { matchedEventSeconds: Math.max(...events) / 1e6 } : {}
  return { timeSeconds, id, version, ...matched }
}

/** Negative when `a` comes before `b`: by time descending, then id descending. */
function newestFirst(a: TracePosition, b: TracePosition): number {
  if (a.timeSeconds !== b.timeSeconds) return b.timeSeconds - a.timeSeconds
  return a.id === b.id ? 0 : a.id > b.id ? -1 : 1
}
