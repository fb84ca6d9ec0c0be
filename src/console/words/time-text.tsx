import { usePreferences } from '../frame/preferences.ts'
import { formatAge, formatTime, formatTimeOfDay, zoneLabel, zoneName, type TimePrecision } from './format-time.ts'

/**
 * A time in the zone that the viewer prefers, with the zone beside it; its tooltip says it in other ways. Lists whose head
 * names the zone leave it out.
 */
export function TimeText({
  seconds,
  precision = 'second',
  hasZone = true,
  isTimeOfDay = false,
}: {
  /** Epoch seconds. */
  readonly seconds: number
  readonly precision?: TimePrecision | undefined
  readonly hasZone?: boolean | undefined
  /** Without the date. */
  readonly isTimeOfDay?: boolean | undefined
}) {
  const zone = usePreferences((preferences) => preferences.zone)
  const ms = seconds * 1_000
  const text = isTimeOfDay ? formatTimeOfDay(ms, zone, precision) : formatTime(ms, zone, precision)
  return (
    <time
      className="mono"
      dateTime={isDate(ms) ? new Date(ms).toISOString() : undefined}
      onPointerEnter={(event) => {
        // Made when it is wanted: lists have many times, and each has many forms.
        event.currentTarget.title = otherForms(ms, zone)
      }}
    >
      {text}
      {hasZone && isDate(ms) ? ` ${zoneLabel(ms, zone)}` : ''}
    </time>
  )
}

const isDate = (ms: number): boolean => Math.abs(ms) <= 8.64e15

function otherForms(ms: number, zone: string): string {
  if (!isDate(ms)) return ''
  return [
    `${formatTime(ms, zone, 'millisecond')} ${zoneLabel(ms, zone)} (${zoneName(zone)})`,
    `${formatTime(ms, 'UTC', 'millisecond')} UTC`,
    formatAge(ms, Date.now()),
    `${ms / 1_000} epoch seconds`,
  ].join('\n')
}
