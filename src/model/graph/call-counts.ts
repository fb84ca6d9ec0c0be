import { isError, isFault, isThrottle } from '../effective-flags.ts'
import type { Entity } from '../entity.ts'
import { addToHistogram, emptyHistogram, mergeHistogram, type Histogram } from './histogram.ts'

/** Times are kept in whole numbers, so that sums do not depend on their order, and stop here. */
const MOST = Number.MAX_SAFE_INTEGER

/** How requests went. Each is in exactly one of the four counts (spec/query §3.4). Whole numbers from 0. */
export type CallCounts = {
  ok: number
  throttle: number
  /** Errors that are no throttles. */
  error: number
  fault: number
  /** Microseconds, and no more than a double counts exactly. */
  totalResponseUs: number
  readonly responseTimes: Histogram
}

/** Counts of nothing. */
export function emptyCallCounts(): CallCounts {
  return { ok: 0, throttle: 0, error: 0, fault: 0, totalResponseUs: 0, responseTimes: emptyHistogram() }
}

/** All that was counted. */
export function totalCount({ ok, throttle, error, fault }: CallCounts): number {
  return ok + throttle + error + fault
}

/** Counts how an entity went, and how long it took. The entity MUST have ended. Changes the counts. */
export function countCall(counts: CallCounts, entity: Entity): void {
  countOutcome(counts, entity)
  const seconds = secondsBetween(entity.startTime, entity.endTime)
  counts.totalResponseUs = saturatingSum(counts.totalResponseUs, whole(seconds * 1e6))
  addToHistogram(counts.responseTimes, toMs(seconds))
}

/** Counts how an entity went, but not how long it took. Changes the counts. */
export function countOutcome(counts: CallCounts, entity: Entity): void {
  if (isFault(entity)) counts.fault += 1
  else if (isThrottle(entity)) counts.throttle += 1
  else if (isError(entity)) counts.error += 1
  else counts.ok += 1
}

/** Adds all of other counts. Changes the first. */
export function mergeCallCounts(counts: CallCounts, other: CallCounts): void {
  counts.ok += other.ok
  counts.throttle += other.throttle
  counts.error += other.error
  counts.fault += other.fault
  counts.totalResponseUs = saturatingSum(counts.totalResponseUs, other.totalResponseUs)
  mergeHistogram(counts.responseTimes, other.responseTimes)
}

/** Seconds from one time to another, 0 when it lies before, or there is none. */
export function secondsBetween(startTime: number, endTime: number | undefined): number {
  return endTime === undefined ? 0 : Math.max(0, endTime - startTime)
}

/** Whole milliseconds, as histograms count them. */
export function toMs(seconds: number): number {
  return whole(seconds * 1_000)
}

function whole(value: number): number {
  return Math.min(MOST, Math.round(value))
}

function saturatingSum(a: number, b: number): number {
  return Math.min(MOST, a + b)
}
