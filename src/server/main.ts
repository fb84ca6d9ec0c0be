import { randomBytes, randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { createDemoEndpoint } from '../api/demo-endpoint.ts'
import { createApi, type PathedApi } from '../api/dispatch.ts'
import { createOperations } from '../api/operations.ts'
import { createGraphEndpoints } from '../api/graph-endpoints.ts'
import { createInsightEndpoints } from '../api/insight-endpoints.ts'
import { createOverviewEndpoints } from '../api/overview-endpoints.ts'
import { createSamplingEndpoints } from '../api/sampling-endpoint.ts'
import { createSearchEndpoints } from '../api/search-endpoints.ts'
import { createStatusEndpoint } from '../api/status-endpoint.ts'
import { createTraceEndpoints } from '../api/trace-endpoints.ts'
import { countIntake } from '../ingest/count-intake.ts'
import { createRateLimit, limitCalls } from '../ingest/rate-limit.ts'
import { createChdbEngine } from '../store/chdb/chdb-engine.ts'
import { readersOf } from '../store/chdb/readers.ts'
import { createClickHouseEngine } from '../store/clickhouse/clickhouse-engine.ts'
import type { ControlLog } from '../store/control-log.ts'
import { createMemoryControlLog } from '../store/memory/memory-control-log.ts'
import { createMemoryGraphMinutes } from '../store/memory/memory-graph-minutes.ts'
import { createMemoryStore } from '../store/memory/memory-store.ts'
import { createSqlControlLog } from '../store/sql/control-log.ts'
import type { SqlEngine } from '../store/sql/engine.ts'
import { createSqlGraphMinutes } from '../store/sql/graph-minutes.ts'
import { createSqlStore } from '../store/sql/sql-store.ts'
import type { GraphMinutes } from '../store/graph-minutes.ts'
import { StoreOpenError } from '../store/store.ts'
import type { TraceStore } from '../store/store.ts'
import { restEnvelope } from '../wire/aws/rest-envelope.ts'
import { writeDocument } from '../wire/xray/write-document.ts'
import type { Config } from './config.ts'
import { ClosingStack } from './closing-stack.ts'
import { createConsoleAnswers } from './console-answers.ts'
import { loadConsoleFiles } from './console-files.ts'
import { openDataDirectory } from './data-directory.ts'
import { createHttpServer, type HttpServer } from './http-server.ts'
import { listenBoth } from './listen-both.ts'
import { openLog, type Log } from './log.ts'
import { openControl } from './open-control.ts'
import { openDataPath } from './open-data-path.ts'
import { openInsights } from './open-insights.ts'
import { udpLogs } from './operator-log.ts'
import { openRetrievalJobs } from './open-retrieval-jobs.ts'
import { openOperatorView } from './operator-view.ts'
import { authorities, readyScreen } from './ready-screen.ts'
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

/** A call's body (spec/ingest §1.7), and all of those that are in memory at a time. */
const BODY_LIMITS = { maxBodyBytes: 10 * 2 ** 20, maxBodiesInFlightBytes: 128 * 2 ** 20 }
const UDP_RECEIVER = new URL('./udp-receiver.js', import.meta.url)
const CONSOLE = fileURLToPath(new URL('../console', import.meta.url))
const HTTP_GRACE_MS = 3_000

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

  const { store, controlLog, minutes } = createStores(config.store, directory.path)
  opened.defer(async () => store[Symbol.asyncDispose]())
  await openStore(store)
  const isShared = config.store.kind === 'clickhouse'
  const control = await openControl({ controlLog, isShared, log, now }, opened)
  const { groups, settings, sampling, insights } = control
  const operator = await openOperatorView({ directory: directory.path, version: host.version, log, now }, opened)
  const { metrics, telemetry, onRejection, onOtlp } = operator
  const { timeInsert, countIngest } = metrics
  const { spool, keeper, queries, graphs, searches, ...dataPath } = await openDataPath(
    { config, directory: directory.path, store, minutes, log, now, onRejection, onOtlp, timeInsert },
    opened,
  )
  const retrievalJobs = openRetrievalJobs({ settings, queries, now, log }, opened)
  const { traceLimitBytes: limitBytes, insightsWebhook: webhookUrl } = config
  const notifications = openInsights({ insights, groups, graphs, webhookUrl, now, log }, opened)
  const tenant = { account: config.account, region: config.region }
  const { ingest, intake } = countIntake(dataPath.ingest, now)
  const limit = createRateLimit(config.segmentsPerSecond, now)
  const udp = createUdpListener({
    ingest: countIngest(ingest),
    tenant,
    admit: (documents) => limit.takeUpTo(tenant, documents),
    receiver: UDP_RECEIVER,
    ...udpLogs(log, now),
  })
  const limited = countIngest(limitCalls(ingest, limit))
  let address: ServerAddress = { host: config.host, port: config.port, udpPort: config.udpPort ?? config.port }
  const api = createApi({
    operations: createOperations({
      ingest: limited,
      telemetry,
      queries,
      graphs,
      ...control,
      retrievalJobs,
      writeDocument,
      clock: now,
      traceLimitBytes: limitBytes,
    }),
    own: new Map([
      ...operator.endpoints({ config, directory: directory.path, store, spool, udp, keeper, notifications }),
      ...createSearchEndpoints({ searches, groups, defaultTenant: tenant, clock: now, log }),
      ...createGraphEndpoints({ graphs, groups, defaultTenant: tenant, clock: now }),
      ...createInsightEndpoints({ insights, groups, graphs, defaultTenant: tenant, clock: now, log }),
      ...createOverviewEndpoints({ searches, groups, defaultTenant: tenant, clock: now }),
      ...createSamplingEndpoints({ ...sampling, defaultTenant: tenant, clock: now }),
      ...createStatusEndpoint({
        version: host.version,
        defaultTenant: tenant,
        intake,
        lastStamp: async () => Math.max(await store.lastStamp(), spool.lastStamp),
        addresses: () => authorities(address),
      }),
    ]),
    ownWithIds: createTraceEndpoints({ queries, searches, groups, defaultTenant: tenant, clock: now, limitBytes }),
    ownPosts: createDemoEndpoint({ ingest: limited, defaultTenant: tenant, clock: now }),
    onAnswer: metrics.onAnswer,
    chooseForm: restEnvelope(config.envelope),
    defaultTenant: tenant,
    version: host.version,
    clock: now,
    newRequestId: randomUUID,
    log,
  })

  const http = await createHttp(config, api, log)
  opened.defer(() => udp.close())
  opened.defer(() => http.close(HTTP_GRACE_MS))
  address = await listenBoth(http, udp, config)
  for (const line of readyScreen(config, address, host.version, directory.path)) host.print(line)
  return address
}

/** The socket of the API and of the built console, which lies beside the server. */
async function createHttp(config: Config, api: PathedApi, log: Log): Promise<HttpServer> {
  const { basePath, allowedHosts, frameAncestors } = config
  const console = createConsoleAnswers({
    console: await loadConsoleFiles(CONSOLE),
    isOfApi: api.isOfApi,
    frameAncestors,
    newNonce: () => randomBytes(16).toString('base64'),
  })
  return createHttpServer({ api, console, basePath, allowedHosts, log, ...BODY_LIMITS })
}

/** Opens a store; what the operator can mend becomes a `StartError`. */
export async function openStore(store: TraceStore): Promise<void> {
  try {
    await store.open()
  } catch (error) {
    if (error instanceof StoreOpenError) throw new StartError(error.message, { cause: error })
    throw error
  }
}

/**
 * The store that the operator chose, on this data directory, not open yet. What is beside it can be used while it is
 * open.
 */
export function createStores(choice: Config['store'], directory: string): Stores {
  switch (choice.kind) {
    case 'chdb':
      return sqlStores(createChdbEngine({ directory, readers: readersOf(process.env) }))
    case 'clickhouse':
      return sqlStores(createClickHouseEngine({ url: choice.url }))
    case 'memory':
      return memoryStores()
    default:
      return choice satisfies never
  }
}

type Stores = { readonly store: TraceStore; readonly controlLog: ControlLog; readonly minutes: GraphMinutes }

function memoryStores(): Stores {
  const minutes = createMemoryGraphMinutes()
  return { store: createMemoryStore(minutes.onRows), controlLog: createMemoryControlLog(), minutes }
}

function sqlStores(engine: SqlEngine): Stores {
  return {
    store: createSqlStore(engine),
    controlLog: createSqlControlLog(engine),
    minutes: createSqlGraphMinutes(engine),
  }
}
