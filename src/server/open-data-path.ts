import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Assembler } from '../ingest/assembler.ts'
import { MinuteKeeper } from '../ingest/graph-minutes.ts'
import { createIngest } from '../ingest/create-ingest.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { watchEventLoop } from '../ingest/spare-time.ts'
import { Stamps } from '../ingest/stamps.ts'
import { TraceSizes } from '../ingest/trace-sizes.ts'
import type { Rejection } from '../model/outcome.ts'
import type { Tenant } from '../model/tenant.ts'
import type { Source } from '../ingest/ingest.ts'
import { createMinuteCounter } from '../query/count-minute.ts'
import { createTraceQueries } from '../query/create-trace-queries.ts'
import { createGraphQueries } from '../query/graph-queries.ts'
import type { GraphQueries } from '../query/graphs.ts'
import { createTraceSearches } from '../query/search.ts'
import type { TraceSearches } from '../query/searches.ts'
import type { TraceQueries } from '../query/traces.ts'
import { Spool } from '../spool/spool.ts'
import type { GraphMinutes } from '../store/graph-minutes.ts'
import type { TraceStore } from '../store/store.ts'
import { otlpKey } from '../wire/otlp/otlp-in-xray.ts'
import { createDocumentReader } from '../wire/xray/read-document.ts'
import { searchFactsOfText } from '../wire/xray/find-search-facts.ts'
import { readOutline } from '../wire/xray/read-outline.ts'
import { readSegmentDocument } from '../wire/xray/read-segment-document.ts'
import { defaultReaderOptions } from '../wire/xray/reader-options.ts'
import type { ClosingStack } from './closing-stack.ts'
import type { Config } from './config.ts'
import type { Log } from './log.ts'
import { spoolLog } from './operator-log.ts'
import { fileMark } from './progress-mark.ts'
import { readerFreshness } from './reader-freshness.ts'

/** Large files make large parts, which need fewer merges (docs/performance.md). */
const SEAL_BYTES = 40 * 2 ** 20
/** Readers seal what they need; this is for those who read the engine without asking this process. */
const SEAL_AFTER_MS = 5_000
/** Traces whose size is remembered, twice: tens of megabytes (`TraceSizes`). */
const REMEMBERED_TRACES = 100_000
/** Of traces in motion, and of those that were let go; what is forgotten is read again if it comes back. */
const OPEN_TRACES_BYTES = 64 * 2 ** 20
const PACKED_TRACES_BYTES = 64 * 2 ** 20
const SPOOL_GRACE_MS = 4_000
/** Minutes of graphs are counted when they were left alone for so long: counting costs as much as taking documents. */
const COUNT_AFTER_MS = 60_000

/** What the way of a document needs from outside. */
export type DataPathParts = {
  readonly config: Config
  readonly directory: string
  readonly store: TraceStore
  /** Beside this store. */
  readonly minutes: GraphMinutes
  readonly log: Log
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly onRejection: (rejection: Rejection, tenant: Tenant, source: Source, text: string) => void
  readonly onOtlp: (count: number, tenant: Tenant, source: Source) => void
  /** Called around each insert of a spool file. */
  readonly timeInsert: (insert: () => Promise<void>) => Promise<void>
}

/** The way of a document, in and out. */
export type DataPath = {
  readonly spool: Spool
  readonly assembler: Assembler
  readonly keeper: MinuteKeeper
  readonly ingest: Ingest
  readonly queries: TraceQueries
  readonly graphs: GraphQueries
  readonly searches: TraceSearches
}

/** Puts the way of a document together (design §2), and takes over what an earlier run left in the spool. */
export async function openDataPath(parts: DataPathParts, opened: ClosingStack): Promise<DataPath> {
  const { config, directory, store, minutes, log, now } = parts
  const spool = await openSpool(parts, opened)
  const writeRows: TraceStore['writeRows'] = async (rows, obsolete) => {
    await store.writeRows(rows, obsolete)
    keeper.touched(rows)
  }
  const lastStamp = Math.max(await store.lastStamp(), spool.lastStamp)
  const stamps = new Stamps(lastStamp)
  const assembler = new Assembler({
    store: { ...store, writeRows },
    stamps,
    now,
    freshen: () => spool.freshen(),
    storeHasTraces: lastStamp > 0,
    searchFacts: searchFactsOfText,
    memoryLimitBytes: OPEN_TRACES_BYTES,
    packedLimitBytes: PACKED_TRACES_BYTES,
    mark: fileMark(directory, markName(config), now),
    onError: (error) => log.error({ err: error }, 'rows of traces could not be written; it is tried again'),
  })
  assembler.start()
  opened.defer(() => assembler.close())

  const { readers, onStored, isAsked } = readerFreshness(spool, assembler, now)
  const ingest = createIngest({
    spool,
    stamps,
    assembler,
    otlpKey,
    now,
    read: createDocumentReader(readerOptions(config)),
    sizes: new TraceSizes(config.traceLimitBytes, REMEMBERED_TRACES),
    onRejection: parts.onRejection,
    onOtlp: parts.onOtlp,
    onStored,
  })
  const read = { ...readers, store, readDocument: readSegmentDocument, readOutline, now: () => now() / 1000 }
  const keeper = new MinuteKeeper({
    minutes,
    count: createMinuteCounter(read),
    freshen: async () => {
      await assembler.flush()
      await spool.freshen()
    },
    newStamp: () => stamps.take(1, now()),
    watch: watchEventLoop,
    isAsked,
    quietMs: COUNT_AFTER_MS,
    now,
    onError: (error) => log.error({ err: error }, 'minutes of the service graph could not be kept; it is tried again'),
  })
  keeper.start()
  opened.defer(() => keeper.close())
  return {
    spool,
    assembler,
    keeper,
    ingest,
    queries: createTraceQueries(read),
    graphs: createGraphQueries({ ...read, minutes, offer: (counted) => keeper.offer(counted) }),
    searches: createTraceSearches(read),
  }
}

async function openSpool(
  { config, directory, store, log, timeInsert }: DataPathParts,
  opened: ClosingStack,
): Promise<Spool> {
  const spoolDirectory = join(directory, 'spool')
  await mkdir(spoolDirectory, { recursive: true, mode: 0o700 })
  const spool = await Spool.open({
    directory: spoolDirectory,
    limitBytes: config.spoolLimitBytes,
    sealBytes: SEAL_BYTES,
    sealAfterMs: SEAL_AFTER_MS,
    insert: (file) => timeInsert(() => store.insert(file)),
    onEvent: spoolLog(log),
  })
  opened.defer(() => spool.close(SPOOL_GRACE_MS))
  return spool
}

/** How far the rows have come is a fact of one store: another store behind the same directory has its own. */
function markName({ store }: Config): string {
  if (store.kind !== 'clickhouse') return 'assembled'
  return `assembled-${createHash('sha256').update(store.url).digest('hex').slice(0, 16)}`
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
