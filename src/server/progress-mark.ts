import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A number that is written often and may be old after a crash, never too new. */
export type ProgressMark = { read(): Promise<number>; write(stamp: number): Promise<void> }

/** Twice a second would do; a crash repeats at most what came in this time. */
const WRITE_EVERY_MS = 1_000

/**
 * The mark in a file. Not synced: a power failure may bring an old one back, after which a little is done again. A file
 * that is missing or damaged counts as no progress at all.
 */
export function fileMark(directory: string, name: string, now: () => number): ProgressMark {
  const path = join(directory, name)
  let writtenMs = 0
  return {
    async read() {
      try {
        const stamp = Number((await readFile(path, 'utf8')).trim())
        return Number.isSafeInteger(stamp) && stamp >= 0 ? stamp : 0
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
        throw error
      }
    },
    async write(stamp) {
      if (now() - writtenMs < WRITE_EVERY_MS) return
      writtenMs = now()
      await writeFile(`${path}.new`, `${stamp}\n`, { mode: 0o600 })
      await rename(`${path}.new`, path)
    },
  }
}
