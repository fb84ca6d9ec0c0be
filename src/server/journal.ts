import { closeSync, fstatSync, openSync, readSync, renameSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** What the journal itself knows of each entry. */
export type JournalStamp = {
  /** Counts up by one, also across restarts. */
  readonly seq: number
  /** Epoch milliseconds at which it was written. */
  readonly timeMs: number
  /** How many entries before this one were left out. */
  readonly suppressed?: number
}

export type JournalOptions = {
  /** The younger generation; the older one has `.1` after it. */
  readonly path: string
  /** A generation that would grow beyond this becomes the older one, and that is forgotten. */
  readonly generationBytes: number
  /** Entries beyond so many a second are counted and left out. */
  readonly perSecond: number
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Told when an entry could not be written, at each attempt. */
  readonly onFailure: (error: Error) => void
}

const CHUNK_BYTES = 64 * 1024
/** A longer line was not written by a journal, and is not put together. */
const MAX_LINE_BYTES = 1024 * 1024
const NEWLINE = 0x0a
/** For the owner's eyes: entries hold what clients sent. */
const MODE = 0o600

/**
 * A log of JSON lines that never holds more than two generations. An entry is in the page cache when `append` returns,
 * so that it survives the process, though not a power failure. A journal that cannot be written never stops its caller.
 */
export class Journal {
  readonly #options: JournalOptions
  #seq: number
  #file: { readonly fd: number; bytes: number } | undefined
  #second = -1
  #inSecond = 0
  #suppressed = 0
  #dropped = 0

  private constructor(options: JournalOptions, seq: number) {
    this.#options = options
    this.#seq = seq
  }

  /** Goes on after the last entry that can be read. */
  static async open(options: JournalOptions): Promise<Journal> {
    for await (const entry of readJournal(options.path)) return new Journal(options, entry.seq)
    return new Journal(options, 0)
  }

  /** Entries that were left out since the start, for being too many or because the disk failed. */
  get dropped(): number {
    return this.#dropped
  }

  /** Writes what `entry` makes, which is not called when the entry is left out. Answers whether it was written. */
  append(entry: () => object): boolean {
    const timeMs = this.#options.now()
    if (!this.#takeTurn(timeMs)) return this.#drop()
    const suppressed = this.#suppressed === 0 ? {} : { suppressed: this.#suppressed }
    const stamp: JournalStamp = { seq: this.#seq + 1, timeMs, ...suppressed }
    try {
      this.#write(Buffer.from(`${JSON.stringify({ ...stamp, ...entry() })}\n`))
    } catch (error) {
      this.#options.onFailure(error as Error)
      return this.#drop()
    }
    this.#seq += 1
    this.#suppressed = 0
    return true
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file.fd)
    this.#file = undefined
  }

  #drop(): false {
    this.#suppressed += 1
    this.#dropped += 1
    return false
  }

  #takeTurn(timeMs: number): boolean {
    const second = Math.floor(timeMs / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#inSecond = 0
    }
    this.#inSecond += 1
    return this.#inSecond <= this.#options.perSecond
  }

  #write(line: Buffer): void {
    let file = (this.#file ??= openToAppend(this.#options.path))
    if (file.bytes > 0 && file.bytes + line.length > this.#options.generationBytes) {
      this.close()
      renameSync(this.#options.path, olderPath(this.#options.path))
      file = this.#file = openToAppend(this.#options.path)
    }
    const written = writeSync(file.fd, line)
    file.bytes += written
    if (written === line.length) return
    // Opened again, the half line gets its end, so that the next one is a line of its own.
    this.close()
    throw new Error(`only ${written} of ${line.length} bytes could be written`)
  }
}

const olderPath = (path: string): string => `${path}.1`

function openToAppend(path: string): { readonly fd: number; bytes: number } {
  const fd = openSync(path, 'a+', MODE)
  const bytes = fstatSync(fd).size
  const last = Buffer.alloc(1)
  if (bytes === 0 || (readSync(fd, last, 0, 1, bytes - 1) === 1 && last[0] === NEWLINE)) return { fd, bytes }
  // A write that a crash cut off.
  return { fd, bytes: bytes + writeSync(fd, '\n') }
}

/**
 * The entries of a journal, the newest first, while it is written or after its writer has gone. What is no entry is
 * passed over, such as a line that a crash cut off. A journal that does not exist is empty.
 */
export async function* readJournal(path: string): AsyncGenerator<JournalStamp & object> {
  const read = new Set<bigint>()
  for (const generation of [path, olderPath(path)]) {
    const file = await openToRead(generation)
    if (file === undefined) continue
    try {
      const { ino, size } = await file.stat({ bigint: true })
      // Between the two steps the younger generation may have become the older one.
      if (read.has(ino)) continue
      read.add(ino)
      for await (const line of linesBackward(file, Number(size))) {
        const entry = readEntry(line)
        if (entry !== undefined) yield entry
      }
    } finally {
      await file.close()
    }
  }
}

async function openToRead(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function* linesBackward(file: FileHandle, size: number): AsyncGenerator<string> {
  // The beginning of what was read last, up to its first newline: the end of a line that begins further ahead.
  let rest: Uint8Array = new Uint8Array(0)
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - CHUNK_BYTES)
    const { bytesRead, buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start)
    const bytes = Buffer.concat([buffer.subarray(0, bytesRead), rest])
    end = start
    const whole = start === 0 ? 0 : bytes.indexOf(NEWLINE) + 1
    const isLineOpen = start > 0 && (whole === 0 || whole === bytes.length)
    if (isLineOpen) {
      rest = bytes.length > MAX_LINE_BYTES ? new Uint8Array(0) : bytes
      continue
    }
    for (const line of bytes.toString('utf8', whole).split('\n').toReversed()) if (line !== '') yield line
    rest = bytes.subarray(0, whole)
  }
}

function readEntry(line: string): (JournalStamp & object) | undefined {
  try {
    const entry: unknown = JSON.parse(line)
    return isEntry(entry) ? entry : undefined
  } catch {
    return undefined
  }
}

function isEntry(value: unknown): value is JournalStamp & object {
  if (typeof value !== 'object' || value === null) return false
  return Number.isSafeInteger(Reflect.get(value, 'seq')) && Number.isFinite(Reflect.get(value, 'timeMs'))
}
