/** What a daemon counts; each record says how many since the record before (spec/ingest §4.4). */
export type TelemetryCounts = { readonly [Name in (typeof COUNT_NAMES)[number]]: number }

/** Who sends telemetry. All of it is the sender's text, but for `source`. */
export type CollectorIdentity = {
  readonly hostname?: string
  readonly instanceId?: string
  readonly resourceArn?: string
  /** The address that the call came from. */
  readonly source?: string
  /** As the user agent names it, such as `3.3.7`. */
  readonly daemonVersion?: string
  /** Radiograph's own UDP port. */
  readonly builtIn?: true
}

/** One record, and who sent it. */
export type TelemetryRecord = {
  readonly collector: CollectorIdentity
  /** The sender's time, in epoch milliseconds. */
  readonly atMs: number
  readonly counts: TelemetryCounts
}

/** What is known of one collector. */
export type CollectorReport = CollectorIdentity & {
  /** When its last record came, in epoch milliseconds. */
  readonly lastSeenMs: number
  readonly last: TelemetryCounts & { readonly atMs: number }
  /** Sums over the last hour and the last 24 hours, to within five minutes. */
  readonly lastHour: TelemetryCounts
  readonly lastDay: TelemetryCounts
}

/** Takes telemetry in, and keeps it for a day. */
export type Telemetry = { accept(records: readonly TelemetryRecord[]): void }

/** The names of the counts, in the order in which they are kept. */
export const COUNT_NAMES = [
  'segmentsReceived',
  'segmentsSent',
  'segmentsSpillover',
  'segmentsRejected',
  'backendTimeouts',
  'backendConnectionsRefused',
  'backendHttp4xx',
  'backendHttp5xx',
  'backendUnknownHosts',
  'backendOtherErrors',
] as const

type Collector = {
  identity: CollectorIdentity
  lastSeenMs: number
  last: TelemetryCounts & { readonly atMs: number }
  /** Sums by the number of the five minutes since the epoch. */
  readonly slots: Map<number, Float64Array>
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const SLOT_MS = 5 * 60_000
const MAX_COLLECTORS = 1_000
/** The counts are 32-bit in every daemon; more is nonsense. */
const MAX_COUNT = 2 ** 32

/** The telemetry of the last 24 hours by collector. Bounded: beyond a thousand, who was not heard longest is forgotten. */
export class Collectors {
  readonly #collectors = new Map<string, Collector>()

  /** Adds a record that came just now. */
  add(record: TelemetryRecord, nowMs: number): void {
    this.#add(record, nowMs, nowMs, (lastSeenMs) => nowMs >= lastSeenMs)
  }

  /** Adds a record that came at `seenMs`, as a log tells it that is read backward. */
  restore(record: TelemetryRecord, seenMs: number, nowMs: number): void {
    this.#add(record, seenMs, nowMs, (lastSeenMs) => seenMs > lastSeenMs)
  }

  #add(record: TelemetryRecord, seenMs: number, nowMs: number, isLast: (lastSeenMs: number) => boolean): void {
    const atMs = Math.min(record.atMs, seenMs)
    if (atMs <= nowMs - DAY_MS) return
    const { hostname = '', instanceId = '', source = '', builtIn = false } = record.collector
    const key = JSON.stringify([hostname, instanceId, source, builtIn])
    let collector = this.#collectors.get(key)
    if (collector === undefined) {
      if (this.#collectors.size >= MAX_COLLECTORS) this.#forgetOne()
      collector = { identity: record.collector, lastSeenMs: -1, last: { ...record.counts, atMs }, slots: new Map() }
      this.#collectors.set(key, collector)
    }
    if (isLast(collector.lastSeenMs)) {
      collector.identity = record.collector
      collector.lastSeenMs = seenMs
      collector.last = { ...record.counts, atMs }
    }
    this.#sumUp(collector, atMs, record.counts, nowMs)
  }

  /** The collectors that were heard of in the last 24 hours, the last one first. */
  list(nowMs: number): readonly CollectorReport[] {
    const heard = [...this.#collectors.values()].filter(({ lastSeenMs }) => lastSeenMs > nowMs - DAY_MS)
    return heard
      .toSorted((a, b) => b.lastSeenMs - a.lastSeenMs)
      .map(({ identity, lastSeenMs, last, slots }) => ({
        ...identity,
        lastSeenMs,
        last,
        lastHour: sum(slots, nowMs - HOUR_MS),
        lastDay: sum(slots, nowMs - DAY_MS),
      }))
  }

  #sumUp({ slots }: Collector, atMs: number, counts: TelemetryCounts, nowMs: number): void {
    const slot = Math.floor(atMs / SLOT_MS)
    let sums = slots.get(slot)
    if (sums === undefined) {
      const oldest = Math.floor((nowMs - DAY_MS) / SLOT_MS)
      for (const old of slots.keys()) if (old < oldest) slots.delete(old)
      slots.set(slot, (sums = new Float64Array(COUNT_NAMES.length)))
    }
    for (const [index, name] of COUNT_NAMES.entries()) {
      sums[index] = (sums[index] ?? 0) + Math.min(Math.max(counts[name], 0), MAX_COUNT)
    }
  }

  #forgetOne(): void {
    const [oldest] = [...this.#collectors].toSorted(([, a], [, b]) => a.lastSeenMs - b.lastSeenMs)
    if (oldest !== undefined) this.#collectors.delete(oldest[0])
  }
}

/** Counts made by `of` for each name. */
export function countsOf(of: (name: (typeof COUNT_NAMES)[number], index: number) => number): TelemetryCounts {
  // One entry for each name.
  return Object.fromEntries(COUNT_NAMES.map((name, index) => [name, of(name, index)])) as TelemetryCounts
}

function sum(slots: ReadonlyMap<number, Float64Array>, sinceMs: number): TelemetryCounts {
  const since = Math.floor(sinceMs / SLOT_MS)
  const wanted = [...slots].flatMap(([slot, sums]) => (slot >= since ? [sums] : []))
  return countsOf((_, index) => wanted.reduce((total, sums) => total + (sums[index] ?? 0), 0))
}
