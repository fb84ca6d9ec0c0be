import { emptyGraph, type GraphAccumulator } from '../../model/graph/graph-accumulator.ts'
import type { GraphMinutes } from '../graph-minutes.ts'
import type { InsertRows, SqlEngine } from './engine.ts'
import { addRow, KINDS, rowsOf } from './graph-minute-rows.ts'
import { GRAPH_MINUTE_COLUMNS } from './graph-minutes-tables.ts'
import { number, text } from './rows.ts'

const INSERT: InsertRows = {
  table: 'graph_minutes',
  columns: GRAPH_MINUTE_COLUMNS.map(([name]) => name).join(', '),
  structure: GRAPH_MINUTE_COLUMNS.map(([name, type]) => `${name} ${type}`).join(', '),
}

const MOST = Number.MAX_SAFE_INTEGER
const OF_TENANT = 'account = {account:String} AND region = {region:String}'
const IN_RANGE = 'minute >= {from:UInt32} AND minute < {to:UInt32}'

const TOUCHED = `
  SELECT minute, toString(touches) AS touched, touches = seen AND exact = 1 AS current
  FROM (
    SELECT minute, sum(touches) AS touches
    FROM graph_touches
    WHERE ${OF_TENANT} AND ${IN_RANGE} AND until = minute
    GROUP BY minute
  ) AS t
  LEFT JOIN (
    SELECT minute, argMax(seen, version) AS seen, argMax(exact, version) AS exact
    FROM graph_minutes
    WHERE ${OF_TENANT} AND ${IN_RANGE} AND kind = ${KINDS.minute}
    GROUP BY minute
  ) AS k USING (minute)
  ORDER BY minute
`

const LONG = `
  SELECT DISTINCT minute, until
  FROM graph_touches
  WHERE ${OF_TENANT} AND until > minute AND minute < {to:UInt32} AND until >= {from:UInt32}
`

const STALE = `
  SELECT account, region, minute
  FROM (
    SELECT account, region, minute, sum(touches) AS touches
    FROM graph_touches
    WHERE until = minute
    GROUP BY account, region, minute
  ) AS t
  LEFT JOIN (
    SELECT account, region, minute, argMax(seen, version) AS seen
    FROM graph_minutes
    WHERE kind = ${KINDS.minute}
    GROUP BY account, region, minute
  ) AS k USING (account, region, minute)
  WHERE touches != seen
  ORDER BY minute DESC
  LIMIT {limit:UInt32}
`

/** What is kept of a minute are the rows of its greatest version, which came with the row that tells of it. */
const READ = `
  SELECT
    if({period:UInt32} = 0, 0, intDiv(minute, {period:UInt32}) * {period:UInt32}) AS start, kind, source, target,
    max(has_segments) AS segments, max(is_root) AS root, min(first) AS first_second, max(last) AS last_second,
    sum(ok) AS ok_count, sum(throttle) AS throttle_count, sum(error) AS error_count, sum(fault) AS fault_count,
    toInt64(least(sum(toInt128(total_us)), toInt128(${MOST}))) AS total,
    sumMap(times, time_counts) AS response, response.1 AS response_keys, response.2 AS response_counts,
    max(times_binned) AS response_binned,
    sumMap(others, other_counts) AS other, other.1 AS other_keys, other.2 AS other_sums, max(others_binned) AS other_binned,
    groupUniqArrayArray(aliases) AS names
  FROM graph_minutes
  WHERE ${OF_TENANT} AND ${IN_RANGE} AND kind != ${KINDS.minute}
    AND arrayExists((f, t) -> minute >= f AND minute < t, {froms:Array(UInt32)}, {tos:Array(UInt32)})
    AND (minute, version) IN (
      SELECT minute, max(version)
      FROM graph_minutes
      WHERE ${OF_TENANT} AND ${IN_RANGE} AND kind = ${KINDS.minute}
      GROUP BY minute
    )
  GROUP BY start, kind, source, target
`

/** The minutes over ClickHouse's SQL. The engine belongs to the store, whose migrations make the tables. */
export function createSqlGraphMinutes(engine: SqlEngine): GraphMinutes {
  return {
    async touched(tenant, range, signal) {
      const params = { ...tenant, from: minuteOf(range.fromSeconds), to: minuteOf(range.toSeconds) }
      const minutes = new Map<number, { touches: string; isCurrent: boolean; isLong: boolean }>()
      for (const row of await engine.query(TOUCHED, params, signal)) {
        const isCurrent = number(row, 'current') === 1
        minutes.set(number(row, 'minute'), { touches: text(row, 'touched'), isCurrent, isLong: false })
      }
      for (const row of await engine.query(LONG, params, signal)) {
        const last = Math.min(number(row, 'until'), params.to - 1)
        for (let minute = Math.max(number(row, 'minute'), params.from); minute <= last; minute++) {
          minutes.set(minute, { touches: minutes.get(minute)?.touches ?? '0', isCurrent: false, isLong: true })
        }
      }
      return Array.from(minutes, ([minute, state]) => ({ startSeconds: minute * 60, ...state })).toSorted(
        (a, b) => a.startSeconds - b.startSeconds,
      )
    },

    async stale(limit) {
      const rows = await engine.query(STALE, { limit })
      return rows.map((row) => ({
        tenant: { account: text(row, 'account'), region: text(row, 'region') },
        startSeconds: number(row, 'minute') * 60,
      }))
    },

    async replace(minute) {
      // One block of one partition, and so all or none of the rows.
      await engine.insertBytes(rowsOf(minute), INSERT)
    },

    async read(tenant, ranges, periodSeconds, signal) {
      const graphs = new Map<number, GraphAccumulator>()
      const bounded = ranges.map(({ fromSeconds, toSeconds }) => [minuteOf(fromSeconds), minuteOf(toSeconds)] as const)
      const froms = bounded.map(([from]) => from)
      const tos = bounded.map(([, to]) => to)
      if (froms.length === 0) return graphs
      const [from, to, period] = [Math.min(...froms), Math.max(...tos), (periodSeconds ?? 0) / 60]
      for (const row of await engine.query(READ, { ...tenant, froms, tos, from, to, period }, signal)) {
        const start = number(row, 'start') * 60
        const graph = graphs.get(start) ?? emptyGraph()
        graphs.set(start, graph)
        addRow(graph, row)
      }
      return graphs
    },

    clear: () => engine.run('TRUNCATE TABLE graph_minutes'),
  }
}

/** As the column holds it. */
function minuteOf(seconds: number): number {
  return Math.max(0, Math.min(2 ** 32 - 1, Math.floor(seconds / 60)))
}
