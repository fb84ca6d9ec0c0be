import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Ingest, Source } from '../ingest/ingest.ts'
import { OverloadError } from '../ingest/ingest.ts'
import type { RejectionCode } from '../model/outcome.ts'
import type { SpoolBacklog } from './spool-backlog.ts'
import type { UdpCounts } from './udp-listener.ts'

/** The server's figures in Prometheus' text format; docs/operations.md lists them, and a test holds it to that. */
export type Metrics = {
  readonly contentType: string
  readonly text: () => Promise<string>
  /** The names of all metrics. */
  readonly names: () => readonly string[]
  /** An answer to an operation, an own path, or neither. */
  readonly onAnswer: (calledFor: string | undefined, status: number, seconds: number) => void
  readonly onRejection: (code: RejectionCode) => void
  /** OTLP strings that were kept. */
  readonly onOtlp: (count: number) => void
  /** Counts what comes in through this door, and what is turned away as a whole. */
  readonly countIngest: (ingest: Ingest) => Ingest
  /** Times the store's taking of a spool file. */
  readonly timeInsert: (insert: () => Promise<void>) => Promise<void>
  /** Where the figures come from that others keep. They are read when the metrics are. */
  readonly watch: (sources: MetricSources) => void
}

/** What others keep. */
export type MetricSources = {
  readonly spoolBytes: () => number
  readonly spoolLimitBytes: number
  readonly spoolBacklog: () => Promise<SpoolBacklog>
  readonly udp: () => UdpCounts
  readonly kernelDrops: () => Promise<number | undefined>
  readonly unloggedRejections: () => number
  /** Absent where nobody keeps minutes. */
  readonly graphMinutesWaiting?: () => number
  /** Absent where nobody watches groups. */
  readonly notifications?: { readonly delivered: number; readonly failed: number }
}

const ANSWER_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const INSERT_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** Operations that read traces and settings; the SDKs' polling for sampling rules is none of them. */
const QUERY = /^(BatchGet|Get(?!Sampling)|List)/

type Tally = Map<string, number>

/**
 * Counts in plain numbers, which the registry reads when it is asked: an event costs an addition, whether or not
 * anybody looks. Documents are counted by the call.
 */
export function createMetrics(version: string, startedMs: number): Metrics {
  const registry = new Registry()
  const documents: Tally = new Map()
  const refused: Tally = new Map()
  const rejected: Tally = new Map()
  const queries: Tally = new Map()
  const single = { otlp: 0, insertFailures: 0 }

  tallied(registry, 'documents_received_total', 'Documents that came in, by source.', ['source'], documents)
  tallied(registry, 'documents_rejected_total', 'Documents that were turned away, by code.', ['code'], rejected)
  const help = 'Documents of calls and batches that were not taken as a whole, by source and reason.'
  tallied(registry, 'documents_refused_total', help, ['source', 'reason'], refused)
  tallied(
    registry,
    'queries_total',
    'Answered calls that read traces or settings, by operation.',
    ['operation'],
    queries,
  )
  counter(
    registry,
    'otlp_strings_total',
    'OTLP strings that came through an X-Ray transport and were kept.',
    () => single.otlp,
  )
  counter(
    registry,
    'store_insert_failures_total',
    'Files that the store did not take at an attempt.',
    () => single.insertFailures,
  )
  registerProcess(registry, version, startedMs)
  const { answers, inserts } = histograms(registry)

  return {
    contentType: registry.contentType,
    text: async () => registry.metrics(),
    names: () => registry.getMetricsAsArray().map(({ name }) => name),
    onAnswer(calledFor, status, seconds) {
      answers.labels(calledFor ?? 'none', `${Math.floor(status / 100)}xx`).observe(seconds)
      if (calledFor !== undefined && QUERY.test(calledFor)) add(queries, calledFor, 1)
    },
    onRejection: (code) => add(rejected, code, 1),
    onOtlp(count) {
      single.otlp += count
    },
    countIngest: (ingest) => ({
      async accept(tenant, texts, source) {
        add(documents, source, texts.length)
        try {
          return await ingest.accept(tenant, texts, source)
        } catch (error) {
          add(refused, refusal(source, error), texts.length)
          throw error
        }
      },
    }),
    async timeInsert(insert) {
      const startMs = performance.now()
      try {
        await insert()
      } catch (error) {
        single.insertFailures += 1
        throw error
      } finally {
        inserts.observe((performance.now() - startMs) / 1000)
      }
    },
    watch: (sources) => registerSources(registry, sources),
  }
}

function histograms(registry: Registry): {
  readonly answers: Histogram<'operation' | 'status'>
  readonly inserts: Histogram
} {
  const answers = new Histogram({
    name: 'radiograph_http_answer_seconds',
    help: 'Time from a whole request to its answer, by operation and class of status.',
    labelNames: ['operation', 'status'],
    buckets: ANSWER_BUCKETS,
    registers: [registry],
  })
  const inserts = new Histogram({
    name: 'radiograph_store_insert_seconds',
    help: 'Time that the store took to take a spool file.',
    buckets: INSERT_BUCKETS,
    registers: [registry],
  })
  return { answers, inserts }
}

/** The labels of a tally are joined by a character that none of them has. */
const SEPARATOR = ' '
const refusal = (source: Source, error: unknown): string =>
  [source, error instanceof OverloadError ? 'overload' : 'failure'].join(SEPARATOR)

function add(tally: Tally, labels: string, count: number): void {
  tally.set(labels, (tally.get(labels) ?? 0) + count)
}

function tallied(registry: Registry, name: string, help: string, labelNames: readonly string[], tally: Tally): void {
  new Counter({
    name: `radiograph_${name}`,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset()
      for (const [labels, count] of tally) this.labels(...labels.split(SEPARATOR)).inc(count)
    },
  })
}

function counter(registry: Registry, name: string, help: string, read: () => number): void {
  new Counter({
    name: `radiograph_${name}`,
    help,
    registers: [registry],
    collect() {
      this.reset()
      this.inc(read())
    },
  })
}

function gauge(registry: Registry, name: string, help: string, read: () => number | Promise<number>): void {
  new Gauge({
    name: `radiograph_${name}`,
    help,
    registers: [registry],
    async collect() {
      this.set(await read())
    },
  })
}

function registerSources(registry: Registry, sources: MetricSources): void {
  const { udp, spoolBacklog } = sources
  gauge(registry, 'spool_bytes', 'Bytes that are acknowledged and not yet in the store.', sources.spoolBytes)
  gauge(registry, 'spool_limit_bytes', 'Size at which callers are throttled.', () => sources.spoolLimitBytes)
  gauge(registry, 'spool_files', 'Files that are not yet in the store.', async () => (await spoolBacklog()).files)
  gauge(registry, 'spool_lag_seconds', 'Age of the oldest of them.', async () => (await spoolBacklog()).lagSeconds)
  counter(registry, 'udp_received_total', 'Datagrams that were read and not empty.', () => udp().received)
  counter(registry, 'udp_rejected_total', 'Datagrams that were not understood.', () => udp().rejected)
  counter(registry, 'udp_spillover_total', 'Datagrams dropped after they were read.', () => udp().spillover)
  const dropsHelp = 'Datagrams dropped by the kernel before they were read; absent where it does not say.'
  new Gauge({
    name: 'radiograph_udp_kernel_drops',
    help: dropsHelp,
    registers: [registry],
    async collect() {
      const drops = await sources.kernelDrops()
      if (drops === undefined) this.remove()
      else this.set(drops)
    },
  })
  const waitingHelp = 'Minutes of the service graph that are counted when there is time.'
  gauge(registry, 'graph_minutes_waiting', waitingHelp, () => sources.graphMinutesWaiting?.() ?? 0)
  const deliveredHelp = 'Notifications of insights that were delivered.'
  counter(registry, 'insight_notifications_total', deliveredHelp, () => sources.notifications?.delivered ?? 0)
  const failedHelp = 'Notifications of insights that were dropped after a few attempts.'
  counter(registry, 'insight_notification_failures_total', failedHelp, () => sources.notifications?.failed ?? 0)
  const unloggedHelp = 'Rejected documents that are not in the log of rejections, for being too many at a time.'
  counter(registry, 'rejections_unlogged_total', unloggedHelp, sources.unloggedRejections)
}

/** Of the process only what costs nothing until it is asked for. */
function registerProcess(registry: Registry, version: string, startedMs: number): void {
  const cpuSeconds = (): number => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  }
  counter(registry, 'process_cpu_seconds_total', 'Processor time of the process.', cpuSeconds)
  const activeHelp = 'Time that the main thread was busy.'
  const activeSeconds = (): number => performance.eventLoopUtilization().active / 1000
  counter(registry, 'process_event_loop_active_seconds_total', activeHelp, activeSeconds)
  gauge(registry, 'process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss())
  gauge(registry, 'process_heap_used_bytes', 'Memory that JavaScript uses of it.', () => process.memoryUsage().heapUsed)
  gauge(registry, 'process_start_time_seconds', 'When the process started, in epoch seconds.', () => startedMs / 1000)
  new Gauge({
    name: 'radiograph_build_info',
    help: 'Always 1; the label says which version runs.',
    labelNames: ['version'],
    registers: [registry],
  })
    .labels(version)
    .set(1)
}
