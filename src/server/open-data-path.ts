import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createIngest } from '../ingest/create-ingest.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { Stamps } from '../ingest/stamps.ts'
import { TraceSizes } from '../ingest/trace-sizes.ts'
import type { Rejection } from '../model/outcome.ts'
import type { Tenant } from '../model/tenant.ts'
import type { Source } from '../ingest/ingest.ts'
import { createTraceQueries } from '../query/create-trace-queries.ts'
import type { TraceQueries } from '../query/traces.ts'
import { Spool } from '../spool/spool.ts'
import type { TraceStore } from '../store/store.ts'
import { otlpKey } from '../wire/otlp/otlp-in-xray.ts'
import { createDocumentReader } from '../wire/xray/read-document.ts'
import { readSegmentDocument } from '../wire/xray/read-segment-document.ts'
import { defaultReaderOptions } from '../wire/xray/reader-options.ts'
import type { ClosingStack } from './closing-stack.ts'
import type { Config } from './config.ts'
import type { Log } from './log.ts'
import { spoolLog } from './operator-log.ts'

/** Large files make large parts, which need fewer merges (docs/performance.md). */
const SEAL_BYTES = 64 * 2 ** 20
/** Readers seal what they need; this is for those who read the engine without asking this process. */
const SEAL_AFTER_MS = 5_000
/** Traces whose size is remembered, twice: tens of megabytes (`TraceSizes`). */
const REMEMBERED_TRACES = 100_000
const SPOOL_GRACE_MS = 4_000

/** What the way of a document needs from outside. */
export type DataPathParts = {
  readonly config: Config
  readonly directory: string
  readonly store: TraceStore
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
  readonly ingest: Ingest
  readonly queries: TraceQueries
}

/** Puts the way of a document together (design §2), and takes over what an earlier run left in the spool. */
export async function openDataPath(parts: DataPathParts, opened: ClosingStack): Promise<DataPath> {
  const { config, directory, store, log, now } = parts
  const spoolDirectory = join(directory, 'spool')
  await mkdir(spoolDirectory, { recursive: true, mode: 0o700 })
  const spool = await Spool.open({
    directory: spoolDirectory,
    limitBytes: config.spoolLimitBytes,
    sealBytes: SEAL_BYTES,
    sealAfterMs: SEAL_AFTER_MS,
    insert: (file) => parts.timeInsert(() => store.insert(file)),
    onEvent: spoolLog(log),
  })
  opened.defer(() => spool.close(SPOOL_GRACE_MS))

  const stamps = new Stamps(Math.max(await store.lastReceived(), spool.lastStamp))
  const ingest = createIngest({
    spool,
    stamps,
    otlpKey,
    now,
    read: createDocumentReader(readerOptions(config)),
    sizes: new TraceSizes(config.traceLimitBytes, REMEMBERED_TRACES),
    onRejection: parts.onRejection,
    onOtlp: parts.onOtlp,
  })
  const queries = createTraceQueries({
    store,
    readDocument: readSegmentDocument,
    freshen: () => spool.freshen(),
    now: () => now() / 1000,
  })
  return { spool, ingest, queries }
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
