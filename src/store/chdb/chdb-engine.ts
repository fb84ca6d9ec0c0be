import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ChdbResult, drainPending, Session } from 'chdb'
import type { InsertRows, SqlEngine, SqlParams, SqlRow } from '../sql/engine.ts'
import { LARGE_TABLES } from '../sql/schema.ts'
import { StoreOpenError } from '../store.ts'
import { MergePace } from './merge-pace.ts'
import { Readers } from './readers.ts'

export type ChdbOptions = {
  /** The data directory. The engine keeps its files in `chdb` below it; one process at a time. */
  readonly directory: string
  /** How many statements that read by keys are answered at a time (`readersOf`); absent, one. */
  readonly readers?: number
}

type Sessions = {
  /** For files, which are large, and for statements. */
  readonly writer: Session
  /** For rows in memory, which are few and must not wait for a file. */
  readonly rowWriter: Session
  readonly readers: Readers
}

const DATABASE = 'radiograph'

/**
 * Server settings, which have to be given when the engine opens. Caches are sized for a laptop, and merges for a
 * machine whose cores the application under test needs: they take what others leave, this program first of all.
 */
const CONNECTION_ARGS: readonly string[] = [
  '--mark_cache_size=67108864',
  '--uncompressed_cache_size=0',
  '--background_pool_size=2',
  '--os_threads_nice_value_merge_mutate=10',
]

/** Nobody waits for an insert as he waits for a question. Without the right to set priorities, the engine leaves them. */
const WRITER_SETTINGS = 'SET os_threads_nice_value_query = 5'

/** What `file()` takes for a pattern, without any escape: it would find no file, and insert nothing without an error. */
const GLOB = /[*?{}]/

/**
 * ClickHouse inside this process (chDB). Two sessions write and two read, because statements of one session wait for each
 * other, while sessions on the same directory do not. Only bound statements do, of all sessions: those that read by keys
 * are not bound. Each call takes a thread of Node's pool for as long as it runs, and the spool's syncs need one at any
 * time: in a pool of four, which is Node's default, there is one session to read.
 */
export function createChdbEngine(options: ChdbOptions): SqlEngine {
  let sessions: Sessions | undefined
  const pace = new MergePace({
    apply: (base) => mergeAt(opened().rowWriter, base),
    onError: (error) => process.emitWarning(error),
  })

  const opened = (): Sessions => {
    if (sessions === undefined) throw new Error('the store is not open')
    return sessions
  }

  const query = async (sql: string, params: SqlParams, signal?: AbortSignal): Promise<readonly SqlRow[]> =>
    (await opened().readers.ask('JSON', sql, params, signal)).json<{ data: SqlRow[] }>().data

  return {
    async open() {
      if (sessions !== undefined) throw new Error('the store was opened before')
      refusePattern(options.directory)
      try {
        // Kept before anything is asked of them, so that they are closed whatever comes of it.
        sessions = await newSessions(join(options.directory, 'chdb'), options.readers ?? 1)
        await useDatabase(sessions)
        pace.start()
      } catch (error) {
        throw openError(error as Error, options.directory)
      }
    },

    run: async (sql, params = {}) => void (await opened().writer.queryBindAsync(sql, params)),

    query: (sql, params = {}, signal) => query(sql, params, signal),

    queryBytes: async (sql, params = {}, signal) =>
      bytesOf(await opened().readers.ask('RowBinary', sql, params, signal)),

    queryByKeys: async (sql, keys, signal) => bytesOf(await opened().readers.askByKeys(sql, keys, signal)),

    async insertFile(path, insert) {
      await insertInto(opened().writer, path, insert)
      pace.inserted((await stat(path)).size)
    },

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
      pace.close()
      const closing = sessions === undefined ? [] : allOf(sessions).toReversed()
      sessions = undefined
      for (const session of closing) session.close()
      await drainPending()
    },
  }
}

async function newSessions(path: string, readers: number): Promise<Sessions> {
  await mkdir(path, { recursive: true })
  const open = (): Session => new Session(path, { connectionArgs: [...CONNECTION_ARGS] })
  return { writer: open(), rowWriter: open(), readers: new Readers(Array.from({ length: readers }, open)) }
}

function bytesOf(answer: ChdbResult): Buffer {
  const bytes = answer.bytes()
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

async function useDatabase(sessions: Sessions): Promise<void> {
  await sessions.writer.queryAsync(`CREATE DATABASE IF NOT EXISTS ${DATABASE}`)
  for (const session of allOf(sessions)) {
    await session.queryAsync(`USE ${DATABASE}`)
  }
  await sessions.readers.setUp()
  for (const session of [sessions.writer, sessions.rowWriter]) await session.queryAsync(WRITER_SETTINGS)
}

/**
 * See `MergePace`. A change of the table's description alone: merges that run go on. A table that is not there yet has
 * nothing to merge.
 */
async function mergeAt(session: Session, base: number): Promise<void> {
  for (const table of LARGE_TABLES) {
    if ((await session.queryAsync(`EXISTS TABLE ${table}`)).text().trim() !== '1') continue
    await session.queryAsync(`ALTER TABLE ${table} MODIFY SETTING merge_selector_base = ${base}`)
  }
}

function refusePattern(directory: string): void {
  if (!GLOB.test(directory)) return
  throw new StoreOpenError(`the data directory ${directory} has one of * ? { } in its path: choose another with --data`)
}

function allOf({ writer, rowWriter, readers }: Sessions): readonly Session[] {
  return [writer, rowWriter, ...readers.sessions]
}

async function insertInto(session: Session, path: string, { table, columns, structure }: InsertRows): Promise<void> {
  if (GLOB.test(path)) throw new Error(`the path ${path} has one of * ? { } in it`)
  // Not bound: chDB runs bound statements of all sessions one after the other, so reads would wait for this one.
  await session.queryAsync(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM file(${quote(path)}, RowBinary, ${quote(structure)}) ` +
      // What is there twice is put together by merges; to look for it here takes a fifth of the insert.
      'SETTINGS max_threads = 1, max_insert_threads = 1, max_partitions_per_insert_block = 0, optimize_on_insert = 0',
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
