import { traceIdEpochSeconds, type TraceId } from './ids.ts'

const SEVEN_DAYS_SECONDS = 7 * 86_400

/**
 * The time by which a trace is found and ordered, in whole epoch seconds: the epoch in its id when that is within seven
 * days of the first start, else the first start rounded down, since ids that W3C clients make are random there
 * (spec/query §0.8). What counts as the first start is said by `TraceStore.findTraces`.
 */
export function traceTimeSeconds(id: TraceId, firstStartSeconds: number): number {
  const epochSeconds = traceIdEpochSeconds(id)
  const near = Math.abs(epochSeconds - firstStartSeconds) <= SEVEN_DAYS_SECONDS
  return near ? epochSeconds : Math.floor(firstStartSeconds)
}
