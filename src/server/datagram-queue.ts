/** Datagrams that wait to be taken, the oldest dropped when there are too many. */
export class DatagramQueue {
  readonly #maxDatagrams: number
  readonly #maxBytes: number
  #items: Uint8Array[] = []
  #head = 0
  #bytes = 0

  constructor(maxDatagrams: number, maxBytes: number) {
    this.#maxDatagrams = maxDatagrams
    this.#maxBytes = maxBytes
  }

  get length(): number {
    return this.#items.length - this.#head
  }

  /** Adds one, and answers how many old ones had to go for it. */
  push(datagram: Uint8Array): number {
    this.#items.push(datagram)
    this.#bytes += datagram.length
    let dropped = 0
    while (this.length > this.#maxDatagrams || (this.#bytes > this.#maxBytes && this.length > 1)) {
      this.#shift()
      dropped += 1
    }
    return dropped
  }

  /** Takes out at most `count`, and no more than `bytes` together unless the first is larger; the oldest first. */
  take(count: number, bytes: number): Uint8Array[] {
    const taken: Uint8Array[] = []
    let takenBytes = 0
    while (taken.length < count && this.length > 0) {
      takenBytes += this.#items[this.#head]?.length ?? 0
      if (taken.length > 0 && takenBytes > bytes) break
      taken.push(this.#shift())
    }
    return taken
  }

  #shift(): Uint8Array {
    const item = this.#items[this.#head]
    if (item === undefined) throw new RangeError('the queue is empty')
    this.#head += 1
    this.#bytes -= item.length
    // The array is cut now and then, since cutting it each time would move all of it.
    if (this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }
}
