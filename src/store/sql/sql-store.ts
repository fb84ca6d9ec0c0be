import type { EntityId, TraceId } from '../../model/ids.ts'
import type { Tenant } from '../../model/tenant.ts'
import { DOCUMENT_COLUMNS } from '../../spool/document-row.ts'
import type { FindTraces, StoredTrace, TracePosition, TraceStore } from '../store.ts'
import type { InsertFile, SqlEngine, SqlRow } from './engine.ts'
import { migrate } from './migrate.ts'
import { migrations, NO_START_US } from './schema.ts'

const FRAME_COLUMNS: readonly string[] = ['frame_length', 'frame_crc']

const INSERT_DOCUMENTS: InsertFile = {
  table: 'documents',
  columns: DOCUMENT_COLUMNS.map(([name]) => name)
    .filter((name) => !FRAME_COLUMNS.includes(name))
    .join(', '),
  structure: DOCUMENT_COLUMNS.map(([name, type]) => `${name} ${type}`).join(', '),
}

/** `received` is what `version` holds under the bit of complete documents. */
const RECEIVED = 'bitAnd(version, 4611686018427387903)'
const OF_TENANT = 'account = {account:String} AND region = {region:String}'
const OF_TRACES = 'trace_id IN (SELECT arrayJoin(arrayMap(t -> toFixedString(unhex(t), 16), {traces:Array(String)})))'

/** Where the documents of some traces are, and how often they changed. Small: one row per trace and hour. */
const FIND_BUCKETS = `
  SELECT lower(hex(trace_id)) AS trace, groupUniqArray(bucket) AS buckets, length(groupUniqArrayArray(calls)) AS revision
  FROM trace_index
  WHERE ${OF_TENANT} AND ${OF_TRACES}
  GROUP BY trace_id
`

const READ_DOCUMENTS = `
  SELECT
    lower(hex(trace_id)) AS trace, kind, lower(hex(id)) AS id, bitTest(version, 62) AS complete,
    ${RECEIVED} AS received, raw
  FROM documents
  WHERE ${OF_TENANT} AND bucket IN {buckets:Array(UInt32)} AND ${OF_TRACES}
`

const WEEK_HOURS = 7 * 24

/**
 * The rule of `TraceStore.findTraces`. A trace in the window either starts in it, or has an id whose epoch lies in it
 * and starts within a week of that: so the candidates are found by hour, or by the range of ids that begin with those
 * epochs, which the order of the table serves. `first_us` of the others is never computed.
 */
const FIND_TRACES = `
  SELECT
    lower(hex(trace_id)) AS trace,
    if(min(segment_start_us) = ${NO_START_US}, min(subsegment_start_us), min(segment_start_us)) AS first_us,
    reinterpretAsUInt32(reverse(substring(trace_id, 1, 4))) AS epoch,
    if(abs(epoch * 1000000 - first_us) <= ${WEEK_HOURS} * 3600 * 1000000, toInt64(epoch), intDiv(first_us, 1000000)) AS time
  FROM trace_index
  WHERE ${OF_TENANT} AND trace_id IN (
    SELECT trace_id FROM trace_index
    WHERE ${OF_TENANT} AND (
      bucket BETWEEN {fromHour:UInt32} AND {toHour:UInt32}
      OR (trace_id BETWEEN toFixedString(unhex({fromId:String}), 16) AND toFixedString(unhex({toId:String}), 16))
    )
  )
  GROUP BY trace_id
  HAVING time >= {from:Int64} AND time < {to:Int64} AND (time, trace) < ({afterTime:Int64}, {afterTrace:String})
  ORDER BY time DESC, trace DESC
  LIMIT {limit:UInt32}
`

/** The store contract over ClickHouse's SQL. Knows nothing of how the engine is reached. */
export function createSqlStore(engine: SqlEngine): TraceStore {
  return {
    async open() {
      await engine.open()
      await migrate(engine, migrations)
    },
    insert: (path) => engine.insertFile(path, INSERT_DOCUMENTS),
    read: (tenant, ids, signal) => read(engine, tenant, ids, signal),
    findTraces: (tenant, query, signal) => findTraces(engine, tenant, query, signal),
    async lastReceived() {
      const [row] = await engine.query(`SELECT max(${RECEIVED}) AS received FROM documents`)
      return number(row, 'received')
    },
    check: (signal) => engine.check(signal),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  }
}

async function read(
  engine: SqlEngine,
  tenant: Tenant,
  ids: readonly TraceId[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<TraceId, StoredTrace>> {
  if (ids.length === 0) return new Map()
  const params = { ...tenant, traces: ids.map(traceHex) }
  const places = await engine.query(FIND_BUCKETS, params, signal)
  const buckets = [...new Set(places.flatMap((row) => numbers(row, 'buckets')))]
  if (buckets.length === 0) return new Map()
  const rows = await engine.query(READ_DOCUMENTS, { ...params, buckets }, signal)
  const traces = new Map<string, StoredTrace & { documents: StoredTrace['documents'][number][] }>()
  for (const row of places) {
    const trace = text(row, 'trace')
    traces.set(trace, { id: traceIdOf(trace), revision: number(row, 'revision'), documents: [] })
  }
  for (const row of rows) {
    traces.get(text(row, 'trace'))?.documents.push({
      kind: number(row, 'kind') === 0 ? 'segment' : 'subsegment',
      // Canonical: the table holds eight bytes, and the engine prints them in lower case.
      id: text(row, 'id') as EntityId,
      complete: number(row, 'complete') === 1,
      received: number(row, 'received'),
      raw: text(row, 'raw'),
    })
  }
  // While an insert runs, a trace may be in the index before its first document can be read.
  const found = [...traces.values()].filter((trace) => trace.documents.length > 0)
  return new Map(found.map((trace) => [trace.id, trace]))
}

async function findTraces(
  engine: SqlEngine,
  tenant: Tenant,
  query: FindTraces,
  signal?: AbortSignal,
): Promise<readonly TracePosition[]> {
  const from = Math.max(0, Math.ceil(query.fromSeconds))
  const to = Math.min(MAX_EPOCH_SECONDS, Math.ceil(query.toSeconds))
  if (from >= to) return []
  const rows = await engine.query(
    FIND_TRACES,
    {
      ...tenant,
      from,
      to,
      fromHour: Math.floor(from / 3600),
      toHour: Math.floor(to / 3600),
      fromId: from.toString(16).padStart(8, '0').padEnd(32, '0'),
      toId: (to - 1).toString(16).padStart(8, '0').padEnd(32, 'f'),
      afterTime: query.after?.timeSeconds ?? MAX_EPOCH_SECONDS + 1,
      afterTrace: query.after === undefined ? '' : traceHex(query.after.id),
      limit: query.limit,
    },
    signal,
  )
  return rows.map((row) => ({ timeSeconds: number(row, 'time'), id: traceIdOf(text(row, 'trace')) }))
}

/** The last second that the eight digits in a trace id can name. */
const MAX_EPOCH_SECONDS = 2 ** 32 - 1

function traceHex(id: TraceId): string {
  return id.slice(2, 10) + id.slice(11)
}

/** The inverse of `traceHex`; the table holds only what came from a `TraceId`. */
function traceIdOf(hex: string): TraceId {
  return `1-${hex.slice(0, 8)}-${hex.slice(8)}` as TraceId
}

function number(row: SqlRow | undefined, column: string): number {
  const value = row?.[column]
  if (typeof value !== 'number') throw new TypeError(`column ${column} is not a number`)
  return value
}

function numbers(row: SqlRow, column: string): number[] {
  const value = row[column]
  if (!Array.isArray(value)) throw new TypeError(`column ${column} is not a list`)
  return value.map(Number)
}

function text(row: SqlRow, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new TypeError(`column ${column} is not a string`)
  return value
}
