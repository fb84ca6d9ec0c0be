/** How exactly a time is written. */
export type TimePrecision = 'day' | 'minute' | 'second' | 'millisecond'

const LENGTHS: Readonly<Record<TimePrecision, number>> = { day: 10, minute: 16, second: 19, millisecond: 23 }
const formats = new Map<string, Intl.DateTimeFormat>()

/** The zone's IANA name, where `browser` stands for that of this machine. */
export function zoneName(zone: string): string {
  return zone === 'browser' ? new Intl.DateTimeFormat().resolvedOptions().timeZone : zone
}

/**
 * A time in a zone, `2026-11-21 10:05:00.250`: the parts that the precision has. Without a zone behind it; see
 * `zoneLabel`. A time that no calendar has is said so.
 */
export function formatTime(ms: number, zone: string, precision: TimePrecision = 'second'): string {
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return 'not a time'
  const parts = partsOf(Math.floor(ms), zone)
  const part = (type: string): string => parts.get(type) ?? ''
  const date = `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`
  const time = `${part('hour')}:${part('minute')}:${part('second')}.${part('fractionalSecond')}`
  return `${date} ${time}`.slice(0, LENGTHS[precision])
}

/** The time of day alone, for lists of one day. */
export function formatTimeOfDay(ms: number, zone: string, precision: TimePrecision = 'second'): string {
  return formatTime(ms, zone, precision).slice(11)
}

/** What stands beside times: `UTC`, or the offset that the zone has at that time, `UTC+05:45`. */
export function zoneLabel(ms: number, zone: string): string {
  const offset = offsetMs(ms, zone)
  if (offset === 0) return 'UTC'
  const minutes = Math.round(Math.abs(offset) / 60_000)
  const two = (number: number): string => String(number).padStart(2, '0')
  return `UTC${offset < 0 ? '−' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** How far the zone is ahead of UTC at that time. */
export function offsetMs(ms: number, zone: string): number {
  const parts = partsOf(Math.floor(ms), zone)
  const number = (type: string): number => Number(parts.get(type) ?? '0')
  const asUtc = Date.UTC(
    number('year'),
    number('month') - 1,
    number('day'),
    number('hour'),
    number('minute'),
    number('second'),
  )
  return asUtc - Math.floor(ms / 1_000) * 1_000
}

/** `12 s ago`, `3 d ago`; `in 5 s` for what is ahead. */
export function formatAge(ms: number, nowMs: number): string {
  const seconds = Math.round(Math.abs(nowMs - ms) / 1_000)
  if (seconds < 1) return 'now'
  const said =
    seconds < 90
      ? `${seconds} s`
      : seconds < 5_400
        ? `${Math.round(seconds / 60)} min`
        : seconds < 129_600
          ? `${Math.round(seconds / 3_600)} h`
          : `${Math.round(seconds / 86_400)} d`
  return ms > nowMs ? `in ${said}` : `${said} ago`
}

function partsOf(ms: number, zone: string): ReadonlyMap<string, string> {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', {
      timeZone: zoneName(zone),
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
    })
    formats.set(zone, format)
  }
  return new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]))
}
