import type { Anomalies, Boost, BoostedRule } from './sampling-boost.ts'
import { boostToBegin } from './sampling-boost.ts'
import { reservoirQuota, SEEN_SECONDS } from './reservoir-quota.ts'

/**
 * Requests that a rule decided, how many of them were sampled, and how many borrowed: sampled before there was a quota. SDKs
 * differ in whether they count the borrowed ones among the sampled ones, so nobody may add or subtract them.
 */
export type SamplingCounts = { readonly requests: number; readonly sampled: number; readonly borrowed: number }

/** The counts of one rule in the ten seconds that begin here, in epoch seconds. */
export type SamplingWindow = SamplingCounts & { readonly startSeconds: number }

const WINDOW_SECONDS = 10
const KEPT_SECONDS = 30 * 60
const BOOST_WINDOW_SECONDS = 10

/** Ids are the clients' to choose. With more than so many, the shares are smaller than one anyway. */
const MAX_CLIENTS = 10_000
const MAX_BOOST_REPORTS = 1_000

/** How clients use one rule, as far as they reported it. All times are epoch seconds of this server's clock. */
export class RuleUsage {
  /** When each was last heard of; in that order, so that those who are gone are at the front. */
  readonly #clients = new Map<string, number>()
  readonly #windows = new Map<number, SamplingCounts>()
  #anomalies: (Anomalies & { readonly atSeconds: number })[] = []
  #boost: Boost | undefined

  /** Counts a client, and what it says of the time around `timeSeconds`. */
  report(client: string, timeSeconds: number, counts: SamplingCounts, nowSeconds: number): void {
    for (const [id, seenSeconds] of this.#clients) {
      if (nowSeconds - seenSeconds < SEEN_SECONDS) break
      this.#clients.delete(id)
    }
    this.#clients.delete(client)
    if (this.#clients.size < MAX_CLIENTS) this.#clients.set(client, nowSeconds)
    if (counts.requests === 0 && counts.sampled === 0 && counts.borrowed === 0) return
    const start = Math.floor(timeSeconds / WINDOW_SECONDS) * WINDOW_SECONDS
    const before = this.#windows.get(start) ?? { requests: 0, sampled: 0, borrowed: 0 }
    this.#windows.set(start, {
      requests: before.requests + counts.requests,
      sampled: before.sampled + counts.sampled,
      borrowed: before.borrowed + counts.borrowed,
    })
    this.#forget(nowSeconds)
  }

  /** What the client may take of the reservoir a second. */
  quota(client: string, reservoirSize: number): number {
    return reservoirQuota(reservoirSize, this.#clients.keys(), client)
  }

  /** Counts anomalies of the last ten seconds. */
  reportAnomalies(anomalies: Anomalies, nowSeconds: number): void {
    this.#anomalies = this.#anomalies.filter(({ atSeconds }) => nowSeconds - atSeconds < BOOST_WINDOW_SECONDS)
    if (this.#anomalies.length < MAX_BOOST_REPORTS) this.#anomalies.push({ ...anomalies, atSeconds: nowSeconds })
  }

  /** The boost that is under way, or begins now. */
  boost(rule: BoostedRule, nowSeconds: number): Boost | undefined {
    const sum = { anomalies: 0, sampled: 0 }
    for (const { anomalies, sampled, atSeconds } of this.#anomalies) {
      if (nowSeconds - atSeconds >= BOOST_WINDOW_SECONDS) continue
      sum.anomalies += anomalies
      sum.sampled += sampled
    }
    this.#boost = boostToBegin(rule, sum, this.#boost, nowSeconds) ?? this.#boost
    return this.#boost !== undefined && nowSeconds < this.#boost.endSeconds ? this.#boost : undefined
  }

  /** The windows of the last 30 minutes that have counts, in no promised order. */
  windows(nowSeconds: number): readonly SamplingWindow[] {
    this.#forget(nowSeconds)
    return [...this.#windows].map(([startSeconds, counts]) => ({ startSeconds, ...counts }))
  }

  #forget(nowSeconds: number): void {
    for (const start of this.#windows.keys()) {
      if (start + WINDOW_SECONDS <= nowSeconds - KEPT_SECONDS) this.#windows.delete(start)
    }
  }
}
