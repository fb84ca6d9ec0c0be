import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

/** A file of the console, as it is and packed. */
export type ConsoleFile = {
  readonly type: string
  /** Of the plain bytes; without quotes. */
  readonly hash: string
  /** Its name changes when its content does. */
  readonly isHashed: boolean
  readonly plain: Buffer
  readonly br?: Buffer
  readonly gzip?: Buffer
}

/** Everything the browser loads. */
export type ConsoleFiles = {
  /** The text of the one page; absent when the console was not built. */
  readonly page?: string
  /** By path, such as `/assets/index-1a2b3c4d.js`. */
  readonly files: ReadonlyMap<string, ConsoleFile>
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.css', 'text/css; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.json', 'application/json'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.webmanifest', 'application/manifest+json'],
])
const PAGE = '/index.html'
const PACKED = /\.(?:br|gz)$/
/** The builder's own notes. */
const HIDDEN = /\/\./

/**
 * Reads the built console into memory. A directory that is not there is a console without a page: the API does not need
 * one.
 */
export async function loadConsoleFiles(directory: string): Promise<ConsoleFiles> {
  const bytes = await readAll(directory)
  const files = new Map<string, ConsoleFile>()
  for (const [path, plain] of bytes) {
    if (path !== PAGE && !PACKED.test(path) && !HIDDEN.test(path)) files.set(path, fileOf(path, plain, bytes))
  }
  const page = bytes.get(PAGE)?.toString('utf8')
  return { files, ...(page === undefined ? {} : { page }) }
}

async function readAll(directory: string): Promise<ReadonlyMap<string, Buffer>> {
  const bytes = new Map<string, Buffer>()
  for (const name of await namesBelow(directory)) {
    bytes.set(`/${name.replaceAll('\\', '/')}`, await readFile(join(directory, name)))
  }
  return bytes
}

async function namesBelow(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

function fileOf(path: string, plain: Buffer, all: ReadonlyMap<string, Buffer>): ConsoleFile {
  const br = all.get(`${path}.br`)
  const gzip = all.get(`${path}.gz`)
  return {
    type: TYPES.get(extname(path)) ?? 'application/octet-stream',
    hash: createHash('sha256').update(plain).digest('base64url').slice(0, 22),
    isHashed: path.startsWith('/assets/'),
    plain,
    ...(br === undefined ? {} : { br }),
    ...(gzip === undefined ? {} : { gzip }),
  }
}
