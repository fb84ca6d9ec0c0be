import { emptyGraph, mergeInto, type GraphAccumulator } from '../../model/graph/graph-accumulator.ts'
import type { Tenant } from '../../model/tenant.ts'
import type { GraphMinutes, KeptMinute, MinuteRange, TouchedMinute } from '../graph-minutes.ts'
import { touchedMinutes } from '../touched-minutes.ts'
import type { TraceRow } from '../trace-row.ts'

type MinutesOfTenant = {
  readonly tenant: Tenant
  /** By the number of the minute, how often it was touched. */
  readonly touches: Map<number, number>
  /** First and last minute of traces that go on for too long. */
  readonly long: (readonly [first: number, last: number])[]
  readonly kept: Map<number, KeptMinute>
}

/** The minutes beside a memory store, which tells them of the rows that it stores. */
export type MemoryGraphMinutes = GraphMinutes & { readonly onRows: (rows: readonly TraceRow[]) => void }

/** The contract with nothing but maps. */
export function createMemoryGraphMinutes(): MemoryGraphMinutes {
  const tenants = new Map<string, MinutesOfTenant>()
  const of = (tenant: Tenant): MinutesOfTenant => {
    const key = JSON.stringify([tenant.account, tenant.region])
    const known = tenants.get(key)
    if (known !== undefined) return known
    const made = { tenant: { ...tenant }, touches: new Map(), long: [], kept: new Map() }
    tenants.set(key, made)
    return made
  }

  return {
    onRows(rows) {
      for (const row of rows) touch(of(row.tenant), row)
    },

    async touched(tenant, range, signal) {
      signal?.throwIfAborted()
      return touchedIn(of(tenant), range)
    },

    async stale(limit) {
      const always = { fromSeconds: 0, toSeconds: Infinity }
      return [...tenants.values()]
        .flatMap((minutes) => {
          const stale = touchedIn(minutes, always).filter(({ startSeconds, touches }) => {
            return minutes.kept.get(startSeconds / 60)?.touches !== touches
          })
          return stale.map(({ startSeconds }) => ({ tenant: minutes.tenant, startSeconds }))
        })
        .toSorted((a, b) => b.startSeconds - a.startSeconds)
        .slice(0, limit)
    },

    async replace(minute) {
      const { kept } = of(minute.tenant)
      const number = minute.startSeconds / 60
      const before = kept.get(number)
      if (before !== undefined && before.version > minute.version) return
      kept.set(number, { ...minute, graph: mergeInto(emptyGraph(), minute.graph) })
    },

    async read(tenant, ranges, periodSeconds, signal) {
      signal?.throwIfAborted()
      const graphs = new Map<number, GraphAccumulator>()
      for (const { startSeconds, graph } of of(tenant).kept.values()) {
        if (!ranges.some(({ fromSeconds, toSeconds }) => startSeconds >= fromSeconds && startSeconds < toSeconds))
          continue
        if (graph.nodes.size === 0) continue
        const period = periodSeconds === undefined ? 0 : Math.floor(startSeconds / periodSeconds) * periodSeconds
        graphs.set(period, mergeInto(graphs.get(period) ?? emptyGraph(), graph))
      }
      return graphs
    },

    async clear() {
      for (const { kept } of tenants.values()) kept.clear()
    },
  }
}

function touch({ touches, long }: MinutesOfTenant, row: TraceRow): void {
  const span = touchedMinutes(row)
  if (span === undefined) return
  const { first, last, isLong } = span
  if (isLong) long.push([first, last])
  else for (let minute = first; minute <= last; minute++) touches.set(minute, (touches.get(minute) ?? 0) + 1)
}

function touchedIn({ touches, long, kept }: MinutesOfTenant, range: MinuteRange): readonly TouchedMinute[] {
  const [from, to] = [range.fromSeconds / 60, range.toSeconds / 60]
  const isLong = (minute: number): boolean => long.some(([first, last]) => minute >= first && minute <= last)
  const numbers = new Set([...touches.keys()].filter((minute) => minute >= from && minute < to))
  for (const [first, last] of long) {
    for (let minute = Math.max(first, from); minute <= last && minute < to; minute++) numbers.add(minute)
  }
  return [...numbers]
    .toSorted((a, b) => a - b)
    .map((minute) => {
      const count = String(touches.get(minute) ?? 0)
      const known = kept.get(minute)
      const isCurrent = !isLong(minute) && known?.isExact === true && known.touches === count
      return { startSeconds: minute * 60, touches: count, isCurrent, isLong: isLong(minute) }
    })
}
