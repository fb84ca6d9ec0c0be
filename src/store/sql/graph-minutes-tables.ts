import { MAX_TOUCHED_MINUTES } from '../touched-minutes.ts'

/** The columns of `graph_minutes`, in the order in which rows are written. */
export const GRAPH_MINUTE_COLUMNS = [
  ['account', 'String'],
  ['region', 'String'],
  ['minute', 'UInt32'],
  ['kind', 'UInt8'],
  ['source', 'String'],
  ['target', 'String'],
  ['version', 'UInt64'],
  ['seen', 'UInt64'],
  ['exact', 'UInt8'],
  ['has_segments', 'UInt8'],
  ['is_root', 'UInt8'],
  ['first', 'Int64'],
  ['last', 'Int64'],
  ['ok', 'Int64'],
  ['throttle', 'Int64'],
  ['error', 'Int64'],
  ['fault', 'Int64'],
  ['total_us', 'Int64'],
  ['times', 'Array(Int64)'],
  ['time_counts', 'Array(Int64)'],
  ['times_binned', 'UInt8'],
  ['others', 'Array(Int64)'],
  ['other_counts', 'Array(Int64)'],
  ['others_binned', 'UInt8'],
  ['aliases', 'Array(String)'],
] as const

/**
 * What was counted in minutes: a row for each node and edge, and one for the minute itself, with what it was made of.
 * Rows of lesser versions are left over until they are merged away; those of nodes that a minute has no longer stay, and
 * nobody reads them. Not synced: what is lost is counted again.
 */
const graphMinutes = `
  CREATE TABLE IF NOT EXISTS graph_minutes (
    ${GRAPH_MINUTE_COLUMNS.map(([name, type]) => `${name} ${type} CODEC(ZSTD(1))`).join(',\n    ')}
  )
  ENGINE = ReplacingMergeTree(version)
  PARTITION BY intDiv(minute, 1440)
  ORDER BY (account, region, minute, kind, source, target)
  SETTINGS index_granularity = 1024
`

/**
 * Which minutes the rows of traces touch: a sum that changes with each row. Traces that go on for long have one row from
 * their first minute until their last, which makes all of these their own.
 */
const graphTouches = `
  CREATE TABLE IF NOT EXISTS graph_touches (
    account LowCardinality(String),
    region LowCardinality(String),
    minute UInt32,
    until UInt32,
    touches SimpleAggregateFunction(sum, UInt64)
  )
  ENGINE = AggregatingMergeTree
  PARTITION BY intDiv(minute, 43200)
  ORDER BY (account, region, minute, until)
  SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1
`

/** One microsecond more on both sides: times are counted as they were sent, and rows have whole microseconds. */
const touchesOfTraces = `
  SELECT account, region, minute, until, sum(cityHash64(version, trace_id)) AS touches
  FROM (
    SELECT
      account, region, version, trace_id,
      toUInt32(intDiv(greatest(first_us - 1, 0), 60000000)) AS first_minute,
      toUInt32(intDiv(greatest(last_us + 1, 0), 60000000)) AS last_minute,
      last_minute - first_minute >= ${MAX_TOUCHED_MINUTES} AS is_long,
      arrayJoin(if(is_long, [first_minute], range(first_minute, toUInt32(last_minute + 1)))) AS minute,
      if(is_long, last_minute, minute) AS until
    FROM traces
    WHERE obsolete = 0 AND first_us <= last_us
  )
  GROUP BY account, region, minute, until
`

const touchesView = `
  CREATE MATERIALIZED VIEW IF NOT EXISTS graph_touches_of_traces TO graph_touches AS ${touchesOfTraces}
`

/** The rows that were there before. Done twice it changes sums, which only makes minutes be counted again. */
const touchesBefore = `
  INSERT INTO graph_touches (account, region, minute, until, touches) ${touchesOfTraces}
`

/** The statements that make the tables of kept minutes, once. */
export const GRAPH_MINUTES_TABLES: readonly string[] = [graphMinutes, graphTouches, touchesView, touchesBefore]
