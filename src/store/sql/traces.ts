import type { Tenant } from '../../model/tenant.ts'
import type { Narrowing } from '../../filter/narrowing.ts'
import { RowReader } from '../../spool/row-reader.ts'
import { RowWriter } from '../../spool/row-writer.ts'
import type { FindTraces, TraceHit, TracePosition, TraceWindow, WindowKind } from '../store.ts'
import type { ObsoleteRow, TraceRow } from '../trace-row.ts'
import type { InsertRows, SqlEngine, SqlParams } from './engine.ts'
import { conditionOf, type Condition } from './narrowing.ts'
import { number, traceHex, traceIdFrom } from './rows.ts'
import { NO_END_US } from './trace-columns.ts'

const TRACE_COLUMNS = [
  ['account', 'String'],
  ['region', 'String'],
  ['time', 'UInt32'],
  ['trace_id', 'FixedString(16)'],
  ['version', 'UInt64'],
  ['obsolete', 'UInt8'],
  ['first_us', 'Int64'],
  ['last_us', 'Int64'],
  ['starts', 'Array(Int64)'],
  ['ends', 'Array(Int64)'],
  ['end_us', 'Int64'],
  ['names', 'Array(String)'],
  ['terms', 'Array(String)'],
  ['urls', 'String'],
] as const

const INSERT_TRACES: InsertRows = {
  table: 'traces',
  columns: TRACE_COLUMNS.map(([name]) => name).join(', '),
  structure: TRACE_COLUMNS.map(([name, type]) => `${name} ${type}`).join(', '),
}

type Search = Pick<TraceRow, 'names' | 'terms' | 'urls' | 'lastEndUs'>

const NOTHING: Search = { names: [], terms: [], urls: [] }
const ROW_BYTES = 1024
/** In `ends`, a segment that has not ended. */
const NO_END = NO_END_US

/** `TraceStore.writeRows`. */
export async function writeRows(
  engine: SqlEngine,
  rows: readonly TraceRow[],
  obsolete: readonly ObsoleteRow[],
): Promise<void> {
  if (rows.length + obsolete.length === 0) return
  const to = new RowWriter((rows.length + obsolete.length) * ROW_BYTES)
  for (const row of rows) writeRow(to, row, row.spans, row, 0)
  for (const row of obsolete) writeRow(to, row, [], NOTHING, 1)
  await engine.insertBytes(to.view(), INSERT_TRACES)
}

function writeRow(to: RowWriter, row: ObsoleteRow, spans: TraceRow['spans'], search: Search, obsolete: 0 | 1): void {
  const ends = spans.map(({ endUs }) => endUs ?? NO_END)
  to.string(row.tenant.account)
  to.string(row.tenant.region)
  to.uint32(row.timeSeconds)
  to.hex(row.id, 2, 8)
  to.hex(row.id, 11, 24)
  to.uint64(Math.floor(row.version / 2 ** 32), row.version >>> 0)
  to.uint8(obsolete)
  to.int64(spans.reduce((first, { startUs }) => Math.min(first, startUs), 2 ** 53))
  to.int64(
    spans.reduce((last, { startUs, endUs }) => Math.max(last, startUs, endUs ?? startUs), search.lastEndUs ?? NO_END),
  )
  to.int64s(spans.map(({ startUs }) => startUs))
  to.int64s(ends)
  to.int64(search.lastEndUs ?? NO_END)
  to.strings(search.names)
  to.strings(search.terms)
  to.string(search.urls.join('\n'))
}

/** Rows that are looked at for a trace of a page: some are there in several versions, and some do not hold. */
const ROWS_PER_TRACE = 3
/** Rows that are looked at for the rest of a page, at the least and at the most. */
const MIN_ROWS = 20
const MAX_ROWS = 5_000

const OF_TENANT = 'account = {account:String} AND region = {region:String}'

/** Which rows a window selects (`WindowKind`). Bounds by granule come first, the lists are looked into last. */
const SELECTED = {
  'trace-time': 'time >= {from:Int64} AND time < {to:Int64}',
  event: `last_us >= {fromUs:Int64} AND first_us < {toUs:Int64} AND arrayExists(
    (s, e) -> s < {toUs:Int64} AND greatest(s, e) >= {fromUs:Int64}, starts, ends)`,
  activity: 'last_us >= {fromUs:Int64} AND first_us < {toUs:Int64}',
  service: `last_us >= {fromUs:Int64} AND arrayExists(e -> e >= {fromUs:Int64} AND e < {toUs:Int64}, ends)`,
} as const satisfies Record<WindowKind, string>

/**
 * The rows of a page, in any version that is selected. Several versions may not be merged yet, so that a key comes several
 * times, one after the other: `LIMIT BY` would leave each once, and an order by version would sort them, but either keeps
 * the engine from reading the end of the table alone. Only the greatest version of all tells: see `thoseThatHold`.
 */
const findRows = (kind: WindowKind, condition: string, isFirst: boolean, settings: string): string => `
  SELECT trace_id, time, version, obsolete = 0${kind === 'event' ? `, ${LATEST_EVENT}` : ''}
  FROM traces
  WHERE ${OF_TENANT} ${isFirst ? '' : AFTER}
    AND (${SELECTED[kind]}) AND (${condition})
  ORDER BY time DESC, trace_id DESC
  LIMIT {limit:UInt32}
  ${settings}
`

/** For what reads the end of the table and nothing else: threads take longer to begin. */
const READS_LITTLE = 'SETTINGS max_threads = 1, enable_analyzer = 0'

const AFTER = `AND time <= {afterTime:UInt64}
    AND (time < {afterTime:UInt64} OR trace_id < toFixedString(unhex({afterTrace:String}), 16))`

/** The latest start or end inside the window, microseconds. */
const LATEST_EVENT = `arrayMax(arrayPushBack(
    arrayFilter(t -> t >= {fromUs:Int64} AND t < {toUs:Int64}, arrayConcat(starts, ends)), ${NO_END}))`

const OF_KEYS = `
    ${OF_TENANT} AND time >= {firstTime:UInt32} AND time <= {lastTime:UInt32}
    AND (time, trace_id) IN (
      SELECT key.1, toFixedString(unhex(key.2), 16)
      FROM (SELECT arrayJoin(arrayZip({times:Array(UInt32)}, {traces:Array(String)})) AS key))`

/** From narrow columns alone. */
const GREATEST_VERSIONS = `
  SELECT trace_id, time, max(version)
  FROM traces
  WHERE ${OF_KEYS}
  GROUP BY time, trace_id
`

/** Of these keys the greatest version, and whether it is selected. */
const readGreatest = (kind: WindowKind, condition: string): string => `
  SELECT trace_id, time, version, obsolete = 0 AND (${SELECTED[kind]}) AND (${condition})${
    kind === 'event' ? `, ${LATEST_EVENT}` : ''
  }
  FROM traces
  WHERE ${OF_KEYS}
  ORDER BY version DESC
  LIMIT 1 BY time, trace_id
`

const count = (kind: WindowKind): string => `
  SELECT countIf(holds) AS traces FROM (
    SELECT argMax(obsolete = 0 AND (${SELECTED[kind]}), version) AS holds
    FROM traces
    WHERE ${OF_TENANT} ${kind === 'trace-time' ? `AND ${SELECTED[kind]}` : ''}
    GROUP BY time, trace_id
  )
`

/** `TraceStore.findTraces`: the rows of a page, and which of them hold; again, when some of them do not. */
export async function findTraces(
  engine: SqlEngine,
  tenant: Tenant,
  query: FindTraces,
  signal?: AbortSignal,
): Promise<readonly TraceHit[]> {
  const hits: TraceHit[] = []
  const condition = conditionOf(query.narrowing ?? EVERYTHING)
  const settings = selectsByTimeAlone(query) ? READS_LITTLE : ''
  let { after } = query
  let rowsPerTrace = ROWS_PER_TRACE
  while (hits.length < query.limit) {
    const limit = Math.min(MAX_ROWS, Math.max(MIN_ROWS, (query.limit - hits.length) * rowsPerTrace))
    rowsPerTrace *= 2
    const rows = await engine.queryBytes(
      findRows(query.kind, condition.sql, after === undefined, settings),
      { ...windowParams(tenant, query), ...condition.params, ...afterParams(after), limit },
      signal,
    )
    const { rowCount, found } = readFound(rows, query.kind)
    const isCut = rowCount === limit
    // The last key of a page that is cut may have a greater version behind the cut: it is looked at on the next one.
    if (isCut && (found.length > 1 || limit < MAX_ROWS)) found.pop()
    hits.push(...(await thoseThatHold(engine, tenant, query, condition, found, signal)))
    if (!isCut) break
    after = found.at(-1) ?? after
  }
  return hits.slice(0, query.limit)
}

const EVERYTHING: Narrowing = { kind: 'everything' }

const selectsByTimeAlone = ({ kind, narrowing = EVERYTHING }: FindTraces): boolean =>
  kind === 'trace-time' && narrowing.kind === 'everything'

/** A version of a key, and whether it is a hit if no greater one supersedes it. */
type Found = TraceHit & { readonly holds: boolean }

function readFound(bytes: Buffer, kind: WindowKind): { readonly rowCount: number; readonly found: Found[] } {
  const rows = new RowReader(bytes)
  const found: Found[] = []
  let rowCount = 0
  while (!rows.isAtEnd) {
    rowCount += 1
    const id = traceIdFrom(rows)
    const timeSeconds = rows.uint32()
    const version = rows.uint64()
    const holds = rows.uint8() === 1
    const eventUs = kind === 'event' ? rows.int64() : NO_END
    const matched = eventUs === NO_END ? {} : { matchedEventSeconds: eventUs / 1e6 }
    const row = { timeSeconds, id, version, holds, ...matched }
    const last = found.at(-1)
    if (id !== last?.id || timeSeconds !== last.timeSeconds) found.push(row)
    else if (version > last.version) found[found.length - 1] = row
  }
  return { rowCount, found }
}

async function thoseThatHold(
  engine: SqlEngine,
  tenant: Tenant,
  query: FindTraces,
  condition: Condition,
  found: readonly Found[],
  signal?: AbortSignal,
): Promise<readonly TraceHit[]> {
  const { kind } = query
  // The time is a part of the key: where it alone selects, all versions of a key were found.
  if (selectsByTimeAlone(query) || query.mayBeOutdated === true || found.length === 0) return found.flatMap(hitOf)
  const rows = new RowReader(await engine.queryBytes(GREATEST_VERSIONS, keyParams(tenant, found), signal))
  const greatest = new Map<string, number>()
  while (!rows.isAtEnd) {
    const id = traceIdFrom(rows)
    const timeSeconds = rows.uint32()
    greatest.set(keyOf({ id, timeSeconds }), rows.uint64())
  }
  // A greater version was not selected, or it came after the rows were looked for.
  const outdated = new Set(found.filter((one) => greatest.get(keyOf(one)) !== one.version))
  if (outdated.size === 0) return found.flatMap(hitOf)
  const params = { ...windowParams(tenant, query), ...condition.params, ...keyParams(tenant, [...outdated]) }
  const newer = readFound(await engine.queryBytes(readGreatest(kind, condition.sql), params, signal), kind).found
  const byKey = new Map(newer.map((one) => [keyOf(one), one]))
  return found.flatMap((one) => hitOf(outdated.has(one) ? byKey.get(keyOf(one)) : one))
}

function hitOf(one: Found | undefined): readonly TraceHit[] {
  if (one === undefined) return []
  const { holds, ...hit } = one
  return holds ? [hit] : []
}

function keyParams(tenant: Tenant, keys: readonly TracePosition[]): SqlParams {
  const times = keys.map(({ timeSeconds }) => timeSeconds)
  return {
    ...tenant,
    firstTime: Math.min(...times),
    lastTime: Math.max(...times),
    times,
    traces: keys.map(({ id }) => traceHex(id)),
  }
}

function afterParams(after: TracePosition | undefined): SqlParams {
  return after === undefined ? {} : { afterTime: after.timeSeconds, afterTrace: traceHex(after.id) }
}

const keyOf = ({ timeSeconds, id }: TracePosition): string => `${timeSeconds} ${id}`

/** `TraceStore.countTraces`. */
export async function countTraces(
  engine: SqlEngine,
  tenant: Tenant,
  window: TraceWindow,
  signal?: AbortSignal,
): Promise<number> {
  const [row] = await engine.query(count(window.kind), windowParams(tenant, window), signal)
  return number(row, 'traces')
}

function windowParams(tenant: Tenant, { fromSeconds, toSeconds }: TraceWindow): SqlParams {
  return {
    ...tenant,
    from: String(Math.ceil(bounded(fromSeconds, 1))),
    to: String(Math.ceil(bounded(toSeconds, 1))),
    // As text: drivers refuse the number 2^53, which ends a window without an end.
    fromUs: String(Math.ceil(bounded(fromSeconds, 1e6))),
    toUs: String(Math.ceil(bounded(toSeconds, 1e6))),
  }
}

/** Seconds in another unit, kept inside what a double counts exactly. */
function bounded(seconds: number, perSecond: number): number {
  return Math.max(-(2 ** 53) + 1, Math.min(2 ** 53, seconds * perSecond))
}
