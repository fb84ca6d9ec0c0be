import type { StoredDocument } from '../../model/document.ts'
import { type EntityId, type TraceId, traceIdEpochSeconds } from '../../model/ids.ts'
import type { Tenant } from '../../model/tenant.ts'
import { bucketOf, DOCUMENT_COLUMNS, NO_END, readVersion } from '../../spool/document-row.ts'
import { RowReader } from '../../spool/row-reader.ts'
import type { StoredTrace, TraceKey, TraceTrack } from '../store.ts'
import type { InsertRows, SqlEngine, SqlParams } from './engine.ts'
import { number, text, traceHex, traceIdFrom, traceIdOf } from './rows.ts'

const FRAME_COLUMNS: readonly string[] = ['frame_length', 'frame_crc']

const INSERT_DOCUMENTS: InsertRows = {
  table: 'documents',
  columns: DOCUMENT_COLUMNS.map(([name]) => name)
    .filter((name) => !FRAME_COLUMNS.includes(name))
    .join(', '),
  structure: DOCUMENT_COLUMNS.map(([name, type]) => `${name} ${type}`).join(', '),
}

const OF_TENANT = 'account = {account:String} AND region = {region:String}'
/** Which traces, and how to read them. */
type Traces = { readonly condition: string; readonly settings: string }

/** A subquery, because a list of constants takes three times as long with thousands of ids. */
const MANY: Traces = {
  condition: 'trace_id IN (SELECT arrayJoin(arrayMap(t -> toFixedString(unhex(t), 16), {traces:Array(String)})))',
  settings: '',
}
/** One is found in half the time without a subquery or a list, and without threads, which take longer to begin. */
const ONE: Traces = {
  condition: 'trace_id = toFixedString(unhex({trace:String}), 16)',
  settings: 'SETTINGS max_threads = 1, enable_analyzer = 0',
}

/** How to read these traces, and the values of its places. */
function tracesOf(ids: readonly TraceId[]): Traces & { readonly params: SqlParams } {
  const [id] = ids
  return id !== undefined && ids.length === 1
    ? { ...ONE, params: { trace: traceHex(id) } }
    : { ...MANY, params: { traces: ids.map(traceHex) } }
}

/**
 * Rows of the index as they are, a trace perhaps in several: to put a few sets together takes the engine longer than this
 * program. With them, as of one trace (`readOneIn`), the documents that stand in these hours.
 */
const READ_MANY = `
  SELECT 0::UInt8, trace_id, buckets, calls, 0::UInt8, toFixedString('', 8), 0::UInt64, 0::Int64, 0::Int64, ''
  FROM trace_index
  WHERE ${OF_TENANT} AND ${MANY.condition}
  UNION ALL
  SELECT 1::UInt8, trace_id, [], [], kind, id, version, start_us, end_us, raw
  FROM documents
  WHERE ${OF_TENANT} AND bucket IN {buckets:Array(UInt32)} AND ${MANY.condition}
`

const track = ({ condition, settings }: Traces): string => `
  SELECT trace_id, calls, times
  FROM trace_index
  WHERE ${OF_TENANT} AND ${condition}
  ${settings}
`

/** Texts that are no documents belong to no trace, so `format` is not asked for: each column costs a part of the answer. */
const readDocuments = ({ condition, settings }: Traces): string => `
  SELECT trace_id, kind, id, version, start_us, end_us, raw
  FROM documents
  WHERE ${OF_TENANT} AND bucket IN {buckets:Array(UInt32)} AND ${condition}
  ${settings}
`

/**
 * Of one trace its rows of the index, and those documents that stand where its id says that it began: one statement,
 * because a second one takes the engine as long to begin as to answer.
 */
const readOneIn = (bucket: string): string => `
  SELECT 0::UInt8, buckets, calls, 0::UInt8, toFixedString('', 8), 0::UInt64, 0::Int64, 0::Int64, ''
  FROM trace_index
  WHERE ${OF_TENANT} AND ${ONE.condition}
  UNION ALL
  SELECT 1::UInt8, [], [], kind, id, version, start_us, end_us, raw
  FROM documents
  WHERE ${OF_TENANT} AND ${bucket} AND ${ONE.condition}
  ${ONE.settings}
`
const READ_ONE = readOneIn('bucket = {bucket:UInt32}')
/** The same where it may stand in either of two hours. */
const READ_ONE_IN_TWO = readOneIn('bucket IN {buckets:Array(UInt32)}')

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

/** `TraceStore.read`: where the documents are, from the small index, then the documents. */
export async function readTraces(
  engine: SqlEngine,
  tenant: Tenant,
  ids: readonly TraceId[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<TraceId, StoredTrace>> {
  const [id] = ids
  if (id === undefined) return new Map()
  return ids.length === 1 ? readOne(engine, tenant, id, signal) : readMany(engine, tenant, ids, signal)
}

async function readOne(
  engine: SqlEngine,
  tenant: Tenant,
  id: TraceId,
  signal?: AbortSignal,
): Promise<ReadonlyMap<TraceId, StoredTrace>> {
  const params = { ...tenant, trace: traceHex(id) }
  const guessed = bucketsByName(id)
  const [bucket = 0] = guessed
  const buckets = new Set<number>()
  const calls = new Set<number>()
  const documents: StoredDocument[] = []
  const [sql, where] = guessed.length === 1 ? [READ_ONE, { bucket }] : [READ_ONE_IN_TWO, { buckets: guessed }]
  const rows = new RowReader(await engine.queryBytes(sql, { ...params, ...where }, signal))
  while (!rows.isAtEnd) {
    const isDocument = rows.uint8() === 1
    for (const bucket of rows.uint32s()) buckets.add(bucket)
    for (const call of rows.uint64s()) calls.add(call)
    const document = documentOf(rows)
    if (isDocument) documents.push(document)
  }
  // What the id says is a guess, and what the index says counts: the digits may mean no time at all.
  const others = [...buckets].filter((bucket) => !guessed.includes(bucket))
  if (others.length > 0) {
    const found = new RowReader(await engine.queryBytes(readDocuments(ONE), { ...params, buckets: others }, signal))
    while (!found.isAtEnd) {
      traceIdFrom(found)
      documents.push(documentOf(found))
    }
  }
  // The index is written with the documents, but not in one step: an insert that runs may have come half way.
  return buckets.size === 0 || documents.length === 0
    ? new Map()
    : new Map([[id, { id, calls: [...calls], documents }]])
}

/** Of many hours that ids say few are true: where ids are random, all of them are looked into in vain. */
const MAX_GUESSED = 4

/** The same of many traces: the hours that most of them say. */
function bucketsByNames(ids: readonly TraceId[]): readonly number[] {
  const counts = new Map<number, number>()
  for (const bucket of ids.flatMap(bucketsByName)) counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
  const byCount = [...counts].toSorted(([, a], [, b]) => b - a)
  return byCount.slice(0, MAX_GUESSED).map(([bucket]) => bucket)
}

/** A trace that began so shortly before the end of an hour is likely to have documents in the next one. */
const NEAR_THE_END_SECONDS = 300

/** The hours that a trace is likely to have its documents under, if its id says when it began. */
function bucketsByName(id: TraceId): readonly number[] {
  const epoch = traceIdEpochSeconds(id)
  return [...new Set([epoch, epoch + NEAR_THE_END_SECONDS].map((seconds) => bucketOf('segment', seconds * 1e6, 0)))]
}

async function readMany(
  engine: SqlEngine,
  tenant: Tenant,
  ids: readonly TraceId[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<TraceId, StoredTrace>> {
  const params = { ...tenant, traces: ids.map(traceHex) }
  const guessed = bucketsByNames(ids)
  const buckets = new Set<number>()
  const calls = new Map<TraceId, Set<number>>()
  const documents = new Map<TraceId, StoredDocument[]>()
  const rows = new RowReader(await engine.queryBytes(READ_MANY, { ...params, buckets: guessed }, signal))
  while (!rows.isAtEnd) {
    const isDocument = rows.uint8() === 1
    const trace = traceIdFrom(rows)
    for (const bucket of rows.uint32s()) buckets.add(bucket)
    const byCalls = rows.uint64s()
    const document = documentOf(rows)
    if (isDocument) addTo(documents, trace, document)
    else addAll(calls, trace, byCalls)
  }
  const others = [...buckets].filter((bucket) => !guessed.includes(bucket))
  if (others.length > 0) {
    const found = new RowReader(await engine.queryBytes(readDocuments(MANY), { ...params, buckets: others }, signal))
    while (!found.isAtEnd) addTo(documents, traceIdFrom(found), documentOf(found))
  }
  // The index is written with the documents, but not in one step: an insert that runs may have come half way.
  const traces = new Map<TraceId, StoredTrace>()
  for (const [id, found] of documents) {
    const byCalls = calls.get(id)
    if (byCalls !== undefined) traces.set(id, { id, calls: [...byCalls], documents: found })
  }
  return traces
}

function addTo(documents: Map<TraceId, StoredDocument[]>, trace: TraceId, document: StoredDocument): void {
  const known = documents.get(trace)
  if (known === undefined) documents.set(trace, [document])
  else known.push(document)
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
  const traces = tracesOf(ids)
  const rows = new RowReader(await engine.queryBytes(track(traces), { ...tenant, ...traces.params }))
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
