import type { OwnCounts } from '../../wire/own/graph.ts'
import type { Outcome } from '../words/outcome.ts'

/** The parts of requests that went wrong; a share above this is a problem of a node or an edge (console §4.4). */
const PROBLEM_SHARE = 0.01

/** The counts of a request's outcomes. */
export type OutcomeCounts = Pick<OwnCounts, 'total' | Outcome>

/** What part of the requests had the outcome, 0 to 1. */
export function shareOf(counts: OutcomeCounts, outcome: Outcome): number {
  return counts.total === 0 ? 0 : counts[outcome] / counts.total
}

/** What part of the requests did not go well, 0 to 1. */
export function problemShare(counts: OutcomeCounts): number {
  return counts.total === 0 ? 0 : (counts.fault + counts.error + counts.throttle) / counts.total
}

/** The kind of trouble that most requests had, and of equals the worst. Undefined when all went well. */
export function worstOf(counts: OutcomeCounts): { readonly outcome: Outcome; readonly share: number } | undefined {
  const troubles = (['fault', 'error', 'throttle'] as const).filter((outcome) => counts[outcome] > 0)
  const [worst] = troubles.toSorted((a, b) => counts[b] - counts[a])
  return worst === undefined ? undefined : { outcome: worst, share: shareOf(counts, worst) }
}

/** Whether more than one in a hundred requests went wrong. */
export function isProblem(counts: OutcomeCounts): boolean {
  return problemShare(counts) > PROBLEM_SHARE
}

/** A share as text: `2.1 %`, `< 0.1 %`, `100 %`. What is not all is never said to be, and what is not nothing neither. */
export function formatShare(share: number): string {
  const percent = share * 100
  if (percent === 0) return '0 %'
  if (percent < 0.1) return '< 0.1 %'
  if (percent < 10) return `${Number(percent.toFixed(1))} %`
  if (percent < 100) return `${Math.min(percent < 99 ? Math.round(percent) : Math.floor(percent * 10) / 10, 99.9)} %`
  return '100 %'
}

/** Requests per minute as text: `412`, `1.2 k`, `0.07`. */
export function formatRate(perMinute: number): string {
  if (perMinute === 0) return '0'
  if (perMinute < 0.01) return '< 0.01'
  if (perMinute < 9.95) return String(Number(perMinute.toPrecision(2)))
  return formatCount(Math.round(perMinute))
}

/** A count as text of few characters: `412`, `12.4 k`, `3 M`. */
export function formatCount(count: number): string {
  if (count < 10_000) return String(count)
  if (count < 999_500) return `${Number((count / 1e3).toPrecision(3))} k`
  return `${Number((count / 1e6).toPrecision(3))} M`
}
