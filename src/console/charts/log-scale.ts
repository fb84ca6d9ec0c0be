/** A bin of a histogram: from ≤ value < to, in seconds. */
export type Bin = { readonly from: number; readonly to: number; readonly count: number }

/** How a place along an axis, 0 to 1, and a value in seconds belong together. */
export type Scale = {
  readonly kind: 'log' | 'linear'
  readonly min: number
  readonly max: number
}

/** Times are kept in whole milliseconds: less than this cannot be told apart. */
const LEAST_SECONDS = 0.001

/** A scale on which all values of a histogram lie: of whole decades' fifths where it is logarithmic, else from zero. */
export function scaleFor(kind: Scale['kind'], histogram: readonly (readonly [number, number])[]): Scale {
  const first = histogram[0]?.[0] ?? LEAST_SECONDS
  const last = histogram.at(-1)?.[0] ?? 1
  if (kind === 'linear') return { kind, min: 0, max: niceAbove(Math.max(last, LEAST_SECONDS) * 1.02) }
  const min = niceBelow(Math.max(first, LEAST_SECONDS))
  return { kind, min, max: Math.max(niceAbove(Math.max(last, LEAST_SECONDS) * 1.02), min * 10) }
}

/** Where a value lies: 0 at the left end, 1 at the right. Values beyond the ends are at them. */
export function placeOf({ kind, min, max }: Scale, seconds: number): number {
  const place =
    kind === 'linear' ? (seconds - min) / (max - min) : Math.log(Math.max(seconds, min) / min) / Math.log(max / min)
  return Math.min(1, Math.max(0, place))
}

/** The value at a place, in seconds. */
export function valueAt({ kind, min, max }: Scale, place: number): number {
  const within = Math.min(1, Math.max(0, place))
  return kind === 'linear' ? min + within * (max - min) : min * (max / min) ** within
}

/** As many bins of equal width on the scale; the first takes what is below the scale, too. */
export function binsOf(scale: Scale, histogram: readonly (readonly [number, number])[], bins: number): readonly Bin[] {
  const counts = Array.from({ length: bins }, () => 0)
  for (const [seconds, count] of histogram) {
    // A value on a border belongs to the bin above; the tolerance is that of logarithms of such values.
    const bin = Math.min(bins - 1, Math.floor(placeOf(scale, seconds) * bins + 1e-9))
    counts[bin] = (counts[bin] ?? 0) + count
  }
  return counts.map((count, bin) => ({
    from: valueAt(scale, bin / bins),
    to: valueAt(scale, (bin + 1) / bins),
    count,
  }))
}

/** Values to write below the axis: 1, 10, 100 ms… of a long logarithmic scale, 1, 2, 5 of a short one; else even steps. */
export function ticksOf({ kind, min, max }: Scale): readonly number[] {
  if (kind === 'linear') {
    const step = niceAbove((max - min) / 5)
    return Array.from({ length: Math.floor(max / step + 1e-9) + 1 }, (_, tick) => rounded(tick * step))
  }
  const lowest = Math.floor(Math.log10(min) + 1e-9)
  const decades = Math.ceil(Math.log10(max) - 1e-9) - lowest
  const factors = decades <= 2 ? [1, 2, 5] : [1]
  return Array.from({ length: decades + 1 }, (_, decade) =>
    factors.map((factor) => rounded(factor * 10 ** (lowest + decade))),
  )
    .flat()
    .filter((tick) => tick >= min * 0.999 && tick <= max * 1.001)
}

/** A value with so few digits that it stays within half a bin: what a drag writes into the filter. */
export function tidy(seconds: number): number {
  return Number(seconds.toPrecision(2))
}

const STEPS = [1, 2, 5, 10] as const

function niceAbove(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value))
  return rounded((STEPS.find((step) => step * decade >= value * 0.999_999) ?? 10) * decade)
}

function niceBelow(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value))
  return rounded((STEPS.findLast((step) => step * decade <= value * 1.000_001) ?? 1) * decade)
}

const rounded = (value: number): number => Number(value.toPrecision(10))
