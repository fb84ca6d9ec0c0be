import type { CallCounts } from '../../model/graph/call-counts.ts'
import {
  addEdgeCounts,
  addNodeCounts,
  type EdgeCounts,
  type EdgeKind,
  type GraphAccumulator,
  type NodeCounts,
} from '../../model/graph/graph-accumulator.ts'
import { readHistogram, type Histogram } from '../../model/graph/histogram.ts'
import { nodeKey, nodeOf } from '../../model/node.ts'
import type { ServiceId } from '../../model/summary.ts'
import { RowWriter } from '../../spool/row-writer.ts'
import type { KeptMinute } from '../graph-minutes.ts'
import type { SqlRow } from './engine.ts'
import { number, numbers, text } from './rows.ts'

/** In `kind`: the one row that tells of the minute itself, and those of what was counted in it. */
export const KINDS = { minute: 0, node: 1, call: 2, link: 3 } as const

const ROW_BYTES = 512

const NOTHING: Histogram = readHistogram(false, [], [])

/** A minute as `RowBinary`. */
export function rowsOf(minute: KeptMinute): Buffer {
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

/** Adds a row that `READ` answers. */
export function addRow(graph: GraphAccumulator, row: SqlRow): void {
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
