import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createApi } from '../api/dispatch.ts'
import { createOperations } from '../api/operations.ts'
import { createIngest } from '../ingest/create-ingest.ts'
import { Stamps } from '../ingest/stamps.ts'
import { TraceSizes } from '../ingest/trace-sizes.ts'
import { createTraceQueries } from '../query/create-trace-queries.ts'
import { Spool } from '../spool/spool.ts'
import { createChdbEngine } from '../store/chdb/chdb-engine.ts'
import { createClickHouseEngine } from '../store/clickhouse/clickhouse-engine.ts'
import { createMemoryStore } from '../store/memory/memory-store.ts'
import { createSqlStore } from '../store/sql/sql-store.ts'
import { StoreOpenError } from '../store/store.ts'
import type { TraceStore } from '../store/store.ts'
import { restEnvelope } from '../wire/aws/rest-envelope.ts'
import { createDocumentReader } from '../wire/xray/read-document.ts'
import { readSegmentDocument } from '../wire/xray/read-segment-document.ts'
import { defaultReaderOptions } from '../wire/xray/reader-options.ts'
import { writeDocument } from '../wire/xray/write-document.ts'
import type { Config } from './config.ts'
import { ClosingStack } from './closing-stack.ts'
import { openDataDirectory } from './data-directory.ts'
import { createHttpServer } from './http-server.ts'
import { listenBoth } from './listen-both.ts'
import { openLog } from './log.ts'
import type { Log } from './log.ts'
import { rejectionLog, spoolLog, udpLogs } from './operator-log.ts'
import { readyScreen } from './ready-screen.ts'
import type { ServerAddress } from './ready-screen.ts'
import { StartError } from './start-error.ts'
import { createUdpListener } from './udp-listener.ts'

/** A server that answers. */
export type RunningServer = {
  readonly address: ServerAddress
  /** Stops accepting, answers what is under way, stores what was acknowledged, gives everything back. */
  stop(): Promise<void>
}

/** The process around the server. */
export type Host = {
  readonly print: (line: string) => void
  /** The version of this program. */
  readonly version: string
}

/** Large files make large parts, which need fewer merges (shared measurements: 27 µs a document at 64 MB, 34 at 16). */
const SEAL_BYTES = 64 * 2 ** 20
/** Readers seal what they need; this is for those who read the engine without asking this process. */
const SEAL_AFTER_MS = 5_000
/** Traces whose size is remembered, twice: tens of megabytes (`TraceSizes`). */
const REMEMBERED_TRACES = 100_000
/** A call's body (spec/ingest §1.7), and all of those that are in memory at a time. */
const BODY_LIMITS = { maxBodyBytes: 10 * 2 ** 20, maxBodiesInFlightBytes: 128 * 2 ** 20 }
const UDP_RECEIVER = new URL('./udp-receiver.js', import.meta.url)
const HTTP_GRACE_MS = 3_000
const SPOOL_GRACE_MS = 4_000

/**
 * Starts everything, in order, and answers when both sockets are open. What it opened it closes in reverse, also when a
 * later step fails. Rejects with a `StartError` for what the operator can mend.
 */
export async function serve(config: Config, host: Host): Promise<RunningServer> {
  const opened = new ClosingStack()
  try {
    const address = await open(config, host, opened)
    return { address, stop: () => opened.close() }
  } catch (error) {
    await opened.close()
    throw error
  }
}

async function open(config: Config, host: Host, opened: ClosingStack): Promise<ServerAddress> {
  const log = openLog(config.logLevel)
  const now = Date.now
  const directory = await openDataDirectory(config.dataDir, config.ephemeral)
  opened.defer(() => directory.close())

  const store = createStore(config.store, directory.path)
  opened.defer(async () => store[Symbol.asyncDispose]())
  await openStore(store)
  const spool = await openSpool(config, directory.path, store, log)
  opened.defer(() => spool.close(SPOOL_GRACE_MS))

  const ingest = createIngest({
    spool,
    now,
    read: createDocumentReader(readerOptions(config)),
    stamps: new Stamps(Math.max(await store.lastReceived(), spool.lastStamp)),
    sizes: new TraceSizes(config.traceLimitBytes, REMEMBERED_TRACES),
    onRejection: rejectionLog(log, now),
  })
  const queries = createTraceQueries({
    store,
    readDocument: readSegmentDocument,
    freshen: () => spool.freshen(),
    now: () => now() / 1000,
  })
  const tenant = { account: config.account, region: config.region }
  const api = createApi({
    operations: createOperations({ ingest, queries, writeDocument, clock: now }),
    chooseForm: restEnvelope(config.envelope),
    defaultTenant: tenant,
    version: host.version,
    clock: now,
    newRequestId: randomUUID,
    log,
  })

  const http = createHttpServer({ api, log, ...BODY_LIMITS })
  const udp = createUdpListener({ ingest, tenant, receiver: UDP_RECEIVER, ...udpLogs(log, now) })
  opened.defer(() => udp.close())
  opened.defer(() => http.close(HTTP_GRACE_MS))
  const address = await listenBoth(http, udp, config)
  for (const line of readyScreen(config, address, host.version, directory.path)) host.print(line)
  return address
}

async function openStore(store: TraceStore): Promise<void> {
  try {
    await store.open()
  } catch (error) {
    if (error instanceof StoreOpenError) throw new StartError(error.message, { cause: error })
    throw error
  }
}

function createStore(choice: Config['store'], directory: string): TraceStore {
  switch (choice.kind) {
    case 'chdb':
      return createSqlStore(createChdbEngine({ directory }))
    case 'clickhouse':
      return createSqlStore(createClickHouseEngine({ url: choice.url }))
    case 'memory':
      return createMemoryStore()
    default:
      return choice satisfies never
  }
}

async function openSpool(config: Config, directory: string, store: TraceStore, log: Log): Promise<Spool> {
  const path = join(directory, 'spool')
  await mkdir(path, { recursive: true, mode: 0o700 })
  return Spool.open({
    directory: path,
    limitBytes: config.spoolLimitBytes,
    sealBytes: SEAL_BYTES,
    sealAfterMs: SEAL_AFTER_MS,
    insert: (file) => store.insert(file),
    onEvent: spoolLog(log),
  })
}

function readerOptions(config: Config): typeof defaultReaderOptions {
  return {
    ...defaultReaderOptions,
    names: config.names,
    nonFinite: !config.strictJson,
    doubleEncoding: config.doubleEncoding,
    traceIdEpochCheck: config.traceIdEpochCheck,
    maxPastSeconds: config.maxPastSeconds === Infinity ? 0 : config.maxPastSeconds,
    maxFutureSeconds: config.maxFutureSeconds,
    utf8Length: (text) => Buffer.byteLength(text),
  }
}
