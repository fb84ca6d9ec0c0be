import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { finished } from 'node:stream/promises'
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import type { InsertRows, SqlEngine, SqlParams, SqlRow } from '../sql/engine.ts'
import { boundRequest } from './bound-request.ts'
import { explainFailure } from './explain-failure.ts'
import { readServerUrl, type ServerAddress } from './server-url.ts'

export type ClickHouseOptions = {
  /** `http(s)://user:password@host:8123/database`. */
  readonly url: string
}

/** An insert of a large file, or a change of the schema, takes as long as it takes: this is silence on the socket. */
const WRITE_TIMEOUT_MS = 10 * 60_000
const READ_TIMEOUT_MS = 60_000
const READ_CONNECTIONS = 8

const UNKNOWN_DATABASE = '81'

const EVERY_REQUEST = {
  // The answer begins when the statement has ended, so that a failure halfway is an error and not half an answer.
  wait_end_of_query: 1,
  output_format_json_quote_64bit_integers: 0,
} as const

const INSERT_SETTINGS = {
  // Durable at the answer, whatever the server's profile says of asynchronous inserts.
  async_insert: 0,
  // A retried file whose rows were dropped as "seen before" would not reach `trace_index` any more. Rows that come
  // twice change no answer, so nothing has to be dropped.
  insert_deduplicate: 0,
  max_insert_threads: '1',
  // Late documents may spread over many days.
  max_partitions_per_insert_block: '0',
} as const

type Clients = { readonly writer: ClickHouseClient; readonly reader: ClickHouseClient }

/**
 * A ClickHouse server over HTTP, by the official client. One client writes and another reads, each with connections of
 * its own. No message of an error holds the password.
 */
export function createClickHouseEngine(options: ClickHouseOptions): SqlEngine {
  let clients: Clients | undefined
  let address: ServerAddress | undefined

  const opened = (): Clients => {
    if (clients === undefined) throw new Error('the store is not open')
    return clients
  }
  /** Runs what asks the server, and makes of its failures errors that may be shown. */
  const asking = async <T>(ask: (clients: Clients) => Promise<T>, signal?: AbortSignal): Promise<T> => {
    const current = opened()
    try {
      signal?.throwIfAborted()
      return await ask(current)
    } catch (error) {
      signal?.throwIfAborted()
      throw address === undefined ? error : explainFailure(error as Error, address)
    }
  }
  const run = (sql: string, params: SqlParams = {}): Promise<void> =>
    asking(async ({ writer }) => {
      await writer.command({ query: sql, query_params: params })
    })
  const query = (sql: string, params: SqlParams = {}, signal?: AbortSignal): Promise<readonly SqlRow[]> =>
    asking(async ({ reader }) => {
      const answer = await reader.query({
        query: sql,
        query_params: params,
        format: 'JSON',
        ...(signal === undefined ? {} : { abort_signal: signal }),
      })
      return (await answer.json<SqlRow>()).data
    }, signal)

  return {
    async open() {
      if (clients !== undefined) throw new Error('the store was opened before')
      address = readServerUrl(options.url)
      clients = {
        writer: connect(address, address.database, WRITE_TIMEOUT_MS, 2),
        reader: connect(address, address.database, READ_TIMEOUT_MS, READ_CONNECTIONS),
      }
      try {
        await createDatabaseIfMissing(clients.writer, address)
      } catch (error) {
        await close(clients)
        clients = undefined
        throw explainFailure(error as Error, address)
      }
    },

    run,
    query,
    queryBytes: (sql, params = {}, signal) => asking(({ reader }) => readBytes(reader, sql, params, signal), signal),
    queryByKeys: (sql, keys, signal) => asking(({ reader }) => readBytes(reader, sql, keys, signal), signal),

    insertFile: (path, insert) => asking(({ writer }) => insertFile(writer, path, insert)),

    insertBytes: (rows, insert) => asking(({ writer }) => insertStream(writer, Readable.from([rows]), insert)),

    async check(signal) {
      try {
        await query('SELECT 1', {}, signal)
        return { ok: true }
      } catch (error) {
        return { ok: false, error: error as Error }
      }
    },

    async [Symbol.asyncDispose]() {
      const closing = clients
      clients = undefined
      if (closing !== undefined) await close(closing)
    },
  }
}

async function readBytes(
  client: ClickHouseClient,
  sql: string,
  params: SqlParams,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const { stream } = await client.exec({
    ...(await boundRequest(`${sql}\nFORMAT RowBinary`, params)),
    ...(signal === undefined ? {} : { abort_signal: signal }),
  })
  return buffer(stream)
}

async function insertFile(client: ClickHouseClient, path: string, insert: InsertRows): Promise<void> {
  // Opened first, so that a missing file is an error of this call, and not of a stream that nobody listens to yet.
  const handle = await open(path)
  try {
    await insertStream(client, handle.createReadStream({ highWaterMark: 2 ** 18, autoClose: false }), insert)
  } finally {
    await handle.close()
  }
}

async function insertStream(client: ClickHouseClient, rows: Readable, insert: InsertRows): Promise<void> {
  const { table, columns, structure } = insert
  // `input` takes the frame's columns off the rows: they are in the structure, and not in the columns.
  const query = `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM input('${structure}') FORMAT RowBinary`
  try {
    const { stream } = await client.exec({ query, values: rows, clickhouse_settings: INSERT_SETTINGS })
    // The socket is free for the next request only when the answer, which is empty, was read to its end.
    await finished(stream.resume())
  } finally {
    rows.destroy()
  }
}

function connect(address: ServerAddress, database: string, timeoutMs: number, connections: number): ClickHouseClient {
  return createClient({
    url: address.origin,
    username: address.user,
    password: address.password,
    database,
    application: 'radiograph',
    request_timeout: timeoutMs,
    max_open_connections: connections,
    clickhouse_settings: EVERY_REQUEST,
    // Lists of ids outgrow what a URL may hold.
    use_multipart_params_auto: true,
    log: { level: ClickHouseLogLevel.OFF },
  })
}

/** Asks for the database first: a user who may only use it has no right to create it, even if it exists. */
async function createDatabaseIfMissing(client: ClickHouseClient, address: ServerAddress): Promise<void> {
  try {
    await client.command({ query: 'SELECT 1' })
  } catch (error) {
    if (!(error instanceof ClickHouseError) || error.code !== UNKNOWN_DATABASE) throw error
    // The database of a request must exist, so this one asks in the user's own default.
    await using anywhere = connect(address, 'default', READ_TIMEOUT_MS, 1)
    await anywhere.command({ query: `CREATE DATABASE IF NOT EXISTS \`${address.database}\`` })
  }
}

async function close({ reader, writer }: Clients): Promise<void> {
  await reader.close()
  await writer.close()
}
