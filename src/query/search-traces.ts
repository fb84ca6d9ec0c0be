import { compileFilter } from '../filter/evaluate.ts'
import { narrow } from '../filter/narrowing.ts'
import type { TraceFacts } from '../filter/trace-facts.ts'
import { SLOW_SECONDS, summarizeIndexed } from '../model/summarize.ts'
import type { TraceHit } from '../store/store.ts'
import type { WindowBatch } from './search-window.ts'
import type { SearchedTrace, SearchEvent, SearchOrder, SearchProgress, SearchQuery } from './searches.ts'
import type { TraceFilter } from './traces.ts'

/** Between two pieces of news about how far a search is. */
const PROGRESS_SECONDS = 0.25
/** Traces that are answered together when all are known. */
const TOGETHER = 100

/** What a row has to satisfy for its trace to match. */
export function narrowingOf(filter: TraceFilter | undefined): ReturnType<typeof narrow> | undefined {
  return filter === undefined ? undefined : narrow(filter.expression)
}

/** Makes the events of a search of what a window has, a batch at a time. */
export async function* searchEvents(
  batches: AsyncIterable<WindowBatch>,
  { filter, sort, limit, toSeconds }: SearchQuery,
  now: () => number,
): AsyncGenerator<readonly SearchEvent[], void> {
  const startSeconds = now()
  const matches = filter === undefined ? () => true : compileFilter(filter.expression)
  const greatest = sort === 'start' ? undefined : new Greatest(limit)
  let [scanned, matched, upToSeconds, toldSeconds] = [0, 0, toSeconds, 0]
  const progress = (): SearchProgress => ({ scanned, matched, upToSeconds, seconds: now() - startSeconds })
  for await (const batch of batches) {
    const events: SearchEvent[] = []
    for (const { hit, facts } of batch.traces) {
      scanned += 1
      if (!matches(facts)) continue
      matched += 1
      if (greatest === undefined) events.push({ kind: 'trace', trace: searchedTrace(hit, facts, startSeconds) })
      else greatest.offer(sizeOf(facts, sort), () => searchedTrace(hit, facts, startSeconds))
      if (greatest !== undefined || matched < limit) continue
      upToSeconds = hit.timeSeconds
      yield [...events, { kind: 'end', isComplete: false, ...progress() }]
      return
    }
    upToSeconds = batch.upToSeconds
    const news = progress()
    if (news.seconds - toldSeconds >= PROGRESS_SECONDS) {
      toldSeconds = news.seconds
      events.push({ kind: 'progress', ...news })
    }
    if (events.length > 0) yield events
  }
  const traces = greatest?.descending() ?? []
  for (let from = 0; from < traces.length; from += TOGETHER) {
    yield traces.slice(from, from + TOGETHER).map((trace) => ({ kind: 'trace', trace }))
  }
  yield [{ kind: 'end', isComplete: true, ...progress() }]
}

function sizeOf(facts: TraceFacts, sort: SearchOrder): number {
  return sort === 'segments' ? segmentCount(facts) : facts.durationSeconds()
}

function segmentCount(facts: TraceFacts): number {
  return facts.index.segments.length + facts.inferred().length
}

function searchedTrace(hit: TraceHit, facts: TraceFacts, nowSeconds: number): SearchedTrace {
  const summary = summarizeIndexed(facts.index, nowSeconds, SLOW_SECONDS)
  const found = { summary, segmentCount: segmentCount(facts) }
  return hit.matchedEventSeconds === undefined ? found : { ...found, matchedEventSeconds: hit.matchedEventSeconds }
}

type Ranked = { readonly size: number; readonly order: number; readonly trace: SearchedTrace }

/** Keeps the greatest of what it is offered, and of equals those that came first; never more than twice as many. */
class Greatest {
  readonly #limit: number
  #kept: Ranked[] = []
  /** Nothing that is not greater is kept. */
  #least = -Infinity
  #offered = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  offer(size: number, make: () => SearchedTrace): void {
    if (size <= this.#least) return
    this.#kept.push({ size, order: this.#offered++, trace: make() })
    if (this.#kept.length >= 2 * this.#limit) this.#cut()
  }

  descending(): readonly SearchedTrace[] {
    this.#cut()
    return this.#kept.map(({ trace }) => trace)
  }

  #cut(): void {
    this.#kept = this.#kept.toSorted((a, b) => b.size - a.size || a.order - b.order).slice(0, this.#limit)
    if (this.#kept.length === this.#limit) this.#least = this.#kept.at(-1)?.size ?? -Infinity
  }
}
