/** A seeded source of numbers: equal seeds give equal sequences on every machine. */
export type Random = {
  /** The next number in [0, 1). */
  readonly next: () => number
  /** An integer in [low, high], both included. */
  readonly int: (low: number, high: number) => number
  /** True with the given probability. */
  readonly chance: (probability: number) => boolean
  /** One of the items, all equally likely. */
  readonly pick: <T>(items: readonly T[]) => T
  /** `digits` lower-case hex digits, never all zeros. */
  readonly hex: (digits: number) => string
  /** A draw from the log-normal distribution with this median and this sigma of the logarithm. */
  readonly logNormal: (median: number, sigma: number) => number
}

/** Makes a source from a seed (sfc32, warmed up), so that a workload is the same wherever it is made. */
export function seededRandom(seed: number): Random {
  let a = 0x9e3779b9
  let b = 0x243f6a88
  let c = seed >>> 0
  let d = 1
  const bits = (): number => {
    const sum = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let i = 0; i < 15; i++) bits()
  const next = (): number => bits() / 4294967296
  const hex = (digits: number): string => {
    let text = ''
    while (text.length < digits) text += bits().toString(16).padStart(8, '0')
    const cut = text.slice(0, digits)
    return /[^0]/.test(cut) ? cut : hex(digits)
  }
  return {
    next,
    hex,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)]
      if (item === undefined) throw new RangeError('nothing to pick from')
      return item
    },
    logNormal: (median, sigma) => {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
      return median * Math.exp(sigma * normal)
    },
  }
}

/** Returns a draw of ranks 0…count−1 in which rank k is as likely as 1/(k+1)^exponent. */
export function zipf(random: Random, count: number, exponent: number): () => number {
  const cumulative = new Float64Array(count)
  let total = 0
  for (let rank = 0; rank < count; rank++) {
    total += (rank + 1) ** -exponent
    cumulative[rank] = total
  }
  return () => {
    const target = random.next() * total
    let low = 0
    let high = count - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((cumulative[middle] ?? total) <= target) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Puts the items in a random order, in place. */
export function shuffle<T>(random: Random, items: T[]): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.int(0, i)
    const held = items[i] as T // 0 ≤ i, j < length
    items[i] = items[j] as T
    items[j] = held
  }
  return items
}
