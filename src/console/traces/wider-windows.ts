import { readWindow, windowEnds, type TimeWindow } from '../data/time-window.ts'

const AGES = ['1h', '6h', '24h', '7d', '30d']

/** Longer times that hold a window: its neighbours among the usual ones; of one that has ended, as far before its end. */
export function widerWindows(window: TimeWindow, nowMs: number): readonly TimeWindow[] {
  const { fromMs, toMs } = windowEnds(window, nowMs)
  const longer = AGES.flatMap((age) => {
    const read = readWindow(age)
    return read?.kind === 'last' && read.seconds * 1_000 > toMs - fromMs ? [read] : []
  })
  // From a short time six hours are the step that usually finds something, so they are always among the first two.
  const chosen = longer.length > 4 ? longer.slice(1, 3) : longer.slice(0, 2)
  return window.kind === 'last'
    ? chosen
    : chosen.map((age) => ({ kind: 'between', fromMs: toMs - age.seconds * 1_000, toMs }))
}
