/** One step of the schema. A step that has been released is never changed; a later step changes what it made. */
export type Migration = { readonly version: number; readonly statements: readonly string[] }

/**
 * `documents`: ordered so that one trace's rows lie together inside an hour, and the documents of an hour inside a few
 * parts; `trace_id` is random in most ids, so the bucket must lead (design §2.4). A complete row has the greater
 * version than any in progress (spec/ingest §3.2). Partitions are days, so that retention drops whole parts. Parts that
 * were merged go after seconds, not minutes: what they were merged into is synced, and until then they take twice the
 * disk.
 *
 * `trace_index`: in which buckets a trace has rows, when it starts, and which calls brought it. Filled with every
 * insert; all of it is min, max or set, so that a file inserted twice changes nothing.
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
  SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
    old_parts_lifetime = 15
`

const traceIndex = `
  CREATE TABLE IF NOT EXISTS trace_index (
    account LowCardinality(String),
    region LowCardinality(String),
    trace_id FixedString(16),
    bucket UInt32,
    segment_start_us SimpleAggregateFunction(min, Int64),
    subsegment_start_us SimpleAggregateFunction(min, Int64),
    calls SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)),
    INDEX by_bucket bucket TYPE minmax GRANULARITY 4
  )
  ENGINE = AggregatingMergeTree
  ORDER BY (account, region, trace_id, bucket)
  SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
    old_parts_lifetime = 15
`

/** What stands for "no such document" in the two start columns of `trace_index`. */
export const NO_START_US = '9223372036854775807'

/** `filedStartUs` of `spool/document-row.ts`: a subsegment that is not filed under its own start counts by its receipt. */
const FILED_START_US =
  'if(intDiv(start_us, 3600000000) = bucket, start_us, toInt64(bitAnd(version, 4611686018427387903)))'

const fillTraceIndex = `
  CREATE MATERIALIZED VIEW IF NOT EXISTS trace_index_fill TO trace_index AS
  SELECT
    account, region, trace_id, bucket,
    min(if(kind = 0, start_us, ${NO_START_US})) AS segment_start_us,
    min(if(kind = 1, ${FILED_START_US}, ${NO_START_US})) AS subsegment_start_us,
    groupUniqArray(call) AS calls
  FROM documents
  WHERE format = 0
  GROUP BY account, region, trace_id, bucket
`

/** All steps, in order. The store applies those it has not applied yet at its start. */
export const migrations: readonly Migration[] = [{ version: 1, statements: [documents, traceIndex, fillTraceIndex] }]
