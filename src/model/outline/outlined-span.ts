import type { OutlinedTrace } from './outlined-trace.ts'

const DAY_SECONDS = 86_400

/** When a trace began and how long it took, unrounded seconds. */
export type OutlinedSpan = { readonly startTime: number; readonly durationSeconds: number }

/**
 * From the first start of anything in the trace to the last end; 0 seconds while nothing has ended. Unlike `traceSpan`,
 * which says what X-Ray says, it also begins with subsegments that began before their segment, as clocks differ. Times
 * of subsegments that lie more than a day before their segment or ahead of now are mistakes and do not count
 * (spec/ingest §2.3).
 */
export function outlinedSpan({ entities }: OutlinedTrace, nowSeconds: number): OutlinedSpan {
  const latest = nowSeconds + DAY_SECONDS
  const segments = entities.filter(({ kind }) => kind === 'segment')
  const firstSegment = segments.reduce((first, { entity }) => Math.min(first, entity.startTime), Infinity)
  let firstStart = firstSegment
  let lastEnd = -Infinity
  for (const { entity, kind, document } of entities) {
    // Inferred segments have the times of their calls.
    if (kind === 'inferred') continue
    const begin = document.kind === 'segment' ? document.entity.startTime : firstSegment
    const earliest = begin === Infinity ? -Infinity : begin - DAY_SECONDS
    const counts = (time: number): boolean => kind === 'segment' || (time >= earliest && time <= latest)
    if (entity.startTime < firstStart && counts(entity.startTime)) firstStart = entity.startTime
    if (entity.endTime !== undefined && entity.endTime > lastEnd && counts(entity.endTime)) lastEnd = entity.endTime
  }
  const startTime = Number.isFinite(firstStart) ? firstStart : (entities[0]?.entity.startTime ?? 0)
  return { startTime, durationSeconds: Math.max(0, Number.isFinite(lastEnd) ? lastEnd - startTime : 0) }
}
