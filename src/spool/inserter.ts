import type { SpoolDisk } from './disk.ts'
import { recoverFrames } from './frame.ts'
import type { SpoolEvent } from './spool-event.ts'

/** A file that is no longer written. */
export type SealedFile = {
  /** Files are numbered in the order in which they were written. */
  readonly sequence: number
  readonly path: string
  /** 0 when nothing of it was ever acknowledged: it is only removed. */
  readonly bytes: number
  /** It may be longer than `bytes`, after a disk error; it is cut before it is handed over. */
  readonly suspect: boolean
}

type Barrier = {
  readonly sequence: number
  /** How many attempts had begun when it came. */
  readonly attempt: number
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

type InserterOptions = {
  readonly insert: (path: string) => Promise<void>
  readonly disk: SpoolDisk
  readonly onEvent: (event: SpoolEvent) => void
  /** Called each time the last file is done. */
  readonly onIdle: () => void
}

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 30_000

/**
 * Hands sealed files to the engine, one after the other in their order, and deletes each when the engine has it. A file
 * that the engine refuses is tried again for as long as it takes: it holds acknowledged documents.
 */
export class Inserter {
  readonly #options: InserterOptions
  #queue: SealedFile[] = []
  #barriers: Barrier[] = []
  #insertedThrough = 0
  #attempts = 0
  #running: Promise<void> | undefined
  #closed = false
  #wake: (() => void) | undefined

  constructor(options: InserterOptions) {
    this.#options = options
  }

  get pendingBytes(): number {
    return this.#queue.reduce((sum, file) => sum + file.bytes, 0)
  }

  /** The number of the last file that the engine took; it has those before, too. */
  get insertedThrough(): number {
    return this.#insertedThrough
  }

  get busy(): boolean {
    return this.#running !== undefined
  }

  add(file: SealedFile): void {
    this.#queue.push(file)
    this.#run()
  }

  isWaitedFor(sequence: number): boolean {
    return this.#barriers.some((barrier) => barrier.sequence >= sequence)
  }

  /**
   * Resolves once all files up to this number are in the engine; rejects when the engine refuses one, in an attempt that
   * began after this was asked: what was wrong with an earlier one may be over.
   */
  inserted(sequence: number, signal?: AbortSignal): Promise<void> {
    if (this.#insertedThrough >= sequence) return Promise.resolve()
    // A reader is worth another try at once, however long the pause after the last one was to be.
    this.#wake?.()
    return new Promise((resolve, reject) => {
      const barrier = { sequence, attempt: this.#attempts, resolve, reject }
      this.#barriers.push(barrier)
      signal?.addEventListener(
        'abort',
        () => {
          this.#barriers = this.#barriers.filter((other) => other !== barrier)
          reject(signal.reason as Error)
        },
        { once: true },
      )
    })
  }

  /** Goes on for at most this long, whatever the engine does; what remains is found again at the next start. */
  async close(graceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs)
    })
    await Promise.race([this.#running, grace])
    clearTimeout(timer)
    this.#stop()
  }

  #stop(): void {
    this.#closed = true
    this.#wake?.()
  }

  #run(): void {
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined
      if (this.#queue.length > 0 && !this.#closed) this.#run()
      else this.#options.onIdle()
    })
  }

  async #drain(): Promise<void> {
    let retryMs = FIRST_RETRY_MS
    for (let file = this.#queue[0]; file !== undefined && !this.#closed; file = this.#queue[0]) {
      this.#attempts += 1
      try {
        await this.#handOver(file)
        this.#queue.shift()
        this.#insertedThrough = file.sequence
        this.#answer()
        retryMs = FIRST_RETRY_MS
      } catch (error) {
        this.#options.onEvent({ kind: 'insert-failed', path: file.path, error: error as Error, retryMs })
        this.#refuse(error as Error)
        if (this.#barriers.length === 0) await this.#pause(retryMs)
        retryMs = Math.min(LAST_RETRY_MS, retryMs * 2)
      }
    }
  }

  async #handOver(file: SealedFile): Promise<void> {
    const { disk, insert } = this.#options
    if (file.bytes > 0) {
      if (file.suspect) await disk.truncate(file.path, recoverFrames(await disk.read(file.path)).soundBytes)
      await insert(file.path)
    }
    await disk.remove(file.path)
  }

  #answer(): void {
    const done = this.#barriers.filter((barrier) => barrier.sequence <= this.#insertedThrough)
    this.#barriers = this.#barriers.filter((barrier) => barrier.sequence > this.#insertedThrough)
    for (const barrier of done) barrier.resolve()
  }

  #refuse(error: Error): void {
    const refused = this.#barriers.filter((barrier) => barrier.attempt < this.#attempts)
    this.#barriers = this.#barriers.filter((barrier) => barrier.attempt >= this.#attempts)
    for (const barrier of refused)
      barrier.reject(new Error('the store did not take the newest documents', { cause: error }))
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        this.#wake = undefined
        resolve()
      }
    })
  }
}
