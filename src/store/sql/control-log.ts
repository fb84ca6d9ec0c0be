import type { Json } from '../../model/json.ts'
import { RowWriter } from '../../spool/row-writer.ts'
import type { ControlEntry, ControlLog } from '../control-log.ts'
import type { InsertRows, SqlEngine, SqlRow } from './engine.ts'
import { number, text } from './rows.ts'

/**
 * The statement that makes the table of the control log. Rows are never changed. `arrived_us` is when the database took
 * the row: readers go on from there, since a writer's stamp may be older than what others have read.
 */
export const CONTROL_LOG_TABLE = `
  CREATE TABLE IF NOT EXISTS control_log (
    account String,
    region String,
    kind LowCardinality(String),
    key String,
    time_us UInt64,
    writer String,
    deleted UInt8,
    body String CODEC(ZSTD(1)),
    arrived_us UInt64 DEFAULT toUInt64(toUnixTimestamp64Micro(now64(6))),
    INDEX by_arrival arrived_us TYPE minmax GRANULARITY 1
  )
  ENGINE = MergeTree
  ORDER BY (account, region, kind, key, time_us, writer)
  SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1
`

/** The columns that a writer fills, in the order of `append`. */
const COLUMNS = [
  ['account', 'String'],
  ['region', 'String'],
  ['kind', 'String'],
  ['key', 'String'],
  ['time_us', 'UInt64'],
  ['writer', 'String'],
  ['deleted', 'UInt8'],
  ['body', 'String'],
] as const

// Rows and not bound values: those of a statement have to fit a URL, and the body of a policy may not.
const APPEND: InsertRows = {
  table: 'control_log',
  columns: COLUMNS.map(([name]) => name).join(', '),
  structure: COLUMNS.map(([name, type]) => `${name} ${type}`).join(', '),
}

/**
 * Of each thing the last write alone: what a detector of insights knows is written again every hour, and all that it ever
 * knew would not fit into memory.
 */
const READ = `
  SELECT account, region, kind, key, last.1 AS time_us, last.2 AS writer, last.3 AS deleted, last.4 AS body, arrived_us
  FROM (
    SELECT
      account, region, kind, key,
      argMax((time_us, writer, deleted, body), (time_us, writer)) AS last,
      max(control_log.arrived_us) AS arrived_us
    FROM control_log
    WHERE control_log.arrived_us >= {from:UInt64}
    GROUP BY account, region, kind, key
  )
`

/** A row can be read a while after the time it arrived at, and servers of a cluster have clocks of their own. */
const OVERLAP_US = 60_000_000
const ROW_BYTES = 512

/**
 * The control log over ClickHouse's SQL. The engine belongs to the store, whose migrations make the table. One log per
 * engine: it keeps inserts into its table from overlapping.
 */
export function createSqlControlLog(engine: SqlEngine): ControlLog {
  let last: Promise<unknown> = Promise.resolve()
  return {
    async append({ account, region }, { timeUs, writer }, changes) {
      if (changes.length === 0) return
      const to = new RowWriter(changes.length * ROW_BYTES)
      for (const { kind, key, body } of changes) {
        for (const value of [account, region, kind, key]) to.string(value)
        to.int64(timeUs)
        to.string(writer)
        to.uint8(body === undefined ? 1 : 0)
        to.string(body === undefined ? '' : JSON.stringify(body))
      }
      // One block, and so all or none of the rows.
      const inserted = last.then(() => engine.insertBytes(to.view(), APPEND))
      last = inserted.catch(() => undefined)
      await inserted
    },

    async read(from = 0) {
      const rows = await engine.query(READ, { from: Math.max(0, from - OVERLAP_US) })
      const position = rows.reduce((latest, row) => Math.max(latest, number(row, 'arrived_us')), from)
      return { entries: rows.map(entryOf), position }
    },
  }
}

function entryOf(row: SqlRow): ControlEntry {
  return {
    tenant: { account: text(row, 'account'), region: text(row, 'region') },
    stamp: { timeUs: number(row, 'time_us'), writer: text(row, 'writer') },
    kind: text(row, 'kind'),
    key: text(row, 'key'),
    // The table holds only what `append` wrote.
    body: number(row, 'deleted') === 1 ? undefined : (JSON.parse(text(row, 'body')) as Json),
  }
}
