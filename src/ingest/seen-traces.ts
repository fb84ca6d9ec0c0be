import { type TraceId, traceIdEpochSeconds } from '../model/ids.ts'

/** 16 MiB: of ten million traces one in a hundred is taken for a known one. */
const WORDS = 2 ** 22
const PROBES = 4

/**
 * Traces that were seen, in constant memory: a Bloom filter. It may take a new trace for a seen one, never the reverse.
 * The last 24 digits of an id are random, so they are their own hash.
 */
export class SeenTraces {
  readonly #bits = new Uint32Array(WORDS)

  add(id: TraceId): void {
    const [first, step] = hashes(id)
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = (first + probe * step) >>> 0
      const word = (bit >>> 5) % WORDS
      this.#bits[word] = (this.#bits[word] ?? 0) | (1 << (bit & 31))
    }
  }

  mayHave(id: TraceId): boolean {
    const [first, step] = hashes(id)
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = (first + probe * step) >>> 0
      if (((this.#bits[(bit >>> 5) % WORDS] ?? 0) & (1 << (bit & 31))) === 0) return false
    }
    return true
  }
}

/** Clocks of senders may be ahead by so much; digits that say more may be no time at all. */
export const AHEAD_SECONDS = 3_600

/** Whether the first digits of an id say a time after this one, and one that they can mean. */
export function beganAfter(id: TraceId, seconds: number, nowSeconds: number): boolean {
  const epoch = traceIdEpochSeconds(id)
  return epoch > seconds && epoch <= nowSeconds + AHEAD_SECONDS
}

function hashes(id: TraceId): readonly [number, number] {
  return [Number.parseInt(id.slice(11, 19), 16), Number.parseInt(id.slice(19, 27), 16) | 1]
}
