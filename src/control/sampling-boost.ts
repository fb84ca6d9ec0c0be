import type { SamplingRateBoost } from '../model/sampling-rule.ts'

/** What clients reported: how many requests were anomalies, and how many of those were sampled. */
export type Anomalies = { readonly anomalies: number; readonly sampled: number }

/** A raised rate, and until when it is, in epoch seconds. */
export type Boost = { readonly rate: number; readonly startSeconds: number; readonly endSeconds: number }

/** A rule's rates, as far as they matter here. */
export type BoostedRule = { readonly fixedRate: number; readonly boost: SamplingRateBoost }

/** So many sampled anomalies in ten seconds are enough. */
const WANTED = 10
const BOOST_SECONDS = 60

/**
 * The boost to begin now, if there is one: while anomalies go unsampled, none is under way, and the last one is long enough
 * ago. It is the least rate that would sample enough of them, within the rule's bounds. AWS publishes no formula; this
 * one is of spec/query §4.4.
 */
export function boostToBegin(
  { fixedRate, boost }: BoostedRule,
  { anomalies, sampled }: Anomalies,
  last: Boost | undefined,
  nowSeconds: number,
): Boost | undefined {
  const wanted = Math.min(anomalies, WANTED)
  if (anomalies === 0 || sampled >= wanted) return undefined
  if (last !== undefined) {
    const restedSeconds = last.startSeconds + boost.cooldownWindowMinutes * 60
    if (nowSeconds < last.endSeconds || nowSeconds < restedSeconds) return undefined
  }
  const rate = Math.min(Math.max(wanted / anomalies, fixedRate), boost.maxRate)
  return { rate, startSeconds: nowSeconds, endSeconds: Math.floor(nowSeconds) + BOOST_SECONDS }
}
