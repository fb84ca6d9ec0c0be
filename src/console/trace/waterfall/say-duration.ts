/** A duration as a screen reader says it: `412 milliseconds`, `1.204 seconds`. Microseconds. */
export function sayDuration(us: number): string {
  if (us < 0) return `minus ${sayDuration(-us)}`
  if (us < 999.5) return counted(Math.round(us), 'microsecond')
  if (us < 999_500) return counted(Number((us / 1e3).toPrecision(3)), 'millisecond')
  if (us < 119_500_000) return counted(Number((us / 1e6).toPrecision(4)), 'second')
  return counted(Math.round(us / 60e6), 'minute')
}

function counted(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`
}
