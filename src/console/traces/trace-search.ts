import { searchTraces, type TracesQuestion } from '../data/search-traces.ts'
import { secondsOfId, type TraceRow } from '../data/trace-row.ts'
import type { OwnProgressLine } from '../../wire/own/traces.ts'

/** How a search stands. `complete`: everything was looked at. `limited`: there are more, which were not asked for. */
export type SearchState = {
  readonly phase: 'running' | 'complete' | 'limited' | 'stopped' | 'failed'
  /** As they came. */
  readonly rows: readonly TraceRow[]
  readonly progress?: OwnProgressLine
  readonly error?: unknown
  /** Epoch milliseconds. */
  readonly startedMs: number
}

/** A search that goes on by itself, and tells whoever subscribes. */
export type TraceSearch = {
  readonly getState: () => SearchState
  readonly subscribe: (listener: () => void) => () => void
  /** Ends it; what came stays. */
  readonly stop: () => void
  /** Goes on where the limit ended it. */
  readonly more: () => void
  /** Asks again for traces that were in progress. */
  readonly refreshRows: (rows: readonly TraceRow[]) => Promise<void>
}

/** Rows are shown at most so often; the first ones at once. */
const FLUSH_MS = 120
/** Traces in progress are asked for second by second of their ids: at most so many a time. */
const MOST_SECONDS = 8
/** Past this, `sort` other than by start is refused. */
const MOST_SORTED = 5_000

/** Starts a search. */
export function startSearch(question: TracesQuestion, nowMs: () => number = Date.now): TraceSearch {
  const listeners = new Set<() => void>()
  let state: SearchState = { phase: 'running', rows: [], startedMs: nowMs() }
  let aborted = new AbortController()
  const set = (change: Partial<SearchState>): void => {
    state = { ...state, ...change }
    for (const listener of listeners) listener()
  }
  const run = async (asked: TracesQuestion, before: readonly TraceRow[]): Promise<void> => {
    const { signal } = aborted
    const known = new Set(before.map((row) => row.id))
    const batch = batcher(before, set)
    try {
      const end = await searchTraces(asked, signal, ({ rows, progress }) => {
        batch.add(
          rows.filter((row) => !known.has(row.id)),
          progress,
        )
      })
      batch.flush()
      set({ phase: end.complete === true ? 'complete' : 'limited', progress: end })
    } catch (error) {
      if (signal.aborted) return
      batch.flush()
      set({ phase: 'failed', error })
    }
  }
  void run(question, [])
  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    stop: () => {
      aborted.abort()
      if (state.phase === 'running') set({ phase: 'stopped' })
    },
    more: () => {
      aborted = new AbortController()
      set({ phase: 'running' })
      const next = nextQuestion(question, state)
      void run(next.question, next.before)
    },
    refreshRows: async (rows) => {
      const fresh = await askAgain(rows)
      if (fresh.size === 0) return
      set({ rows: state.rows.map((row) => fresh.get(row.id) ?? row) })
    },
  }
}

/** Of lists by start, what is older; of others, more of the greatest, which are looked for anew. */
function nextQuestion(
  question: TracesQuestion,
  { rows, progress }: SearchState,
): { readonly question: TracesQuestion; readonly before: readonly TraceRow[] } {
  if (question.sort !== 'start' || progress === undefined) {
    return { question: { ...question, limit: MOST_SORTED }, before: [] }
  }
  // Traces are ordered by whole seconds; of the one that the limit cut, some are known already.
  const last = Math.floor(progress.upTo)
  const again = rows.filter((row) => secondsOfId(row.id) === last).length
  return { question: { ...question, to: String(last + 1), limit: question.limit + again }, before: rows }
}

function batcher(before: readonly TraceRow[], set: (change: Partial<SearchState>) => void) {
  const rows = [...before]
  let progress: OwnProgressLine | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let isFirst = true
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    set({ rows: [...rows], ...(progress === undefined ? {} : { progress }) })
  }
  return {
    flush,
    add: (found: readonly TraceRow[], now: OwnProgressLine | undefined): void => {
      rows.push(...found)
      progress = now ?? progress
      if (isFirst && found.length > 0) flush()
      else timer ??= setTimeout(flush, FLUSH_MS)
      isFirst &&= found.length === 0
    },
  }
}

/** As they are now: the store is asked for the seconds that they began in. */
async function askAgain(rows: readonly TraceRow[]): Promise<ReadonlyMap<string, TraceRow>> {
  const wanted = new Map(rows.map((row) => [row.id, row]))
  const seconds = [...new Set(rows.map((row) => secondsOfId(row.id)))].slice(0, MOST_SECONDS)
  const fresh = new Map<string, TraceRow>()
  const keep = ({ rows: found }: { readonly rows: readonly TraceRow[] }): void => {
    for (const row of found) {
      const before = wanted.get(row.id)
      if (before !== undefined && (row.revision !== before.revision || row.duration !== before.duration)) {
        fresh.set(row.id, row)
      }
    }
  }
  for (const second of seconds) {
    const span = { from: String(second), to: String(second + 1) }
    const question = { filter: '', dialect: 'aws', ...span, sort: 'start', limit: 1_000 } as const
    try {
      await searchTraces(question, AbortSignal.timeout(5_000), keep)
    } catch {
      // What is in progress is asked for again soon; the list itself says what is wrong with the server.
      break
    }
  }
  return fresh
}
