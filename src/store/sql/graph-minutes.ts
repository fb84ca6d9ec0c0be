import type { CallCounts } from '../../model/graph/call-counts.ts'
import {
  addEdgeCounts,
  addNodeCounts,
  emptyGraph,
  type EdgeCounts,
  type EdgeKind,
  type GraphAccumulator,
  type NodeCounts,
} from '../../model/graph/graph-accumulator.ts'
import { readHistogram, type Histogram } from '../../model/graph/histogram.ts'
import { nodeKey, nodeOf } from '../../model/node.ts'
import type { ServiceId } from '../../model/summary.ts'
import { RowWriter } from '../../spool/row-writer.ts'
import type { GraphMinutes, KeptMinute } from '../graph-minutes.ts'
import type { InsertRows, SqlEngine, SqlRow } from './engine.ts'
import { GRAPH_MINUTE_COLUMNS } from './graph-minutes-tables.ts'
import { number, numbers, text } from './rows.ts'

const INSERT: InsertRows = {
  table: 'graph_minutes',
  columns: GRAPH_MINUTE_COLUMNS.map(([name]) => name).join(', '),
  structure: GRAPH_MINUTE_COLUMNS.map(([name, type]) => `${name} ${type}`).join(', '),
}

/** In `kind`: the one row that tells of the minute itself, and those of what was counted in it. */
const KINDS = { minute: 0, node: 1, call: 2, link: 3 } as const

const ROW_BYTES = 512
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

const NOTHING: Histogram = readHistogram(false, [], [])

function rowsOf(minute: KeptMinute): Buffer {
  const { nodes, edges } = minute.graph
  const to = new RowWriter((1 + nodes.size + edges.size) * ROW_BYTES)
  const none: CallCounts = { ok: 0, throttle: 0, error: 0, fault: 0, totalResponseUs: 0, responseTimes: NOTHING }
  const span = { startSeconds: 0, endSeconds: 0 }
  writeRow(to, minute, KINDS.minute, '', '', { ...span, flags: [0, 0], calls: none, other: NOTHING, aliases: [] })
  const texts = new Map<string, string>()
  for (const node of nodes.values()) {
    const source = serviceText(node.service)
    texts.set(node.key, source)
    const flags = [node.hasSegments ? 1 : 0, node.isRoot ? 1 : 0] as const
    writeRow(to, minute, KINDS.node, source, '', {
      ...node,
      flags,
      calls: node.requests,
      other: node.durations,
      aliases: [],
    })
  }
  for (const edge of edges.values()) {
    // Both nodes of an edge are in the same accumulator.
    const [source, target] = [texts.get(edge.from) ?? '', texts.get(edge.to) ?? '']
    const aliases = Array.from(edge.aliases.values(), serviceText)
    writeRow(to, minute, KINDS[edge.kind], source, target, { ...edge, flags: [0, 0], other: edge.eventAges, aliases })
  }
  return to.view()
}

type Counted = {
  readonly flags: readonly [hasSegments: 0 | 1, isRoot: 0 | 1]
  readonly startSeconds: number
  readonly endSeconds: number
  readonly calls: CallCounts
  readonly other: Histogram
  readonly aliases: readonly string[]
}

/** In the order of `GRAPH_MINUTE_COLUMNS`. */
function writeRow(to: RowWriter, minute: KeptMinute, kind: number, source: string, target: string, row: Counted): void {
  const { tenant, startSeconds, version, touches, isExact } = minute
  const { ok, throttle, error, fault, totalResponseUs, responseTimes } = row.calls
  const seen = BigInt(touches)
  to.string(tenant.account)
  to.string(tenant.region)
  to.uint32(startSeconds / 60)
  to.uint8(kind)
  to.string(source)
  to.string(target)
  to.uint64(Math.floor(version / 2 ** 32), version >>> 0)
  to.uint64(Number(seen >> 32n), Number(seen & 0xffff_ffffn))
  to.uint8(isExact ? 1 : 0)
  for (const flag of row.flags) to.uint8(flag)
  for (const value of [row.startSeconds, row.endSeconds, ok, throttle, error, fault, totalResponseUs]) to.int64(value)
  for (const { counts, isBinned } of [responseTimes, row.other]) {
    to.int64s([...counts.keys()])
    to.int64s([...counts.values()])
    to.uint8(isBinned ? 1 : 0)
  }
  to.strings(row.aliases)
}

function addRow(graph: GraphAccumulator, row: SqlRow): void {
  const source = serviceOf(text(row, 'source'))
  const calls: CallCounts = {
    ok: number(row, 'ok_count'),
    throttle: number(row, 'throttle_count'),
    error: number(row, 'error_count'),
    fault: number(row, 'fault_count'),
    totalResponseUs: number(row, 'total'),
    responseTimes: histogramOf(row, 'response_binned', 'response_keys', 'response_counts'),
  }
  const span = { startSeconds: number(row, 'first_second'), endSeconds: number(row, 'last_second') }
  const other = histogramOf(row, 'other_binned', 'other_keys', 'other_sums')
  const kind = number(row, 'kind')
  if (kind === KINDS.node) {
    const hasSegments = number(row, 'segments') === 1
    const isRoot = number(row, 'root') === 1
    const node: NodeCounts = {
      key: nodeKey(source),
      service: source,
      hasSegments,
      isRoot,
      ...span,
      requests: calls,
      durations: other,
    }
    addNodeCounts(graph, node)
    return
  }
  const names = row['names']
  const aliases = (Array.isArray(names) ? names : []).map((name) => serviceOf(String(name)))
  const edge: EdgeCounts = {
    from: nodeKey(source),
    to: nodeKey(serviceOf(text(row, 'target'))),
    kind: (kind === KINDS.link ? 'link' : 'call') satisfies EdgeKind,
    ...span,
    calls,
    eventAges: other,
    aliases: new Map(aliases.map((alias) => [nodeKey(alias), alias])),
  }
  addEdgeCounts(graph, edge)
}

function histogramOf(row: SqlRow, binned: string, keys: string, counts: string): Histogram {
  return readHistogram(number(row, binned) === 1, numbers(row, keys), numbers(row, counts))
}

/** JSON, since it keeps halves of surrogate pairs apart, which UTF-8 cannot. */
function serviceText({ name, type, accountId }: ServiceId): string {
  return JSON.stringify([name, type ?? null, accountId ?? null])
}

function serviceOf(json: string): ServiceId {
  // The table holds only what `serviceText` made.
  const [name, type, accountId] = JSON.parse(json) as readonly [string, string | null, string | null]
  return nodeOf(name, type ?? undefined, accountId ?? undefined)
}
