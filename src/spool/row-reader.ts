/**
 * Reads ClickHouse `RowBinary`, the inverse of `RowWriter`. All numbers are little endian. Every method throws a
 * `RangeError` when the bytes end before the value does.
 */
export class RowReader {
  #at = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  /** Passes over so many bytes. */
  skip(size: number): void {
    this.#take(size)
  }

  uint8(): number {
    return this.#bytes.readUInt8(this.#take(1))
  }

  uint32(): number {
    return this.#bytes.readUInt32LE(this.#take(4))
  }

  /** A whole number of 64 bits; beyond 2^53 the nearest that a double has. */
  uint64(): number {
    const at = this.#take(8)
    return this.#bytes.readUInt32LE(at + 4) * 2 ** 32 + this.#bytes.readUInt32LE(at)
  }

  /** The same with a sign. */
  int64(): number {
    const at = this.#take(8)
    return this.#bytes.readInt32LE(at + 4) * 2 ** 32 + this.#bytes.readUInt32LE(at)
  }

  float64(): number {
    return this.#bytes.readDoubleLE(this.#take(8))
  }

  /** The lower and the upper half of a whole number of 64 bits, which a double would round. */
  halves(): { readonly low: number; readonly high: number } {
    const at = this.#take(8)
    return { low: this.#bytes.readUInt32LE(at), high: this.#bytes.readUInt32LE(at + 4) }
  }

  /** So many bytes, as twice as many hex digits in lower case. */
  hex(size: number): string {
    const at = this.#take(size)
    return this.#bytes.toString('hex', at, at + size)
  }

  string(): string {
    const size = this.#length()
    const at = this.#take(size)
    return this.#bytes.toString('utf8', at, at + size)
  }

  /** An `Array(String)`. */
  strings(): string[] {
    return Array.from({ length: this.#length() }, () => this.string())
  }

  /** An `Array(UInt32)`. */
  uint32s(): number[] {
    return Array.from({ length: this.#length() }, () => this.uint32())
  }

  /** An `Array(UInt64)`. */
  uint64s(): number[] {
    return Array.from({ length: this.#length() }, () => this.uint64())
  }

  /** A length: seven bits a byte, the lowest first. */
  #length(): number {
    let length = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.uint8()
      length += (byte & 0x7f) * factor
      if (byte < 0x80) return length
    }
  }

  /** Moves on, and answers where it was. */
  #take(size: number): number {
    const at = this.#at
    this.#at += size
    if (this.#at > this.#bytes.length) throw new RangeError('the bytes end within a row')
    return at
  }
}
