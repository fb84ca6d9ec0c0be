/** Chance that is the same for the same seed. */
export type Chance = {
  /** At least `low`, below `high`. */
  readonly between: (low: number, high: number) => number
  readonly happens: (probability: number) => boolean
  readonly pick: <T>(values: readonly [T, ...T[]]) => T
  /** So many hex digits. */
  readonly hex: (digits: number) => string
  /**
   * How long something takes, in seconds: half of the time less than the median. The spread is that of the logarithm: at
   * 0.4 one in a hundred takes two and a half times as long as the median, at 0.8 six times.
   */
  readonly seconds: (median: number, spread?: number) => number
}

/** A generator with 32 bits of state: enough for a story, and for nothing that has to be secret. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  const between = (low: number, high: number): number => low + next() * (high - low)
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join('')
  /** By Box and Muller; the first number must not be zero. */
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())

  return {
    between,
    hex,
    happens: (probability) => next() < probability,
    pick: (values) => values[Math.floor(next() * values.length)] ?? values[0],
    seconds: (median, spread = 0.4) => median * Math.exp(spread * normal()),
  }
}
