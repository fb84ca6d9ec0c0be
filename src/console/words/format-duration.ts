/**
 * A duration in words (console §4.3): `412 µs`, `31.4 ms`, `1.204 s`, `2 m 03 s`, `1 h 04 m`. A minus where it is
 * negative.
 */
export function formatDuration(seconds: number): string {
  if (seconds < 0) return `−${formatDuration(-seconds)}`
  if (seconds < 0.000_999_5) return `${Math.round(seconds * 1e6)} µs`
  if (seconds < 0.999_95) return `${digits(seconds * 1e3, 3)} ms`
  if (seconds < 59.999_5) return `${digits(seconds, 4)} s`
  const whole = Math.round(seconds)
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60)]
  return hours > 0 ? `${hours} h ${two(minutes)} m` : `${minutes} m ${two(whole % 60)} s`
}

const two = (number: number): string => String(number).padStart(2, '0')

/** So many significant digits, without zeros at the end. */
function digits(value: number, significant: number): string {
  return String(Number(value.toPrecision(significant)))
}
