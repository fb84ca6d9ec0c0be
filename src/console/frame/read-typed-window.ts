import { ageText, readWindow, type TimeWindow } from '../data/time-window.ts'
import { offsetMs } from '../words/format-time.ts'

const AGE = /^(?:last\s+)?(\d+(?:\.\d+)?)\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?)$/i
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }
// A date, a time, or both; seconds and parts of them, and an offset from UTC, may follow.
const MOMENT =
  /^(?:(\d{4})-(\d{1,2})-(\d{1,2}))?(?:[T\s]*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3})\d*)?)?)?\s*(z|utc|[+\u2212-]\d{2}:?\d{2}|utc[+\u2212-]\d{2}:?\d{2})?$/i
const BETWEEN = /\s+(?:-|–|—|to|until)\s+|\s*(?:~|–|—)\s*|\s*\.\.+\s*/i

/** The days, hours and so on of a moment; a day or a time may be missing. */
type Moment = {
  readonly day?: readonly [year: number, month: number, day: number]
  /** Milliseconds since midnight. */
  readonly timeMs?: number
  /** How far ahead of UTC, where it says so. */
  readonly offset?: number
}

/**
 * Reads a time that was typed: `90m`, `last 3 days`; or two times, `2026-11-21 10:00 – 10:30`, `10:00 to 11:00 UTC`,
 * `2026-11-20 ~ 2026-11-21`. What names no zone is in the viewer's; a day without a time is all of it, a time without a
 * day is of the other's day, or today. Undefined for what is none of this, or ends before it begins.
 */
export function readTypedWindow(typed: string, zone: string, nowMs: number): TimeWindow | undefined {
  const text = typed.trim()
  const age = AGE.exec(text)
  if (age !== null) {
    const seconds = Math.round(Number(age[1]) * (UNIT_SECONDS[(age[2] ?? '').charAt(0).toLowerCase()] ?? 0))
    return readWindow(ageText(seconds))
  }
  const [first = '', second, more] = text.split(BETWEEN)
  if (more !== undefined) return undefined
  const from = readMoment(first)
  const to = second === undefined ? from : readMoment(second)
  if (from === undefined || to === undefined) return undefined
  // A moment alone is no window, but a day is.
  if (second === undefined && from.timeMs !== undefined) return undefined
  const offset = from.offset ?? to.offset
  const fromMs = momentMs({ offset, ...from }, from.day ?? to.day, 0, zone, nowMs)
  const toMs = momentMs({ offset, ...to }, to.day ?? from.day, 86_400_000, zone, nowMs)
  return fromMs < toMs ? { kind: 'between', fromMs, toMs } : undefined
}

function readMoment(text: string): Moment | undefined {
  const parts = MOMENT.exec(text.trim())
  if (parts === null || text.trim() === '') return undefined
  const [, year, month, day, hour, minute, second = '0', fraction = '0', zone] = parts
  const timeMs =
    hour === undefined
      ? undefined
      : ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000 + Number(fraction.padEnd(3, '0'))
  if (Number(hour ?? 0) > 24 || Number(minute ?? 0) > 59 || Number(second) > 59) return undefined
  if (year === undefined && timeMs === undefined) return undefined
  if (year !== undefined && !isDay(Number(year), Number(month), Number(day))) return undefined
  return {
    ...(year === undefined ? {} : { day: [Number(year), Number(month), Number(day)] as const }),
    ...(timeMs === undefined ? {} : { timeMs }),
    ...(zone === undefined ? {} : { offset: readOffset(zone) }),
  }
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

function readOffset(zone: string): number {
  const [, sign, hours, minutes] = /([+\u2212-])(\d{2}):?(\d{2})$/.exec(zone) ?? []
  if (sign === undefined) return 0
  return (Number(hours) * 60 + Number(minutes)) * (sign === '+' ? 60_000 : -60_000)
}

function momentMs(
  moment: { readonly timeMs?: number; readonly offset: number | undefined },
  day: Moment['day'],
  wholeDayMs: number,
  zone: string,
  nowMs: number,
): number {
  const here = new Date(nowMs + (moment.offset ?? offsetMs(nowMs, zone)))
  const [year, month, date] = day ?? [here.getUTCFullYear(), here.getUTCMonth() + 1, here.getUTCDate()]
  const asUtc = Date.UTC(year, month - 1, date) + (moment.timeMs ?? wholeDayMs)
  return moment.offset === undefined ? inZone(asUtc, zone) : asUtc - moment.offset
}

/** When the clocks of a zone show what `asUtc` shows in UTC. Of an hour that is skipped, the one after. */
function inZone(asUtc: number, zone: string): number {
  const guess = asUtc - offsetMs(asUtc, zone)
  return asUtc - offsetMs(guess, zone)
}
