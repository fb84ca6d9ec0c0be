import type { StoredDocument } from '../../model/document.ts'
import type { EntityId, TraceId } from '../../model/ids.ts'
import type { Tenant } from '../../model/tenant.ts'
import { DOCUMENT_COLUMNS, NO_END } from '../../spool/document-row.ts'
import type { StoredTrace, TraceKey, TraceTrack } from '../store.ts'
import type { InsertRows, SqlEngine, SqlRow } from './engine.ts'
import { number, numbers, text, traceHex, traceIdOf } from './rows.ts'

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
/** One is found in two thirds of the time without a subquery, and without threads, which take longer to begin. */
const ONE: Traces = {
  condition: 'trace_id = toFixedString(unhex({traces:Array(String)}[1]), 16)',
  settings: 'SETTINGS max_threads = 1, enable_analyzer = 0',
}

function tracesOf(ids: readonly TraceId[]): Traces {
  return ids.length === 1 ? ONE : MANY
}

const track = ({ condition, settings }: Traces): string => `
  SELECT
    lower(hex(trace_id)) AS trace,
    groupUniqArrayArray(buckets) AS in_buckets,
    groupUniqArrayArray(calls) AS by_calls,
    groupUniqArrayArray(times) AS at_times
  FROM trace_index
  WHERE ${OF_TENANT} AND ${condition}
  GROUP BY trace_id
  ${settings}
`

/** Of one trace its rows as they are: to put a few sets together takes the engine longer than this program. */
const PLACES_OF_ONE = `
  SELECT lower(hex(trace_id)) AS trace, buckets AS in_buckets, calls AS by_calls
  FROM trace_index
  WHERE ${OF_TENANT} AND ${ONE.condition}
  ${ONE.settings}
`

/** `received` is what `version` holds under the bit of complete documents. */
const readDocuments = ({ condition, settings }: Traces): string => `
  SELECT
    lower(hex(trace_id)) AS trace, kind, lower(hex(id)) AS id, bitTest(version, 62) AS complete,
    bitAnd(version, 4611686018427387903) AS received, start_us, end_us, raw
  FROM documents
  WHERE ${OF_TENANT} AND bucket IN {buckets:Array(UInt32)} AND ${condition} AND format = 0
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

/** `TraceStore.read`: where the documents are, from the small index, then the documents. */
export async function readTraces(
  engine: SqlEngine,
  tenant: Tenant,
  ids: readonly TraceId[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<TraceId, StoredTrace>> {
  if (ids.length === 0) return new Map()
  const params = { ...tenant, traces: ids.map(traceHex) }
  const places = await engine.query(ids.length === 1 ? PLACES_OF_ONE : track(MANY), params, signal)
  const buckets = [...new Set(places.flatMap((row) => numbers(row, 'in_buckets')))]
  if (buckets.length === 0) return new Map()
  const rows = await engine.query(readDocuments(tracesOf(ids)), { ...params, buckets }, signal)
  const traces = new Map<string, Omit<StoredTrace, 'documents'> & { readonly documents: StoredDocument[] }>()
  for (const row of places) {
    const trace = text(row, 'trace')
    const calls = new Set([...(traces.get(trace)?.calls ?? []), ...numbers(row, 'by_calls')])
    traces.set(trace, { id: traceIdOf(trace), calls: [...calls], documents: [] })
  }
  for (const row of rows) traces.get(text(row, 'trace'))?.documents.push(documentOf(row))
  // The index is written with the documents, but not in one step: an insert that runs may have come half way.
  return new Map([...traces.values()].filter(({ documents }) => documents.length > 0).map((trace) => [trace.id, trace]))
}

function documentOf(row: SqlRow): StoredDocument {
  const endUs = number(row, 'end_us')
  return {
    kind: number(row, 'kind') === 0 ? 'segment' : 'subsegment',
    // Canonical: the table holds eight bytes, and the engine prints them in lower case.
    id: text(row, 'id') as EntityId,
    complete: number(row, 'complete') === 1,
    received: number(row, 'received'),
    startUs: number(row, 'start_us'),
    ...(endUs === NO_END ? {} : { endUs }),
    raw: text(row, 'raw'),
  }
}

const NEWEST_EPOCH = `
  SELECT max(reinterpretAsUInt32(reverse(substring(toString(trace_id), 1, 4)))) AS epoch
  FROM trace_index
  WHERE reinterpretAsUInt32(reverse(substring(toString(trace_id), 1, 4))) <= {upTo:UInt32}
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
  const rows = await engine.query(track(tracesOf(ids)), { ...tenant, traces: ids.map(traceHex) })
  return new Map(
    rows.map((row) => [
      traceIdOf(text(row, 'trace')),
      { calls: numbers(row, 'by_calls'), rowTimes: numbers(row, 'at_times') },
    ]),
  )
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
