/** A padded LEB128 length of four bytes holds up to 2^28 − 1. ClickHouse reads padded lengths as it reads minimal ones. */
const PADDED_LENGTH_BYTES = 4
const MAX_PADDED_LENGTH = 2 ** 28 - 1

/** Below this a loop over character codes beats the call into native code. */
const SHORT_STRING = 24

/**
 * Writes ClickHouse `RowBinary` into one buffer that grows and is used again. All numbers are little endian.
 * The hot path of ingest: no allocation per value, no intermediate strings.
 */
export class RowWriter {
  /** Bytes written so far. */
  length = 0
  #bytes: Buffer

  constructor(capacityBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacityBytes)
  }

  /** The buffer's current size, for whoever wants to let a grown one go. */
  get capacityBytes(): number {
    return this.#bytes.length
  }

  /** What has been written. A view: it is valid until the next write or `clear`. */
  view(from = 0): Buffer {
    return this.#bytes.subarray(from, this.length)
  }

  clear(): void {
    this.length = 0
  }

  /** Forgets everything written after `length`. */
  rewind(length: number): void {
    this.length = length
  }

  uint8(value: number): void {
    this.#reserve(1)
    this.#bytes[this.length++] = value
  }

  uint32(value: number): void {
    this.#reserve(4)
    this.length = this.#bytes.writeUInt32LE(value, this.length)
  }

  /** Overwrites four bytes that were written before. */
  patchUint32(value: number, at: number): void {
    this.#bytes.writeUInt32LE(value, at)
  }

  /** A whole number of 64 bits in two halves, since doubles end at 53 bits and BigInt is slow. */
  uint64(high: number, low: number): void {
    this.#reserve(8)
    this.length = this.#bytes.writeUInt32LE(low, this.length)
    this.length = this.#bytes.writeUInt32LE(high, this.length)
  }

  /** A safe integer, negative ones as two's complement. */
  int64(value: number): void {
    const high = Math.floor(value / 2 ** 32)
    this.uint64(high >>> 0, (value - high * 2 ** 32) >>> 0)
  }

  float64(value: number): void {
    this.#reserve(8)
    this.length = this.#bytes.writeDoubleLE(value, this.length)
  }

  /** A list of safe integers: its length as LEB128, then each. */
  int64s(values: readonly number[]): void {
    this.#length(values.length)
    for (const value of values) this.int64(value)
  }

  /** A list of texts: its length as LEB128, then each. */
  strings(values: readonly string[]): void {
    this.#length(values.length)
    for (const value of values) this.string(value)
  }

  #length(length: number): void {
    let rest = length
    while (rest > 0x7f) {
      this.uint8((rest & 0x7f) | 0x80)
      rest >>>= 7
    }
    this.uint8(rest)
  }

  /** The bytes that `hexDigits` hex digits of `text`, from `start`, stand for. Anything but a hex digit counts as 0. */
  hex(text: string, start: number, hexDigits: number): void {
    this.#reserve(hexDigits >> 1)
    const bytes = this.#bytes
    let at = this.length
    for (let i = start; i < start + hexDigits; i += 2) {
      bytes[at++] = (hexDigit(text.charCodeAt(i)) << 4) | hexDigit(text.charCodeAt(i + 1))
    }
    this.length = at
  }

  zeros(count: number): void {
    this.#reserve(count)
    this.#bytes.fill(0, this.length, this.length + count)
    this.length += count
  }

  /** A string as length and UTF-8; a lone surrogate becomes U+FFFD. At most 2^28 − 1 bytes. */
  string(text: string): void {
    if (text.length <= SHORT_STRING && this.#shortAscii(text)) return
    this.#reserve(PADDED_LENGTH_BYTES + text.length * 3)
    const at = this.length + PADDED_LENGTH_BYTES
    const size = this.#bytes.write(text, at, 'utf8')
    if (size > MAX_PADDED_LENGTH) throw new RangeError(`a string of ${size} bytes does not fit a row`)
    const bytes = this.#bytes
    bytes[at - 4] = (size & 0x7f) | 0x80
    bytes[at - 3] = ((size >>> 7) & 0x7f) | 0x80
    bytes[at - 2] = ((size >>> 14) & 0x7f) | 0x80
    bytes[at - 1] = size >>> 21
    this.length = at + size
  }

  #shortAscii(text: string): boolean {
    this.#reserve(1 + SHORT_STRING)
    const bytes = this.#bytes
    let at = this.length
    bytes[at++] = text.length
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code > 0x7f) return false
      bytes[at++] = code
    }
    this.length = at
    return true
  }

  #reserve(count: number): void {
    const needed = this.length + count
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(grown, 0, 0, this.length)
    this.#bytes = grown
  }
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : 0
}
