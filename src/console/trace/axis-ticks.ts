import type { Zoom } from './zoom.ts'

/** A line of the time axis. */
export type AxisTick = { readonly us: number; readonly label: string }

const UNITS = [
  { us: 3_600_000_000, name: 'h' },
  { us: 60_000_000, name: 'min' },
  { us: 1_000_000, name: 's' },
  { us: 1_000, name: 'ms' },
  { us: 1, name: 'µs' },
] as const
/** Steps of minutes and hours that people count in, as microseconds. */
const LONG_STEPS_US = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 720, 1_440].map((minutes) => minutes * 60_000_000)

/**
 * Times at round numbers, at most so many, with the unit that all of them can be read in: `200 ms`, `400 ms`.
 */
export function axisTicks({ fromUs, toUs }: Zoom, most: number): readonly AxisTick[] {
  const step = stepOf((toUs - fromUs) / Math.max(most, 1))
  const unit = UNITS.find(({ us }) => us <= Math.max(step, 1)) ?? UNITS[4]
  const first = Math.ceil(fromUs / step)
  const last = Math.floor(toUs / step)
  const ticks: AxisTick[] = []
  for (let at = first; at <= last && ticks.length <= most; at++) {
    const us = at * step
    ticks.push({ us, label: us === 0 ? '0' : `${trimmed(us / unit.us)} ${unit.name}` })
  }
  return ticks
}

/** The least round step that is not below this. */
function stepOf(leastUs: number): number {
  if (leastUs > 30_000_000) {
    const long = LONG_STEPS_US.find((step) => step >= leastUs)
    if (long !== undefined) return long
    const day = 86_400_000_000
    return Math.ceil(leastUs / day) * day
  }
  const power = 10 ** Math.floor(Math.log10(Math.max(leastUs, 1)))
  return ([1, 2, 5].find((digit) => digit * power >= leastUs) ?? 10) * power
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(3)))
}
