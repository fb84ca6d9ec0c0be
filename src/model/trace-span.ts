import type { Entity } from './entity.ts'
import type { TraceIndex } from './trace-index.ts'
import type { TraceRoot } from './trace.ts'

const DAY_SECONDS = 86_400

/** When a trace began and how long it took. */
export type TraceSpan = {
  /** Epoch seconds: the earliest start of a segment, or of an orphan when there is no segment. */
  readonly startTime: number
  /** From there to the last end of any segment or subsegment, three decimals; 0 while nothing has ended. */
  readonly durationSeconds: number
}

/**
 * The span of a trace (spec/query §2.3 `StartTime`, `Duration`). Times of subsegments that lie more than a day before
 * their segment, or a day ahead of now, are mistakes of the sender and do not count (spec/ingest §2.3).
 */
export function traceSpan({ trace, segments, subsegments }: TraceIndex, nowSeconds: number): TraceSpan {
  const latest = nowSeconds + DAY_SECONDS
  const startTime = firstStart(trace.roots, latest)
  let lastEnd = startTime
  for (const { entity } of segments) {
    if (entity.endTime !== undefined && entity.endTime > lastEnd) lastEnd = entity.endTime
  }
  for (const { entity, root } of subsegments) {
    const { endTime } = entity
    if (endTime === undefined || endTime <= lastEnd || endTime > latest) continue
    const earliest = (root.kind === 'segment' ? root.entity.startTime : startTime) - DAY_SECONDS
    if (endTime >= earliest) lastEnd = endTime
  }
  return { startTime, durationSeconds: roundToMs(lastEnd - startTime) }
}

/** End minus start in seconds, three decimals; 0 when the end lies before the start, absent while in progress. */
export function durationSeconds({ startTime, endTime }: Entity): number | undefined {
  return endTime === undefined ? undefined : roundToMs(Math.max(0, endTime - startTime))
}

function firstStart(roots: readonly TraceRoot[], latest: number): number {
  // Roots are ordered by start.
  const root =
    roots.find(({ kind }) => kind === 'segment') ?? roots.find(({ entity }) => entity.startTime <= latest) ?? roots[0]
  return root?.entity.startTime ?? 0
}

function roundToMs(seconds: number): number {
  const rounded = Math.round(seconds * 1_000) / 1_000
  // Absurd times are legal; an infinite number is not, on the wire.
  return Number.isFinite(rounded) ? rounded : seconds
}
