import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ChdbResult, drainPending, Session } from 'chdb'
import type { InsertRows, SqlEngine, SqlParams, SqlRow } from '../sql/engine.ts'
import { StoreOpenError } from '../store.ts'
import { Turns } from './turns.ts'

export type ChdbOptions = {
  /** The data directory. The engine keeps its files in `chdb` below it; one process at a time. */
  readonly directory: string
}

type Sessions = {
  /** For files, which are large, and for statements. */
  readonly writer: Session
  /** For rows in memory, which are few and must not wait for a file. */
  readonly rowWriter: Session
  readonly reader: Session
}

const DATABASE = 'radiograph'

/**
 * Server settings, which have to be given when the engine opens. Caches are sized for a laptop, and merges for a
 * machine whose cores the application under test needs.
 */
const CONNECTION_ARGS: readonly string[] = [
  '--mark_cache_size=67108864',
  '--uncompressed_cache_size=0',
  '--background_pool_size=2',
]

/** What `file()` takes for a pattern, without any escape: it would find no file, and insert nothing without an error. */
const GLOB = /[*?{}]/

/**
 * ClickHouse inside this process (chDB). Two sessions write and one reads, because queries of one session wait for its
 * inserts, while sessions on the same directory do not wait for each other. There is one for reading, since chDB runs
 * bound statements of all sessions one after the other. Each call takes a thread of Node's pool for as long as it runs;
 * there are four, and the spool's syncs need one at any time.
 */
export function createChdbEngine(options: ChdbOptions): SqlEngine {
  let sessions: Sessions | undefined
  const turns = new Turns()

  const opened = (): Sessions => {
    if (sessions === undefined) throw new Error('the store is not open')
    return sessions
  }

  const ask = (format: string, sql: string, params: SqlParams, signal?: AbortSignal): Promise<ChdbResult> => {
    const { reader } = opened()
    const answer = turns.take(async () => {
      signal?.throwIfAborted()
      return reader.queryBindAsync(sql, params, { format })
    })
    return orAborted(answer, signal)
  }
  const query = async (sql: string, params: SqlParams, signal?: AbortSignal): Promise<readonly SqlRow[]> =>
    (await ask('JSON', sql, params, signal)).json<{ data: SqlRow[] }>().data

  return {
    async open() {
      if (sessions !== undefined) throw new Error('the store was opened before')
      refusePattern(options.directory)
      const path = join(options.directory, 'chdb')
      try {
        await mkdir(path, { recursive: true })
        const open = (): Session => new Session(path, { connectionArgs: [...CONNECTION_ARGS] })
        const writer = open()
        sessions = { writer, rowWriter: open(), reader: open() }
        await writer.queryAsync(`CREATE DATABASE IF NOT EXISTS ${DATABASE}`)
        for (const session of allOf(sessions)) {
          await session.queryAsync(`USE ${DATABASE}`)
        }
      } catch (error) {
        throw openError(error as Error, options.directory)
      }
    },

    async run(sql, params = {}) {
      await opened().writer.queryBindAsync(sql, params)
    },

    query: (sql, params = {}, signal) => query(sql, params, signal),

    async queryBytes(sql, params = {}, signal) {
      const bytes = (await ask('RowBinary', sql, params, signal)).bytes()
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    },

    insertFile: async (path, insert) => insertInto(opened().writer, path, insert),

    async insertBytes(rows, insert) {
      const { rowWriter } = opened()
      // chDB takes text formats only, but for files.
      const path = join(options.directory, `${insert.table}.rows`)
      await writeFile(path, rows, { mode: 0o600 })
      await insertInto(rowWriter, path, insert)
      await rm(path)
    },

    async check(signal) {
      try {
        await query('SELECT 1', {}, signal)
        return { ok: true }
      } catch (error) {
        return { ok: false, error: error as Error }
      }
    },

    async [Symbol.asyncDispose]() {
      const closing = sessions
      sessions = undefined
      if (closing !== undefined) for (const session of allOf(closing).toReversed()) session.close()
      await drainPending()
    },
  }
}

function refusePattern(directory: string): void {
  if (!GLOB.test(directory)) return
  throw new StoreOpenError(`the data directory ${directory} has one of * ? { } in its path: choose another with --data`)
}

function allOf({ writer, rowWriter, reader }: Sessions): readonly Session[] {
  return [writer, rowWriter, reader]
}

async function insertInto(session: Session, path: string, { table, columns, structure }: InsertRows): Promise<void> {
  if (GLOB.test(path)) throw new Error(`the path ${path} has one of * ? { } in it`)
  // Not bound: chDB runs bound statements of all sessions one after the other, so reads would wait for this one.
  await session.queryAsync(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM file(${quote(path)}, RowBinary, ${quote(structure)}) ` +
      'SETTINGS max_threads = 1, max_insert_threads = 1, max_partitions_per_insert_block = 0',
  )
}

/** A string literal. */
function quote(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`
}

function openError(error: Error, directory: string): StoreOpenError {
  if (/lock|another (server|process|instance)/i.test(error.message)) {
    return new StoreOpenError(
      `another process is using the data directory ${directory}: stop it, or choose another with --data`,
      { cause: error },
    )
  }
  return new StoreOpenError(`cannot open the data directory ${directory}: ${error.message}`, { cause: error })
}

/** The answer, or the signal's reason as soon as it aborts. The engine cannot be stopped, so its turn goes on. */
function orAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return answer
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    void answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
