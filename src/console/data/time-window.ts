/** The time that a page looks at, as its URL says it (console §4.2, `t`). */
export type TimeWindow =
  | { readonly kind: 'last'; readonly seconds: number; readonly text: string }
  | { readonly kind: 'between'; readonly fromMs: number; readonly toMs: number }

/** What a page looks at when its URL does not say. */
export const DEFAULT_WINDOW = '15m'

const AGE = /^(\d{1,6})([smhdw])$/
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }

/** Reads `15m`, `2h`, `7d`, or two ISO times joined by `~`. Undefined when the text is neither, or ends before it begins. */
export function readWindow(text: string): TimeWindow | undefined {
  const age = AGE.exec(text)
  if (age !== null) {
    const seconds = Number(age[1]) * (UNIT_SECONDS[age[2] ?? ''] ?? 0)
    return seconds > 0 ? { kind: 'last', seconds, text } : undefined
  }
  const [from, to, more] = text.split('~')
  if (from === undefined || to === undefined || more !== undefined) return undefined
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)]
  return fromMs < toMs ? { kind: 'between', fromMs, toMs } : undefined
}

/** The window of a URL's `t`; the default where it says nothing, or nonsense. */
export function windowOf(t: string | undefined): TimeWindow {
  return readWindow(t ?? DEFAULT_WINDOW) ?? { kind: 'last', seconds: 900, text: DEFAULT_WINDOW }
}

/** As `readWindow` reads it. */
export function writeWindow(window: TimeWindow): string {
  return window.kind === 'last'
    ? window.text
    : `${new Date(window.fromMs).toISOString()}~${new Date(window.toMs).toISOString()}`
}

/** Its ends, in epoch milliseconds. */
export function windowEnds(window: TimeWindow, nowMs: number): { readonly fromMs: number; readonly toMs: number } {
  return window.kind === 'between' ? window : { fromMs: nowMs - window.seconds * 1_000, toMs: nowMs }
}

/** `from` and `to` as our own endpoints take them (docs/own-api.md); an age stays one, so that the server's clock decides. */
export function windowParameters(window: TimeWindow): { readonly from: string; readonly to?: string } {
  return window.kind === 'last'
    ? { from: `${window.seconds}s` }
    : { from: String(window.fromMs / 1_000), to: String(window.toMs / 1_000) }
}

/** Moved by half its length, into the past (-1) or the future (1), but not beyond now. What was relative is no more. */
export function shiftWindow(window: TimeWindow, direction: -1 | 1, nowMs: number): TimeWindow {
  // Whole seconds are enough for what was relative, and easier to read.
  const { fromMs, toMs } = windowEnds(window, window.kind === 'last' ? Math.floor(nowMs / 1_000) * 1_000 : nowMs)
  const wanted = (direction * (toMs - fromMs)) / 2
  const step = direction > 0 ? Math.min(wanted, Math.max(0, nowMs - toMs)) : wanted
  return step === 0 || (window.kind === 'last' && direction > 0)
    ? window
    : { kind: 'between', fromMs: fromMs + step, toMs: toMs + step }
}

/** The shortest and the longest window that zooming makes. */
const [LEAST_SECONDS, MOST_SECONDS] = [1, 365 * 86_400]

/** Half (-1) or twice (1) as long, about its middle; what ends now still does. */
export function zoomWindow(window: TimeWindow, direction: -1 | 1, nowMs: number): TimeWindow {
  const factor = direction > 0 ? 2 : 0.5
  if (window.kind === 'last') {
    const seconds = Math.round(window.seconds * factor)
    if (seconds < LEAST_SECONDS || seconds > MOST_SECONDS) return window
    return readWindow(ageText(seconds)) ?? window
  }
  const [middle, half] = [(window.fromMs + window.toMs) / 2, ((window.toMs - window.fromMs) / 2) * factor]
  if (half * 2 < LEAST_SECONDS * 1_000 || half * 2 > MOST_SECONDS * 1_000) return window
  const toMs = direction > 0 ? Math.min(middle + half, Math.max(nowMs, window.toMs)) : middle + half
  return { kind: 'between', fromMs: toMs - 2 * half, toMs }
}

/** As it is at that moment, in whole seconds that hold it: for links, which shall show the same tomorrow. */
export function freezeWindow(window: TimeWindow, nowMs: number): TimeWindow {
  if (window.kind === 'between') return window
  const { fromMs, toMs } = windowEnds(window, nowMs)
  return { kind: 'between', fromMs: Math.floor(fromMs / 1_000) * 1_000, toMs: Math.ceil(toMs / 1_000) * 1_000 }
}

/** A length of time, in the greatest unit that it is a whole number of: `90s`, `2h`. */
export function ageText(seconds: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
  ] as const
  const [unit, length] = units.find(([, each]) => seconds >= each && seconds % each === 0) ?? ['s', 1]
  return `${seconds / length}${unit}`
}
