import { join } from 'node:path'
import type { OpenFile, SpoolDisk } from './disk.ts'
import { nodeDisk } from './disk.ts'
import { recoverFrames, writeFrame } from './frame.ts'
import { Inserter } from './inserter.ts'
import { RowWriter } from './row-writer.ts'
import { SealPace } from './seal-pace.ts'
import type { SpoolEvent } from './spool-event.ts'

/** No room: the files on the disk have reached the limit, since the engine has not taken them yet. */
export class SpoolFullError extends Error {
  override readonly name = 'SpoolFullError'
}

export type SpoolOptions = {
  readonly directory: string
  /** Appends are refused while the files hold this much. */
  readonly limitBytes: number
  /** A file is handed over when it has grown to this. Large files make large parts, which need fewer merges. */
  readonly sealBytes: number
  /** A file is handed over at the latest this long after its first row. */
  readonly sealAfterMs: number
  /** Stores a file's rows durably (`TraceStore.insert`). */
  readonly insert: (path: string) => Promise<void>
  readonly onEvent: (event: SpoolEvent) => void
  readonly disk?: SpoolDisk
}

type Waiter = { readonly resolve: () => void; readonly reject: (error: Error) => void }
type CurrentFile = { readonly sequence: number; readonly path: string; readonly file: OpenFile; soundBytes: number }

const FILE_NAME = /^(\d{10})\.rows$/
const BUFFER_BYTES = 4 * 2 ** 20
/** A buffer that one burst has grown beyond this is let go afterwards. */
const KEEP_BUFFER_BYTES = 32 * 2 ** 20
const READER_SEALS_BURST = 16
const READER_SEALS_PER_SECOND = 4
/** Below this a file makes a part that merges hardly notice: five of them count as one. */
const SMALL_FILE_BYTES = 2 ** 20
const SMALL_FILE_COST = 0.2

/**
 * The write-ahead log, whose files are at the same time what the engine inserts (design §2).
 *
 * Appends of one turn of the event loop, and all that come while a sync is under way, share one `fdatasync`. A file
 * that is full or old enough is sealed and handed to the engine; it is deleted when the engine has it durably. What a
 * crash leaves behind is handed over at the next start, without the torn tail that was never acknowledged.
 */
export class Spool {
  readonly #options: SpoolOptions
  readonly #disk: SpoolDisk
  readonly #inserter: Inserter
  readonly #pace = new SealPace(READER_SEALS_BURST, READER_SEALS_PER_SECOND)
  #active = new RowWriter(BUFFER_BYTES)
  #spare = new RowWriter(BUFFER_BYTES)
  #waiters: Waiter[] = []
  #committingBytes = 0
  #current: CurrentFile | undefined
  #nextSequence = 1
  /** The number of the newest file there is or was. */
  #newest = 0
  #running: Promise<void> | undefined
  #sealWanted = false
  #sealTimer: NodeJS.Timeout | undefined
  #readerTimer: NodeJS.Timeout | undefined
  #closed = false
  #lastStamp = 0

  private constructor(options: SpoolOptions) {
    this.#options = options
    this.#disk = options.disk ?? nodeDisk
    this.#inserter = new Inserter({
      insert: options.insert,
      disk: this.#disk,
      onEvent: options.onEvent,
      onIdle: () => this.#sealForReaders(),
    })
  }

  /** Takes over what an earlier run left in the directory, which must exist and belong to this process alone. */
  static async open(options: SpoolOptions): Promise<Spool> {
    const spool = new Spool(options)
    await spool.#recover()
    return spool
  }

  /** A stamp that is not less than any in the files that were found at the start; 0 when there were none. */
  get lastStamp(): number {
    return this.#lastStamp
  }

  /** The number of the newest file there is or was: what is durable by now is in it or in an earlier one. */
  get position(): number {
    return this.#newest
  }

  /** Whether the engine has all files up to this one. */
  hasInserted(position: number): boolean {
    return this.#inserter.insertedThrough >= position
  }

  /** Bytes on the disk that the engine does not have yet. */
  get pendingBytes(): number {
    return this.#inserter.pendingBytes + (this.#current?.soundBytes ?? 0)
  }

  /**
   * Appends the rows of one call. Resolves once they would survive a power failure. Rejects with `SpoolFullError`
   * before anything is written, or with the disk's error, after which some of them MAY still be found later.
   */
  append(writeRows: (to: RowWriter) => void): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('the spool is closed'))
    if (this.pendingBytes + this.#committingBytes + this.#active.length >= this.#options.limitBytes) {
      return Promise.reject(new SpoolFullError('the spool has reached its limit'))
    }
    const before = this.#active.length
    try {
      writeFrame(this.#active, writeRows)
    } catch (error) {
      return Promise.reject(error)
    }
    if (this.#active.length === before) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject })
      this.#run()
    })
  }

  /**
   * Resolves once the engine has everything that was acknowledged before the call. Rejects when the engine refuses, or
   * the signal aborts. Many callers share one sealed file.
   */
  async freshen(signal?: AbortSignal): Promise<void> {
    const inserted = this.#inserter.inserted(this.#newest, signal)
    this.#sealForReaders()
    await inserted
  }

  /** Stops taking rows, writes what was taken, and hands it to the engine as far as that is possible in time. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true
    clearTimeout(this.#sealTimer)
    clearTimeout(this.#readerTimer)
    await this.#running
    this.#sealWanted = true
    this.#run()
    await this.#running
    await this.#inserter.close(graceMs)
  }

  async #recover(): Promise<void> {
    const { directory, onEvent } = this.#options
    const names = (await this.#disk.list(directory)).filter((name) => FILE_NAME.test(name)).toSorted()
    for (const name of names) {
      const path = join(directory, name)
      const sequence = Number.parseInt(name, 10)
      this.#nextSequence = sequence + 1
      this.#newest = sequence
      const bytes = await this.#disk.read(path)
      const { soundBytes, lastStamp } = recoverFrames(bytes)
      this.#lastStamp = Math.max(this.#lastStamp, lastStamp)
      if (soundBytes < bytes.length) {
        onEvent({ kind: 'tail-cut', path, bytes: bytes.length - soundBytes })
        if (soundBytes > 0) await this.#disk.truncate(path, soundBytes)
      }
      this.#inserter.add({ sequence, path, bytes: soundBytes, suspect: false })
    }
  }

  #run(): void {
    this.#running ??= this.#loop().finally(() => {
      this.#running = undefined
      if (this.#active.length > 0 || this.#sealWanted) this.#run()
    })
  }

  async #loop(): Promise<void> {
    // One turn later, so that the calls of this turn share the sync.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#active.length > 0 || this.#sealWanted) {
      if (this.#active.length > 0) await this.#commit()
      const current = this.#current
      if (current === undefined) this.#sealWanted = false
      else if (this.#sealWanted || current.soundBytes >= this.#options.sealBytes) await this.#seal(current)
    }
  }

  /** Writes and syncs what has been appended so far, then answers those who wait for it. Never rejects. */
  async #commit(): Promise<void> {
    const rows = this.#active
    const waiters = this.#waiters
    this.#active = this.#spare
    this.#waiters = []
    this.#committingBytes = rows.length
    try {
      const current = (this.#current ??= await this.#create())
      await current.file.append(rows.view())
      await current.file.sync()
      current.soundBytes += rows.length
      for (const waiter of waiters) waiter.resolve()
    } catch (error) {
      await this.#abandon(error as Error)
      for (const waiter of waiters) waiter.reject(error as Error)
    }
    this.#committingBytes = 0
    rows.clear()
    this.#spare = rows.capacityBytes > KEEP_BUFFER_BYTES ? new RowWriter(BUFFER_BYTES) : rows
  }

  async #create(): Promise<CurrentFile> {
    const sequence = this.#nextSequence++
    const path = join(this.#options.directory, `${String(sequence).padStart(10, '0')}.rows`)
    const file = await this.#disk.create(path)
    this.#newest = sequence
    this.#sealTimer = setTimeout(() => this.#requestSeal(), this.#options.sealAfterMs)
    return { sequence, path, file, soundBytes: 0 }
  }

  /**
   * After a failed write or sync the state of the file beyond its sound length is unknown, and a second sync may claim
   * success for pages that were dropped. So the file ends at its sound length, and the next rows go to a new one.
   */
  async #abandon(error: Error): Promise<void> {
    this.#options.onEvent({ kind: 'write-failed', error })
    const current = this.#current
    this.#current = undefined
    if (current === undefined) return
    clearTimeout(this.#sealTimer)
    let suspect = false
    try {
      await current.file.truncate(current.soundBytes)
    } catch {
      // Reported above already; the file is cut by its frames before it is handed over.
      suspect = true
    }
    await this.#handOver(current, suspect)
  }

  async #seal(current: CurrentFile): Promise<void> {
    this.#sealWanted = false
    this.#current = undefined
    clearTimeout(this.#sealTimer)
    await this.#handOver(current, false)
  }

  async #handOver(current: CurrentFile, suspect: boolean): Promise<void> {
    try {
      await current.file.close()
    } catch (error) {
      this.#options.onEvent({ kind: 'write-failed', error: error as Error })
    }
    const { sequence, path, soundBytes } = current
    this.#inserter.add({ sequence, path, bytes: soundBytes, suspect })
  }

  #requestSeal(): void {
    this.#sealWanted = true
    this.#run()
  }

  /** Seals the open file when a reader waits for it, the engine is free, and the pace allows it. */
  #sealForReaders(): void {
    const current = this.#current
    if (current === undefined || this.#readerTimer !== undefined) return
    if (!this.#inserter.isWaitedFor(current.sequence) || this.#inserter.busy) return
    const waitMs = this.#pace.take(performance.now(), current.soundBytes < SMALL_FILE_BYTES ? SMALL_FILE_COST : 1)
    if (waitMs === 0) return this.#requestSeal()
    this.#readerTimer = setTimeout(() => {
      this.#readerTimer = undefined
      this.#sealForReaders()
    }, waitMs)
  }
}
