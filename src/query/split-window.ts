import type { GraphWindow } from '../model/graph/add-trace.ts'
import type { MinuteRange, TouchedMinute } from '../store/graph-minutes.ts'

/** A window in parts: what was counted is kept of these minutes, and has to be counted of the rest. */
export type SplitWindow = {
  readonly kept: readonly MinuteRange[]
  /** The touched minutes of what is kept. */
  readonly touched: readonly TouchedMinute[]
  /** The minutes of the rest that could be kept, if somebody counted them. */
  readonly stale: readonly TouchedMinute[]
  readonly rest: readonly GraphWindow[]
}

/** More parts than this cost more questions than they save. */
const MAX_PARTS = 40

/** The whole minutes of a window, as far as there are any. */
export function wholeMinutes({ startSeconds, endSeconds }: GraphWindow): MinuteRange | undefined {
  const range = { fromSeconds: Math.ceil(startSeconds / 60) * 60, toSeconds: Math.floor(endSeconds / 60) * 60 }
  return range.fromSeconds < range.toSeconds ? range : undefined
}

/** All minutes that a window has a part of. */
export function minutesOf({ startSeconds, endSeconds }: GraphWindow): MinuteRange {
  return { fromSeconds: Math.floor(startSeconds / 60) * 60, toSeconds: Math.ceil(endSeconds / 60) * 60 }
}

/**
 * What of a window can be taken from what is kept: its whole minutes, but for those that are touched and not current.
 * Of its first and last minute, where it has only a part of them, nothing need be counted unless they were touched.
 * `touched` are the touched ones of its minutes, ascending; absent when nothing is kept, or cannot be used.
 */
export function splitWindow(window: GraphWindow, touched?: readonly TouchedMinute[]): SplitWindow {
  const whole = wholeMinutes(window)
  if (whole === undefined || touched === undefined) return { kept: [], touched: [], stale: [], rest: [window] }
  const kept: MinuteRange[] = []
  const rest: { startSeconds: number; endSeconds: number }[] = []
  const count = (startSeconds: number, endSeconds: number): void => {
    const last = rest.at(-1)
    if (last?.endSeconds === startSeconds) last.endSeconds = endSeconds
    else if (startSeconds < endSeconds) rest.push({ startSeconds, endSeconds })
  }
  const wholeOnes = touched.filter((one) => one.startSeconds >= whole.fromSeconds && one.startSeconds < whole.toSeconds)
  const wasTouched = (minute: number): boolean => touched.some(({ startSeconds }) => startSeconds === minute)
  if (wasTouched(whole.fromSeconds - 60)) count(window.startSeconds, whole.fromSeconds)
  let from = whole.fromSeconds
  for (const { startSeconds, isCurrent } of wholeOnes) {
    if (isCurrent) continue
    if (from < startSeconds) kept.push({ fromSeconds: from, toSeconds: startSeconds })
    from = startSeconds + 60
    count(startSeconds, from)
  }
  if (from < whole.toSeconds) kept.push({ fromSeconds: from, toSeconds: whole.toSeconds })
  if (wasTouched(whole.toSeconds)) count(whole.toSeconds, window.endSeconds)
  const stale = wholeOnes.filter(({ isCurrent, isLong }) => !isCurrent && !isLong)
  if (rest.length > MAX_PARTS) return { kept: [], touched: [], stale, rest: [window] }
  return { kept, touched: wholeOnes.filter(({ isCurrent }) => isCurrent), stale, rest }
}
