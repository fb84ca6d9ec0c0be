import { formatTime, zoneLabel } from './format-time.ts'
import type { TimeWindow } from '../data/time-window.ts'

const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  s: ['second', 'seconds'],
  m: ['minute', 'minutes'],
  h: ['hour', 'hours'],
  d: ['day', 'days'],
  w: ['week', 'weeks'],
}

/** A window in words: `Last 15 minutes`; or `2026-11-21 10:00 – 10:30`, in a zone, without naming it. */
export function sayWindow(window: TimeWindow, zone: string): string {
  if (window.kind === 'last') {
    const [, number = '', unit = ''] = /^(\d+)(\D)$/.exec(window.text) ?? []
    const [one, many] = UNITS[unit] ?? ['', '']
    return number === '1' ? `Last ${one}` : `Last ${number} ${many}`
  }
  const isExact = window.fromMs % 60_000 !== 0 || window.toMs % 60_000 !== 0
  const precision = isExact ? 'second' : 'minute'
  const [from, to] = [formatTime(window.fromMs, zone, precision), formatTime(window.toMs, zone, precision)]
  return `${from} – ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to}`
}

/** The zone of a window, as it stands beside it. */
export function windowZone(window: TimeWindow, zone: string, nowMs: number): string {
  return zoneLabel(window.kind === 'between' ? window.toMs : nowMs, zone)
}
