import { hostname } from 'node:os'
import { join } from 'node:path'
import type { CollectorReport, Telemetry, TelemetryCounts, TelemetryRecord } from '../ingest/collectors.ts'
import { Collectors, COUNT_NAMES, countsOf } from '../ingest/collectors.ts'
import { Journal, readJournal } from './journal.ts'
import type { UdpCounts } from './udp-listener.ts'

/** The health of everything that collects segments: daemons that say so themselves, and our own UDP port. */
export type TelemetryLog = Telemetry & {
  /** From now on, and every minute, these counts are a collector of their own. */
  watch(counts: () => UdpCounts): void
  list(): readonly CollectorReport[]
  close(): void
}

/** A day of some seventy daemons fits for sure, and of twice as many mostly. */
const GENERATION_BYTES = 32 * 2 ** 20
const PER_SECOND = 200
const DAY_MS = 24 * 3_600_000
const WATCH_EVERY_MS = 60_000

/** Opens the log in the data directory, with what it holds of the last day. `version` is this program's. */
export async function openTelemetry(
  directory: string,
  version: string,
  now: () => number,
  onFailure: (error: Error) => void,
): Promise<TelemetryLog> {
  const path = join(directory, 'telemetry.jsonl')
  const journal = await Journal.open({ path, generationBytes: GENERATION_BYTES, perSecond: PER_SECOND, now, onFailure })
  const collectors = new Collectors()
  for await (const entry of readJournal(path)) {
    if (entry.timeMs <= now() - DAY_MS) break
    if (isRecord(entry)) collectors.restore(entry, entry.timeMs, now())
  }
  const own = { hostname: hostname(), daemonVersion: version, builtIn: true } as const
  let timer: NodeJS.Timeout | undefined
  let watched: (() => UdpCounts) | undefined
  let counted: UdpCounts = { received: 0, rejected: 0, spillover: 0 }

  const accept = (records: readonly TelemetryRecord[]): void => {
    const nowMs = now()
    for (const record of records) {
      collectors.add(record, nowMs)
      journal.append(() => record)
    }
  }

  /** What the UDP port did since the last time, if anything. */
  const recordOwn = (): void => {
    if (watched === undefined) return
    const counts = { ...watched() }
    const since = difference(counts, counted)
    if (COUNT_NAMES.every((name) => since[name] === 0)) return
    counted = counts
    accept([{ collector: own, atMs: now(), counts: since }])
  }

  return {
    accept,
    watch(counts) {
      watched = counts
      timer = setInterval(recordOwn, WATCH_EVERY_MS).unref()
    },
    list() {
      recordOwn()
      return collectors.list(now())
    },
    close() {
      clearInterval(timer)
      recordOwn()
      journal.close()
    },
  }
}

function difference(counts: UdpCounts, before: UdpCounts): TelemetryCounts {
  const received = counts.received - before.received
  const rejected = counts.rejected - before.rejected
  const spillover = counts.spillover - before.spillover
  return {
    ...countsOf(() => 0),
    segmentsReceived: received,
    // What the kernel's queue lost before it was read was never received.
    segmentsSent: Math.max(0, received - rejected - spillover),
    segmentsSpillover: spillover,
    segmentsRejected: rejected,
  }
}

function isRecord(entry: object): entry is TelemetryRecord {
  const { collector, atMs, counts } = entry as { readonly [Name in keyof TelemetryRecord]?: unknown }
  if (typeof collector !== 'object' || collector === null || !Number.isFinite(atMs)) return false
  if (typeof counts !== 'object' || counts === null) return false
  return COUNT_NAMES.every((name) => Number.isFinite(Reflect.get(counts, name)))
}
