/** Documents that wait to be stored, the oldest dropped when there are too many. */
export class DocumentQueue {
  readonly #maxDocuments: number
  readonly #maxBytes: number
  #items: { readonly text: string; readonly bytes: number }[] = []
  #head = 0
  #bytes = 0

  constructor(maxDocuments: number, maxBytes: number) {
    this.#maxDocuments = maxDocuments
    this.#maxBytes = maxBytes
  }

  get length(): number {
    return this.#items.length - this.#head
  }

  /** Adds one, and answers how many old ones had to go for it. */
  push(text: string, bytes: number): number {
    this.#items.push({ text, bytes })
    this.#bytes += bytes
    let dropped = 0
    while (this.length > this.#maxDocuments || (this.#bytes > this.#maxBytes && this.length > 1)) {
      this.#shift()
      dropped += 1
    }
    return dropped
  }

  /** Takes out at most `count`, the oldest first. */
  take(count: number): string[] {
    const texts: string[] = []
    while (texts.length < count && this.length > 0) texts.push(this.#shift())
    return texts
  }

  #shift(): string {
    const item = this.#items[this.#head]
    if (item === undefined) throw new RangeError('the queue is empty')
    this.#head += 1
    this.#bytes -= item.bytes
    // The array is cut now and then, since cutting it each time would move all of it.
    if (this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item.text
  }
}
