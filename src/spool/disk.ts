import { open, readdir, readFile, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'

/** One spool file that is being written. */
export interface OpenFile {
  /** Appends all bytes, or rejects. After a rejection any part of them MAY be in the file. */
  append(bytes: Buffer): Promise<void>
  /** Resolves once everything appended would survive a power failure. */
  sync(): Promise<void>
  /** Cuts the file. */
  truncate(lengthBytes: number): Promise<void>
  close(): Promise<void>
}

/** The file operations of the spool, apart so that a test can make each of them fail. */
export interface SpoolDisk {
  /** Creates a file, its name durable when this resolves. Rejects if it exists. */
  create(path: string): Promise<OpenFile>
  /** Names of all files in the directory, in no order. */
  list(directory: string): Promise<readonly string[]>
  read(path: string): Promise<Buffer>
  truncate(path: string, lengthBytes: number): Promise<void>
  remove(path: string): Promise<void>
}

/** The real disk. */
export const nodeDisk: SpoolDisk = {
  async create(path) {
    const handle = await open(path, 'wx', 0o600)
    try {
      await syncDirectory(join(path, '..'))
    } catch (error) {
      await handle.close()
      throw error
    }
    let end = 0
    return {
      async append(bytes) {
        for (let done = 0; done < bytes.length;) {
          const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, end)
          done += bytesWritten
          end += bytesWritten
        }
      },
      sync: () => handle.datasync(),
      async truncate(lengthBytes) {
        await handle.truncate(lengthBytes)
        end = lengthBytes
      },
      close: () => handle.close(),
    }
  },
  list: (directory) => readdir(directory),
  read: (path) => readFile(path),
  truncate: (path, lengthBytes) => truncate(path, lengthBytes),
  remove: (path) => rm(path, { force: true }),
}

/** A new file's name is durable only once its directory is; fdatasync of the file says nothing about it. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
