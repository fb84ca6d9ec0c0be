import { createHash } from 'node:crypto'
import { access, constants, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartError } from './start-error.ts'

/** A directory that belongs to this process alone until it is closed. */
export type DataDirectory = {
  readonly path: string
  /** Gives the directory back; an ephemeral one is removed with all it holds. */
  close(): Promise<void>
}

/** Socket paths are limited to about this many bytes by the kernel. */
const MAX_SOCKET_PATH = 100

/**
 * Creates the directory if need be and locks it. Throws a `StartError` when it cannot be written, or when another
 * process has it.
 *
 * The lock is a socket that this process listens on: unlike a file with a process number it cannot outlive a kill −9,
 * since a socket that nobody listens on refuses connections.
 */
export async function openDataDirectory(dataDir: string, ephemeral: boolean): Promise<DataDirectory> {
  if (ephemeral) {
    const path = await mkdtemp(join(tmpdir(), 'radiograph-'))
    return { path, close: () => rm(path, { recursive: true, force: true }) }
  }
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException
    throw new StartError(
      `cannot write to the data directory ${dataDir} (${code}): choose another with --data, or use --ephemeral`,
      { cause: error },
    )
  }
  const path = await realpath(dataDir)
  const lock = await lockDirectory(path)
  return { path, close: () => new Promise((resolve) => lock.close(() => resolve())) }
}

async function lockDirectory(path: string): Promise<Server> {
  const inside = join(path, 'lock.sock')
  const name = createHash('sha256').update(path).digest('hex').slice(0, 32)
  const socket = Buffer.byteLength(inside) <= MAX_SOCKET_PATH ? inside : join(tmpdir(), `radiograph-${name}.sock`)
  const first = await listen(socket)
  if (first !== undefined) return first
  if (!(await isAlive(socket))) {
    await rm(socket, { force: true })
    const second = await listen(socket)
    if (second !== undefined) return second
  }
  throw new StartError(`another Radiograph is using the data directory ${path}: stop it, or choose another with --data`)
}

/** The server, or nothing when the socket exists. */
function listen(socket: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => connection.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(new StartError(`cannot lock the data directory with ${socket}: ${error.message}`, { cause: error }))
    })
    server.listen(socket, () => {
      server.unref()
      resolve(server)
    })
  })
}

function isAlive(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket)
    connection.once('connect', () => {
      connection.destroy()
      resolve(true)
    })
    connection.once('error', () => resolve(false))
  })
}
