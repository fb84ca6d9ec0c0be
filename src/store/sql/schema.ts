import { CONTROL_LOG_TABLE } from './control-log.ts'
import { GRAPH_MINUTES_TABLES } from './graph-minutes-tables.ts'

/** One step of the schema. A step that has been released is never changed; a later step changes what it made. */
export type Migration = { readonly version: number; readonly statements: readonly string[] }

/** What was answered as durable survives a power failure of the machine. */
const DURABLE =
  'fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, old_parts_lifetime = 15'

/**
 * Ordered so that one trace's rows lie together inside an hour, and the documents of an hour inside a few parts;
 * `trace_id` is random in most ids, so the bucket must lead (design §2.4). A complete row has the greater version than
 * any in progress (spec/ingest §3.2). Partitions are days, so that retention drops whole parts. The granularity is small,
 * because whoever reads a trace decompresses whole granules. Parts that were merged go after seconds, not minutes: what
 * they were merged into is synced, and until then they take twice the disk.
 */
const documents = `
  CREATE TABLE IF NOT EXISTS documents (
    account LowCardinality(String),
    region LowCardinality(String),
    bucket UInt32,
    trace_id FixedString(16),
    kind UInt8,
    id FixedString(8),
    version UInt64 CODEC(Delta, ZSTD(1)),
    call UInt64 CODEC(Delta, ZSTD(1)),
    parent_id FixedString(8),
    name LowCardinality(String),
    start_us Int64 CODEC(Delta, ZSTD(1)),
    end_us Int64 CODEC(Delta, ZSTD(1)),
    format UInt8,
    raw String CODEC(ZSTD(1))
  )
  ENGINE = ReplacingMergeTree(version)
  PARTITION BY intDiv(bucket, 24)
  ORDER BY (account, region, bucket, trace_id, kind, id)
  SETTINGS index_granularity = 128, ${DURABLE}
`

/**
 * What the list of traces and searches read: a row for each trace and version. Ordered by time, so that the newest page
 * is read from the end of the table and nothing else is. A trace whose time changes leaves a row under the old time,
 * which is declared obsolete by one of the same key with a greater version.
 */
const traces = `
  CREATE TABLE IF NOT EXISTS traces (
    account LowCardinality(String),
    region LowCardinality(String),
    time UInt32 CODEC(Delta, ZSTD(1)),
    trace_id FixedString(16),
    version UInt64 CODEC(Delta, ZSTD(1)),
    obsolete UInt8,
    first_us Int64 CODEC(Delta, ZSTD(1)),
    last_us Int64 CODEC(Delta, ZSTD(1)),
    starts Array(Int64) CODEC(Delta, ZSTD(1)),
    ends Array(Int64) CODEC(Delta, ZSTD(1)),
    end_us Int64 CODEC(Delta, ZSTD(1)),
    names Array(LowCardinality(String)) CODEC(ZSTD(1)),
    terms Array(String) CODEC(ZSTD(1)),
    urls String CODEC(ZSTD(1)),
    INDEX by_first first_us TYPE minmax GRANULARITY 1,
    INDEX by_last last_us TYPE minmax GRANULARITY 1,
    INDEX by_term terms TYPE bloom_filter(0.01) GRANULARITY 1
  )
  ENGINE = ReplacingMergeTree(version)
  PARTITION BY intDiv(time, 86400)
  ORDER BY (account, region, time, trace_id)
  SETTINGS index_granularity = 256, ${DURABLE}
`

/**
 * Where a trace is: the hours it has documents under, the calls that brought them, and the times it has rows under. All
 * of it is sets, so that what is inserted twice changes nothing. Filled by the two views below.
 */
const traceIndex = `
  CREATE TABLE IF NOT EXISTS trace_index (
    account LowCardinality(String),
    region LowCardinality(String),
    trace_id FixedString(16),
    buckets SimpleAggregateFunction(groupUniqArrayArray, Array(UInt32)),
    calls SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)),
    times SimpleAggregateFunction(groupUniqArrayArray, Array(UInt32))
  )
  ENGINE = AggregatingMergeTree
  ORDER BY (account, region, trace_id)
  SETTINGS index_granularity = 256, ${DURABLE}
`

const indexDocuments = `
  CREATE MATERIALIZED VIEW IF NOT EXISTS trace_index_of_documents TO trace_index AS
  SELECT account, region, trace_id, groupUniqArray(bucket) AS buckets, groupUniqArray(call) AS calls
  FROM documents
  WHERE format = 0
  GROUP BY account, region, trace_id
`

const indexTraces = `
  CREATE MATERIALIZED VIEW IF NOT EXISTS trace_index_of_traces TO trace_index AS
  SELECT account, region, trace_id, groupUniqArray(time) AS times
  FROM traces
  WHERE obsolete = 0
  GROUP BY account, region, trace_id
`

/**
 * What searches leave out unread. Of a term that nobody has, nearly all that was read were granules that the filter took
 * for ones that have it: with a thousandth of false ones instead of a hundredth, and filters half as large again, it takes
 * half the time. Pieces of four characters find a part of a URL; they cost some 8 us for each row that is inserted or merged.
 */
const searchIndexes: readonly string[] = [
  'ALTER TABLE traces DROP INDEX IF EXISTS by_term',
  'ALTER TABLE traces ADD INDEX IF NOT EXISTS by_term terms TYPE bloom_filter(0.001) GRANULARITY 1',
  'ALTER TABLE traces ADD INDEX IF NOT EXISTS by_url urls TYPE ngrambf_v1(4, 4096, 2, 0) GRANULARITY 1',
  // Of the rows that are there, in the background; until then they are read.
  'ALTER TABLE traces MATERIALIZE INDEX by_term',
  'ALTER TABLE traces MATERIALIZE INDEX by_url',
]

/** Those that grow with every document, and whose merges take time. */
export const LARGE_TABLES: readonly string[] = ['documents', 'traces', 'trace_index']

/**
 * What one trace is read from costs its blocks and columns more than its bytes (docs/adr/013). A block of a narrow column
 * holds as much as 64 granules by default, of which one is wanted; and a dictionary has to be found anew in each place
 * that is read. Parts that are there get small blocks when they are merged, and columns without a dictionary soon.
 */
const quickToRead: readonly string[] = LARGE_TABLES.flatMap((table) => [
  `ALTER TABLE ${table} MODIFY SETTING min_compress_block_size = 2048`,
  `ALTER TABLE ${table} MODIFY COLUMN account String, MODIFY COLUMN region String`,
])

/** All steps, in order. The store applies those it has not applied yet at its start. */
export const migrations: readonly Migration[] = [
  { version: 2, statements: [documents, traces, traceIndex, indexDocuments, indexTraces] },
  { version: 3, statements: [CONTROL_LOG_TABLE] },
  { version: 4, statements: GRAPH_MINUTES_TABLES },
  { version: 5, statements: searchIndexes },
  { version: 6, statements: quickToRead },
]
