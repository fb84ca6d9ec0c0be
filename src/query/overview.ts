import { compileFilter } from '../filter/evaluate.ts'
import type { TraceFacts } from '../filter/trace-facts.ts'
import { createFacetCounter, type Facet } from './overview-facets.ts'
import type { WindowBatch } from './search-window.ts'
import type { SummaryWindow, TraceFilter } from './traces.ts'

/** What an overview is about. */
export type OverviewQuery = SummaryWindow & {
  readonly filter?: TraceFilter
  /** Columns of the heat map, from the start of the window to its end. */
  readonly columns: number
  /** How many traces are looked at, the newest ones. */
  readonly limit: number
}

/** Traces that began in one column and took as long as one row says. One trace can be throttled, an error and a fault. */
export type HeatCell = {
  readonly column: number
  readonly row: number
  readonly traces: number
  readonly faults: number
  readonly errors: number
  readonly throttles: number
}

/** What the matching traces of a window have in common, and how long they took over time. */
export type TraceOverview = {
  /** Traces that were put together and asked; those that their rows ruled out are not among them. */
  readonly scanned: number
  readonly matched: number
  /** Whether the whole window was looked at. */
  readonly isComplete: boolean
  /** The trace time, epoch seconds, down to which everything has been looked at. */
  readonly upToSeconds: number
  /** The lower bounds of the rows of the heat map, up to the highest that has a trace. */
  readonly rowSeconds: readonly number[]
  /** Those that have a trace, by column, then by row. */
  readonly cells: readonly HeatCell[]
  readonly facets: readonly Facet[]
}

/** Nobody who changes a filter wants to wait longer; what has been found by then is answered. */
const MAX_SECONDS = 3
const FIRST_ROW_SECONDS = 0.001
/** The last row begins at 17 years. */
const MAX_ROWS = 40

/**
 * Looks through a window until the limit or the time is reached. The time is asked after each trace, but those of one
 * batch have been read together.
 */
export async function overviewOf(
  batches: AsyncIterable<WindowBatch>,
  query: OverviewQuery,
  now: () => number,
): Promise<TraceOverview> {
  const startSeconds = now()
  const matches = query.filter === undefined ? () => true : compileFilter(query.filter.expression)
  const heat = createHeat(query)
  const counter = createFacetCounter()
  let [scanned, matched, upToSeconds] = [0, 0, query.toSeconds]
  const isOver = (): boolean => now() - startSeconds >= MAX_SECONDS
  const answer = (isComplete: boolean): TraceOverview => {
    return { scanned, matched, isComplete, upToSeconds, ...heat.read(), facets: counter.facets() }
  }
  for await (const batch of batches) {
    for (const { hit, facts } of batch.traces) {
      if (scanned === query.limit || (scanned > 0 && isOver())) return answer(false)
      scanned += 1
      upToSeconds = hit.timeSeconds
      if (!matches(facts)) continue
      matched += 1
      heat.add(facts)
      counter.add(facts)
    }
    upToSeconds = batch.upToSeconds
    if (upToSeconds > query.fromSeconds && isOver()) return answer(false)
  }
  return answer(true)
}

type Heat = {
  readonly add: (facts: TraceFacts) => void
  readonly read: () => Pick<TraceOverview, 'rowSeconds' | 'cells'>
}

/** What began outside of the window, as it can when the window is not one of trace times, goes to its first or last column. */
function createHeat({ fromSeconds, toSeconds, columns }: OverviewQuery): Heat {
  const cells = new Map<number, { -readonly [Member in keyof HeatCell]: HeatCell[Member] }>()
  const columnOf = (seconds: number): number => {
    const column = Math.floor(((seconds - fromSeconds) / (toSeconds - fromSeconds)) * columns)
    return Math.min(Math.max(column, 0), columns - 1)
  }
  let rows = 0
  return {
    add(facts) {
      const { startTime, duration, hasFault, hasError, hasThrottle } = facts.summary()
      const column = columnOf(startTime)
      const row = rowOf(duration)
      const key = row * columns + column
      let cell = cells.get(key)
      if (cell === undefined) {
        cells.set(key, (cell = { column, row, traces: 0, faults: 0, errors: 0, throttles: 0 }))
        rows = Math.max(rows, row + 1)
      }
      cell.traces += 1
      if (hasFault) cell.faults += 1
      if (hasError) cell.errors += 1
      if (hasThrottle) cell.throttles += 1
    },
    read: () => ({
      rowSeconds: Array.from({ length: rows }, (_, row) => lowerBound(row)),
      cells: [...cells.values()].toSorted((a, b) => a.column - b.column || a.row - b.row),
    }),
  }
}

const lowerBound = (row: number): number => FIRST_ROW_SECONDS * 2 ** row

/** The last row whose lower bound is not above; the first row has no other below it. Absurd durations, which are legal, are in the last. */
function rowOf(durationSeconds: number): number {
  let row = 0
  while (row < MAX_ROWS - 1 && lowerBound(row + 1) <= durationSeconds) row += 1
  return row
}
