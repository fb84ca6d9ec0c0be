import type { TraceRow } from './trace-row.ts'

/** Traces that are active for more minutes than this touch none, and make all of them long. */
export const MAX_TOUCHED_MINUTES = 1_440

/** The minutes in which a trace was active, by their numbers since the epoch, both included. */
export type MinuteSpan = { readonly first: number; readonly last: number; readonly isLong: boolean }

/**
 * The minutes that a row touches (`GraphMinutes`); none without spans. One microsecond more on both sides: times are
 * counted as they were sent, and rows have whole microseconds.
 */
export function touchedMinutes({ spans, lastEndUs = -Infinity }: TraceRow): MinuteSpan | undefined {
  if (spans.length === 0) return undefined
  let firstUs = Infinity
  let lastUs = lastEndUs
  for (const { startUs, endUs = startUs } of spans) {
    firstUs = Math.min(firstUs, startUs)
    lastUs = Math.max(lastUs, startUs, endUs)
  }
  const [first, last] = [minuteOf(firstUs - 1), minuteOf(lastUs + 1)]
  return { first, last, isLong: last - first >= MAX_TOUCHED_MINUTES }
}

const minuteOf = (us: number): number => Math.floor(Math.max(0, us) / 60e6)
