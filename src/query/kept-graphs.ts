import { emptyGraph, graphValues, mergeInto, type GraphAccumulator } from '../model/graph/graph-accumulator.ts'
import type { Tenant } from '../model/tenant.ts'
import type { GraphMinutes, MinuteRange, TouchedMinute } from '../store/graph-minutes.ts'

/**
 * What is kept of ranges of minutes, merged. `touched` are the touched minutes there, all of them current. The answer is
 * remembered, and MUST NOT be changed.
 */
export type ReadKept = (
  tenant: Tenant,
  ranges: readonly MinuteRange[],
  touched: readonly TouchedMinute[],
  signal?: AbortSignal,
) => Promise<GraphAccumulator>

/** The lengths of blocks that are remembered: whoever looks at the last hour again finds nearly all of it. */
const BLOCK_SECONDS = [3_600, 600, 60] as const
/** All histograms that are remembered have together so many values, at some dozen bytes each. */
const MAX_VALUES = 1_200_000

type Block = MinuteRange & { readonly key: string }
type Remembered = { readonly graph: GraphAccumulator; readonly values: number }

/** Reads kept minutes, and remembers them merged in blocks for as long as they are not touched. */
export function createKeptGraphs(minutes: GraphMinutes, maxValues = MAX_VALUES): ReadKept {
  const remembered = new Map<string, Remembered>()
  let values = 0

  const remember = (key: string, graph: GraphAccumulator): void => {
    const entry = { graph, values: graphValues(graph) }
    values += entry.values - (remembered.get(key)?.values ?? 0)
    remembered.set(key, entry)
    for (const [oldest, { values: freed }] of remembered) {
      if (values <= maxValues) break
      remembered.delete(oldest)
      values -= freed
    }
  }

  const recall = (key: string): GraphAccumulator | undefined => {
    const entry = remembered.get(key)
    if (entry === undefined) return undefined
    remembered.delete(key)
    remembered.set(key, entry)
    return entry.graph
  }

  let last: { readonly key: string; readonly graph: GraphAccumulator } | undefined

  return async (tenant, ranges, touched, signal) => {
    const blocks = BLOCK_SECONDS.map((seconds) => ({ seconds, blocks: blocksOf(tenant, ranges, touched, seconds) }))
    const wholeKey = blocks.flatMap((some) => some.blocks.map(({ key }) => key)).join('\n')
    // Who looks at a map asks for the same minutes again and again, and merging them takes longer than all else.
    if (last?.key === wholeKey) return last.graph
    const all = emptyGraph()
    const reads = blocks.map(async ({ seconds, blocks: some }) => {
      const missing: Block[] = []
      for (const block of some) {
        const graph = recall(block.key)
        if (graph === undefined) missing.push(block)
        else mergeInto(all, graph)
      }
      if (missing.length === 0) return
      const read = await minutes.read(tenant, missing, seconds, signal)
      for (const { fromSeconds, key } of missing) {
        const graph = read.get(fromSeconds) ?? emptyGraph()
        mergeInto(all, graph)
        remember(key, graph)
      }
    })
    await Promise.all(reads)
    last = { key: wholeKey, graph: all }
    return all
  }
}

/** The blocks of one length, as long as none of the longer ones would hold them; those in which nothing was are left out. */
function blocksOf(
  tenant: Tenant,
  ranges: readonly MinuteRange[],
  touched: readonly TouchedMinute[],
  seconds: number,
): readonly Block[] {
  const longer = BLOCK_SECONDS.filter((length) => length > seconds)
  const touches = new Map<number, string[]>()
  for (const { startSeconds, touches: text } of touched) {
    const start = Math.floor(startSeconds / seconds) * seconds
    const isInside = (length: number): boolean => {
      const from = Math.floor(startSeconds / length) * length
      return ranges.some((range) => range.fromSeconds <= from && from + length <= range.toSeconds)
    }
    if (!isInside(seconds) || longer.some(isInside)) continue
    const known = touches.get(start)
    if (known === undefined) touches.set(start, [text])
    else known.push(text)
  }
  return Array.from(touches, ([fromSeconds, texts]) => {
    const key = [tenant.account, tenant.region, seconds, fromSeconds, ...texts].join(' ')
    return { fromSeconds, toSeconds: fromSeconds + seconds, key }
  })
}
