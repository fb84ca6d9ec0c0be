import { join } from 'node:path'
import type { OwnEndpoints } from '../api/own-endpoints.ts'
import { createOwnEndpoints } from '../api/own-endpoints.ts'
import type { Source } from '../ingest/ingest.ts'
import type { Rejection } from '../model/outcome.ts'
import type { Tenant } from '../model/tenant.ts'
import type { TraceStore } from '../store/store.ts'
import type { ClosingStack } from './closing-stack.ts'
import type { Config } from './config.ts'
import { kernelDrops } from './kernel-drops.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { createMetrics } from './metrics.ts'
import { journalLog, otlpLog, rejectionLog } from './operator-log.ts'
import { openRejectedLog } from './rejected-log.ts'
import { spoolBacklog } from './spool-backlog.ts'
import type { TelemetryLog } from './telemetry.ts'
import { openTelemetry } from './telemetry.ts'
import type { UdpListener } from './udp-listener.ts'

/** All that an operator can look at beside the log. */
export type OperatorView = {
  readonly metrics: Metrics
  readonly telemetry: TelemetryLog
  readonly onRejection: (rejection: Rejection, tenant: Tenant, source: Source, text: string) => void
  readonly onOtlp: (count: number, tenant: Tenant, source: Source) => void
  /** The endpoints that show it, and these parts of the server. */
  readonly endpoints: (watched: Watched) => OwnEndpoints
}

/** What the operator's endpoints look at. */
export type Watched = {
  readonly store: Pick<TraceStore, 'check'>
  readonly spool: { readonly pendingBytes: number }
  readonly udp: UdpListener
  readonly keeper: { readonly waiting: number }
  readonly notifications: { readonly delivered: number; readonly failed: number }
  readonly config: Pick<Config, 'spoolLimitBytes'>
  /** The data directory. */
  readonly directory: string
}

type Parts = {
  readonly directory: string
  readonly version: string
  readonly log: Log
  readonly now: () => number
}

/** A check that takes longer is a failed one: whoever asks waits for the answer. */
const CHECK_MS = 2_000

/** Opens the journals in the data directory; `opened` closes them. */
export async function openOperatorView(parts: Parts, opened: ClosingStack): Promise<OperatorView> {
  const { directory, version, log, now } = parts
  const rejected = await openRejectedLog(directory, now, journalLog(log, now))
  opened.defer(async () => rejected.close())
  const telemetry = await openTelemetry(directory, version, now, journalLog(log, now))
  opened.defer(async () => telemetry.close())
  const metrics = createMetrics(version, now())
  const logRejection = rejectionLog(log, now)
  const logOtlp = otlpLog(log, now)

  return {
    metrics,
    telemetry,
    onRejection(rejection, tenant, source, text) {
      metrics.onRejection(rejection.code)
      logRejection(rejection, tenant, source)
      rejected.add(rejection, tenant, source, text)
    },
    onOtlp(count, tenant, source) {
      metrics.onOtlp(count)
      logOtlp(count, tenant, source)
    },
    endpoints(watched) {
      const { spool, udp, keeper, config } = watched
      const spoolDirectory = join(watched.directory, 'spool')
      telemetry.watch(() => udp.counts)
      metrics.watch({
        spoolBytes: () => spool.pendingBytes,
        spoolLimitBytes: config.spoolLimitBytes,
        spoolBacklog: async () => spoolBacklog(spoolDirectory, now()),
        udp: () => udp.counts,
        kernelDrops: async () => (udp.port === undefined ? undefined : kernelDrops(udp.port)),
        unloggedRejections: () => rejected.dropped,
        graphMinutesWaiting: () => keeper.waiting,
        notifications: watched.notifications,
      })
      const unreadyReasons = async () => reasonsAgainst(watched)
      return createOwnEndpoints({ unreadyReasons, metrics, rejected, collectors: () => telemetry.list() })
    },
  }
}

async function reasonsAgainst({ store, spool, config }: Watched): Promise<readonly string[]> {
  const health = await store.check(AbortSignal.timeout(CHECK_MS))
  return [
    ...(health.ok ? [] : [`the store cannot be read: ${health.error.message}`]),
    ...(spool.pendingBytes < config.spoolLimitBytes
      ? []
      : ['the spool is full, since the store has not taken its files yet']),
  ]
}
