/** A bound that somebody typed: seconds, or with a unit (`200 ms`, `1.5s`, `2m`); blank is none. */
export type TypedSeconds = { readonly ok: true; readonly seconds: number | undefined } | { readonly ok: false }

const TYPED = /^(\d+(?:[.,]\d+)?|[.,]\d+)\s*(us|µs|ms|s|m|min)?$/i
const UNITS: Readonly<Record<string, number>> = { us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, min: 60 }

/** Reads a typed bound of a response time. */
export function readSeconds(text: string): TypedSeconds {
  const trimmed = text.trim()
  if (trimmed === '') return { ok: true, seconds: undefined }
  const match = TYPED.exec(trimmed)
  const unit = UNITS[(match?.[2] ?? 's').toLowerCase()]
  const number = Number(match?.[1]?.replace(',', '.'))
  if (match === null || unit === undefined || !Number.isFinite(number)) return { ok: false }
  return { ok: true, seconds: Number((number * unit).toPrecision(12)) }
}

/** A bound as the field shows it, in seconds without an exponent. */
export function writeSeconds(seconds: number | undefined): string {
  return seconds === undefined ? '' : String(Number(seconds.toFixed(6)))
}
