import type { StoredDocument } from '../../model/document.ts'
import { type EntityId, type TraceId, traceIdEpochSeconds } from '../../model/ids.ts'
import type { Tenant } from '../../model/tenant.ts'
import { bucketOf, DOCUMENT_COLUMNS, NO_END, readVersion } from '../../spool/document-row.ts'
import { RowReader } from '../../spool/row-reader.ts'
import type { StoredTrace, TraceKey, TraceTrack } from '../store.ts'
import type { InsertRows, Keys, SqlEngine } from './engine.ts'
import { number, text, textHex, traceHex, traceIdFrom, traceIdOf } from './rows.ts'

const FRAME_COLUMNS: readonly string[] = ['frame_length', 'frame_crc']

const INSERT_DOCUMENTS: InsertRows = {
  table: 'documents',
  columns: DOCUMENT_COLUMNS.map(([name]) => name)
    .filter((name) => !FRAME_COLUMNS.includes(name))
    .join(', '),
  structure: DOCUMENT_COLUMNS.map(([name, type]) => `${name} ${type}`).join(', '),
}

const OF_TENANT = 'account = unhex({account:String}) AND region = unhex({region:String})'

/** Which traces, what each row's trace is, and how to read them. */
type Traces = { readonly condition: string; readonly id: string; readonly settings: string }

/** A subquery, because a list of constants takes three times as long with thousands of ids. */
const MANY: Traces = {
  condition: 'trace_id IN (SELECT arrayJoin(arrayMap(t -> toFixedString(unhex(t), 16), {traces:Array(String)})))',
  id: 'trace_id',
  settings: '',
}
const THE_ONE = 'toFixedString(unhex({trace:String}), 16)'
/**
 * One is found in half the time without a subquery or a list, and without threads, which take longer to begin. Its id is
 * known, and need not be read.
 */
const ONE: Traces = {
  condition: `trace_id = ${THE_ONE}`,
  id: THE_ONE,
  settings: 'SETTINGS max_threads = 1, enable_analyzer = 0',
}

/** How to read these traces of a tenant, and the values of its places. */
function tracesOf({ account, region }: Tenant, ids: readonly TraceId[]): Traces & { readonly keys: Keys } {
  const tenant = { account: textHex(account), region: textHex(region) }
  const [id] = ids
  return id !== undefined && ids.length === 1
    ? { ...ONE, keys: { ...tenant, trace: traceHex(id) } }
    : { ...MANY, keys: { ...tenant, traces: ids.map(traceHex) } }
}

/**
 * Rows as they are, a trace perhaps in several: to put a few sets together takes the engine longer than this program.
 * Each column costs a part of the answer.
 */
const locate = ({ condition, id, settings }: Traces): string => `
  SELECT ${id}, buckets, calls
  FROM trace_index
  WHERE ${OF_TENANT} AND ${condition}
  ${settings}
`

const track = ({ condition, id, settings }: Traces): string => `
  SELECT ${id}, calls, times
  FROM trace_index
  WHERE ${OF_TENANT} AND ${condition}
  ${settings}
`

/** Of these hours; one is compared in less time than a list. */
type Hours = { readonly condition: string; readonly keys: Keys }

function hoursOf(buckets: readonly number[]): Hours {
  const [bucket] = buckets
  return bucket !== undefined && buckets.length === 1
    ? { condition: 'bucket = {bucket:UInt32}', keys: { bucket } }
    : { condition: 'bucket IN {buckets:Array(UInt32)}', keys: { buckets } }
}

/** Texts that are no documents belong to no trace, so `format` is not asked for. */
const readDocuments = ({ condition, id, settings }: Traces, hours: Hours): string => `
  SELECT ${id}, kind, id, version, start_us, end_us, raw
  FROM documents
  WHERE ${OF_TENANT} AND ${hours.condition} AND ${condition}
  ${settings}
`

/**
 * From the index, since `documents` forgets the call of a copy that was superseded. The position is written out, column
 * by column, because tuples do not narrow what is read.
 */
const tracesSinceAfter = (position: string): string => `
  SELECT account, region, lower(hex(trace_id)) AS trace
  FROM trace_index
  WHERE arrayExists(c -> c > {stamp:UInt64}, calls) AND (${position})
  ORDER BY account, region, trace_id
  LIMIT 1 BY account, region, trace_id
  LIMIT {limit:UInt32}
`

const AFTER = `
  account > {account:String}
  OR (account = {account:String} AND region > {region:String})
  OR (account = {account:String} AND region = {region:String} AND trace_id > toFixedString(unhex({trace:String}), 16))
`

/** `TraceStore.insert`. */
export function insertDocuments(engine: SqlEngine, path: string): Promise<void> {
  return engine.insertFile(path, INSERT_DOCUMENTS)
}

/**
 * `TraceStore.read`: where the documents are, from the small index, and at the same time those that stand where the ids say
 * that the traces began. What ids say is a guess, their digits may mean no time at all: what the index says counts.
 */
export async function readTraces(
  engine: SqlEngine,
  tenant: Tenant,
  ids: readonly TraceId[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<TraceId, StoredTrace>> {
  if (ids.length === 0) return new Map()
  const guessed = bucketsByNames(ids)
  const [places, documents] = await Promise.all([
    locateTraces(engine, tenant, ids, signal),
    documentsIn(engine, tenant, ids, guessed, signal),
  ])
  const again = [...places].filter(([id, place]) => !isWhole(documents.get(id), place, guessed))
  if (again.length > 0) {
    const buckets = new Set(again.flatMap(([, place]) => [...place.buckets]))
    const lacking = again.map(([id]) => id)
    const found = await documentsIn(engine, tenant, lacking, [...buckets], signal)
    for (const [id, all] of found) documents.set(id, all)
  }
  // The index is written with the documents, but not in one step: an insert that runs may have come half way.
  const stored = new Map<TraceId, StoredTrace>()
  for (const [id, { calls }] of places) {
    const found = documents.get(id)
    if (found !== undefined) stored.set(id, { id, calls: [...calls], documents: found })
  }
  return stored
}

/** The hours that a trace has documents under, and the calls that brought them. */
type Place = { readonly buckets: Set<number>; readonly calls: Set<number> }

async function locateTraces(
  engine: SqlEngine,
  tenant: Tenant,
  ids: readonly TraceId[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<TraceId, Place>> {
  const traces = tracesOf(tenant, ids)
  const rows = new RowReader(await engine.queryByKeys(locate(traces), traces.keys, signal))
  const places = new Map<TraceId, Place>()
  while (!rows.isAtEnd) {
    const id = traceIdFrom(rows)
    let place = places.get(id)
    if (place === undefined) places.set(id, (place = { buckets: new Set(), calls: new Set() }))
    for (const bucket of rows.uint32s()) place.buckets.add(bucket)
    for (const call of rows.uint64s()) place.calls.add(call)
  }
  return places
}

async function documentsIn(
  engine: SqlEngine,
  tenant: Tenant,
  ids: readonly TraceId[],
  buckets: readonly number[],
  signal: AbortSignal | undefined,
): Promise<Map<TraceId, StoredDocument[]>> {
  const traces = tracesOf(tenant, ids)
  const hours = hoursOf(buckets)
  const keys = { ...traces.keys, ...hours.keys }
  const rows = new RowReader(await engine.queryByKeys(readDocuments(traces, hours), keys, signal))
  const documents = new Map<TraceId, StoredDocument[]>()
  while (!rows.isAtEnd) {
    const id = traceIdFrom(rows)
    const known = documents.get(id)
    if (known === undefined) documents.set(id, [documentOf(rows)])
    else known.push(documentOf(rows))
  }
  return documents
}

/**
 * Whether these are all documents of a trace: none stand in another hour, and there is one of the newest call. A call that
 * was stored between two questions may be in the index and not in the documents, and nobody must take them for those of
 * so many calls.
 */
function isWhole(found: readonly StoredDocument[] = [], { buckets, calls }: Place, asked: readonly number[]): boolean {
  // A document is stamped after its call, and before the next one.
  const newest = found.reduce((latest, { received }) => Math.max(latest, received), -Infinity)
  return [...buckets].every((bucket) => asked.includes(bucket)) && [...calls].every((call) => call <= newest)
}

/** Of many hours that ids say few are true: where ids are random, all of them are looked into in vain. */
const MAX_GUESSED = 4

/** A trace that began so shortly before the end of an hour is likely to have documents in the next one. */
const NEAR_THE_END_SECONDS = 300

/** The hours that a trace is likely to have its documents under, if its id says when it began. */
function bucketsByName(id: TraceId): readonly number[] {
  const epoch = traceIdEpochSeconds(id)
  return [...new Set([epoch, epoch + NEAR_THE_END_SECONDS].map((seconds) => bucketOf('segment', seconds * 1e6, 0)))]
}

/** The hours that most of these traces are likely to have their documents under. */
function bucketsByNames(ids: readonly TraceId[]): readonly number[] {
  const counts = new Map<number, number>()
  for (const bucket of ids.flatMap(bucketsByName)) counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
  const byCount = [...counts].toSorted(([, a], [, b]) => b - a)
  return byCount.slice(0, MAX_GUESSED).map(([bucket]) => bucket)
}

function addAll<Key>(to: Map<Key, Set<number>>, key: Key, numbers: readonly number[]): void {
  let known = to.get(key)
  if (known === undefined) to.set(key, (known = new Set()))
  for (const number of numbers) known.add(number)
}

function documentOf(from: RowReader): StoredDocument {
  const kind = from.uint8() === 0 ? 'segment' : 'subsegment'
  // Canonical: the table holds eight bytes, and they are read as digits in lower case.
  const id = from.hex(8) as EntityId
  const version = readVersion(from)
  const startUs = from.int64()
  const endUs = from.int64()
  return { kind, id, ...version, startUs, ...(endUs === NO_END ? {} : { endUs }), raw: from.string() }
}

const NEWEST_EPOCH = `
  SELECT max(reinterpretAsUInt32(reverse(substring(trace_id, 1, 4)))) AS epoch
  FROM trace_index
  WHERE reinterpretAsUInt32(reverse(substring(trace_id, 1, 4))) <= {upTo:UInt32}
`

/** `TraceStore.newestEpoch`. */
export async function newestEpoch(engine: SqlEngine, upToSeconds: number): Promise<number> {
  const upTo = Math.max(0, Math.min(2 ** 32 - 1, Math.floor(upToSeconds)))
  const [row] = await engine.query(NEWEST_EPOCH, { upTo })
  return number(row, 'epoch')
}

/** `TraceStore.track`. */
export async function trackTraces(
  engine: SqlEngine,
  tenant: Tenant,
  ids: readonly TraceId[],
): Promise<ReadonlyMap<TraceId, TraceTrack>> {
  if (ids.length === 0) return new Map()
  const traces = tracesOf(tenant, ids)
  const rows = new RowReader(await engine.queryByKeys(track(traces), traces.keys))
  const calls = new Map<TraceId, Set<number>>()
  const times = new Map<TraceId, Set<number>>()
  while (!rows.isAtEnd) {
    const id = traceIdFrom(rows)
    addAll(calls, id, rows.uint64s())
    addAll(times, id, rows.uint32s())
  }
  return new Map([...calls].map(([id, byCalls]) => [id, { calls: [...byCalls], rowTimes: [...(times.get(id) ?? [])] }]))
}

/** `TraceStore.tracesSince`. */
export async function tracesSince(
  engine: SqlEngine,
  stamp: number,
  limit: number,
  after?: TraceKey,
): Promise<readonly TraceKey[]> {
  const rows = await engine.query(tracesSinceAfter(after === undefined ? '1' : AFTER), {
    stamp,
    limit,
    ...(after === undefined ? {} : { ...after.tenant, trace: traceHex(after.id) }),
  })
  return rows.map((row) => ({
    tenant: { account: text(row, 'account'), region: text(row, 'region') },
    id: traceIdOf(text(row, 'trace')),
  }))
}
