import { compileFilter } from '../filter/evaluate.ts'
import { narrow } from '../filter/narrowing.ts'
import { traceFacts } from '../filter/trace-facts.ts'
import { SLOW_SECONDS, summarizeIndexed } from '../model/summarize.ts'
import type { Tenant } from '../model/tenant.ts'
import { indexTrace } from '../model/trace-index.ts'
import type { TraceHit, TracePosition, TraceStore } from '../store/store.ts'
import type { TraceReader } from './read-traces.ts'
import type { FindSummaries, FoundSummary, SummaryPage } from './traces.ts'

/**
 * Traces that are put together and looked at, at a time: growing, so that the first are there at once. Whatever its size,
 * a batch takes some 10 ms to begin: when one has found nothing, the next is much larger.
 */
const FIRST_BATCH = 8
const MAX_BATCH = 200
const GROWTH = 2
const GROWTH_WHEN_NOTHING = 3
/** An answer goes back after so long, whatever has been found (spec/query §2.2). */
const MAX_SCAN_MS = 2_000
/**
 * The first page goes back about then when it has anything: who looks at the screen wants to see it, and asks for more.
 * Further pages are larger, so that the whole list does not take longer.
 */
const FIRST_PAGE_MS = 25
const PAGE_MS = 1_000
/** Fewer are not worth asking the store once more. */
const MIN_BATCH = 5

/** What a scan needs. */
export type ScanParts = {
  readonly store: Pick<TraceStore, 'findTraces'>
  readonly reader: TraceReader
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number
}

/**
 * One page: traces are found by their rows, which can only rule out, then put together and asked (docs/adr/008). A trace
 * that disappears in between is left out.
 */
export async function scanTraces(
  { store, reader, nowMs }: ScanParts,
  tenant: Tenant,
  { filter, keeps, limit, scanLimit = Infinity, ...window }: FindSummaries,
  signal?: AbortSignal,
): Promise<SummaryPage> {
  const startMs = nowMs()
  const matches = filter === undefined ? () => true : compileFilter(filter.expression)
  const narrowing = filter === undefined ? {} : { narrowing: narrow(filter.expression) }
  const read = filter?.needsWholeDocuments === true ? reader.whole : reader.outlined
  // Where nothing but the trace's time selects, its documents say whether it is found under the right one.
  const mayBeOutdated = window.kind === 'trace-time' && filter !== undefined
  const summaries: FoundSummary[] = []
  let scanned = 0
  let after: TracePosition | undefined = window.after
  const isFirst = after === undefined
  let size = filter === undefined && keeps === undefined ? limit : isFirst ? FIRST_BATCH : MAX_BATCH
  do {
    const batch = Math.min(MAX_BATCH, scanLimit - scanned, size)
    // One more than asked for tells whether there is a next page, without a second question.
    const position = after === undefined ? {} : { after }
    const query = { ...window, ...narrowing, ...position, limit: batch + 1 }
    const found = await store.findTraces(tenant, { ...query, mayBeOutdated }, signal)
    const hits = found.slice(0, batch)
    const kept = keeps === undefined ? hits : hits.filter(({ id }) => keeps(id))
    const traces = await read(
      tenant,
      kept.map(({ id }) => id),
      signal,
    )
    const isElsewhere = ({ id, timeSeconds }: TraceHit): boolean =>
      mayBeOutdated && traces.has(id) && traces.get(id)?.rowTimeSeconds !== timeSeconds
    // Its row may not have been written since: the rows say whether it is still listed here.
    const listed = hits.some(isElsewhere) ? await store.findTraces(tenant, query, signal) : []
    for (const hit of hits) {
      const { id, timeSeconds, matchedEventSeconds } = hit
      scanned += 1
      after = { timeSeconds, id }
      const trace = traces.get(id)
      if (trace === undefined) continue
      if (isElsewhere(hit) && !listed.some((one) => one.id === id && one.timeSeconds === timeSeconds)) continue
      const index = indexTrace(trace)
      if (!matches(traceFacts(index, { nowSeconds: startMs / 1000, slowSeconds: SLOW_SECONDS }))) continue
      const summary = summarizeIndexed(index, startMs / 1000, SLOW_SECONDS)
      summaries.push(matchedEventSeconds === undefined ? { summary } : { summary, matchedEventSeconds })
      if (summaries.length === limit) break
    }
    if (found.length === 0 || after?.id === found.at(-1)?.id) return { summaries, scanned }
    size = nextSize({ size, scanned, found: summaries.length, tookMs: nowMs() - startMs, isFirst })
  } while (summaries.length < limit && scanned < scanLimit && size >= MIN_BATCH)
  return { summaries, scanned, ...(after === undefined ? {} : { next: after }) }
}

type Progress = {
  readonly size: number
  readonly scanned: number
  readonly found: number
  readonly tookMs: number
  readonly isFirst: boolean
}

/** How many traces to look at next; none when it is time to answer. */
function nextSize({ size, scanned, found, tookMs, isFirst }: Progress): number {
  const grown = Math.min(MAX_BATCH, size * (found === 0 ? GROWTH_WHEN_NOTHING : GROWTH))
  if (found === 0) return tookMs < MAX_SCAN_MS ? grown : 0
  const untilMs = isFirst ? FIRST_PAGE_MS : PAGE_MS
  return Math.min(grown, Math.floor((untilMs - tookMs) / Math.max(0.01, tookMs / scanned)))
}
