import type { TimeWindow } from '../data/time-window.ts'
import { windowEnds } from '../data/time-window.ts'
import { secondsOfId } from '../data/trace-row.ts'
import { formatDuration } from '../words/format-duration.ts'
import { isStreamed, orderWords, type ListOrder } from './list-order.ts'
import type { SearchState } from './trace-search.ts'

/** The share of a window that a search has looked at, 0 to 1. */
export function scannedShare(state: SearchState, window: TimeWindow): number {
  if (state.phase === 'complete') return 1
  // Before the server has told, the oldest row does: they come the newest first, or at the end.
  const upTo = state.progress?.upTo ?? (state.rows.length === 0 ? undefined : secondsOfId(state.rows.at(-1)?.id ?? ''))
  if (upTo === undefined) return 0
  const { fromMs, toMs } = windowEnds(window, state.startedMs)
  const share = (toMs - upTo * 1_000) / (toMs - fromMs)
  return Math.min(0.999, Math.max(0, share))
}

/** One line of truth: how many match, what was looked at, in which order (console §4.5). */
export function listTruth(state: SearchState, window: TimeWindow, order: ListOrder): string {
  const { phase } = state
  const scanned = `scanned ${percent(scannedShare(state, window))} of ${lengthWords(window)}`
  if (phase === 'failed' && state.rows.length === 0) return 'The search failed'
  const ended = phase === 'stopped' ? ['stopped'] : phase === 'failed' ? ['broke off'] : []
  return [foundWords(state, order), ...ended, scanned, orderWords(order)].join(' · ')
}

function foundWords({ phase, rows, progress }: SearchState, order: ListOrder): string {
  const shown = rows.length.toLocaleString('en')
  const matched = Math.max(rows.length, progress?.matched ?? 0)
  const count = matched.toLocaleString('en')
  if (phase === 'limited') return `The ${isStreamed(order) ? 'newest' : 'first'} ${shown} that match`
  if (phase !== 'complete') return `${isStreamed(order) ? shown : count} match so far`
  if (matched === 0) return 'Nothing matches'
  return `${count} ${matched === 1 ? 'matches' : 'match'}${matched > rows.length ? `, the first ${shown} are listed` : ''}`
}

/** `100 %`; less than everything is never called that. */
export function percent(share: number): string {
  if (share >= 1) return '100 %'
  return share > 0 && share < 0.01 ? '< 1 %' : `${Math.floor(share * 100)} %`
}

/** `15 min`, `6 h`; of a window between two times, how long it is. */
export function lengthWords(window: TimeWindow): string {
  const { fromMs, toMs } = windowEnds(window, 0)
  const seconds = (toMs - fromMs) / 1_000
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
  ] as const) {
    if (seconds >= length && seconds % length === 0) return `${seconds / length} ${unit}`
  }
  return formatDuration(seconds)
}
