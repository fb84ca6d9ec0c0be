import { assemble } from '../model/assemble.ts'
import type { Entity } from '../model/entity.ts'
import { summarize } from '../model/summarize.ts'
import type { TraceSummary } from '../model/summary.ts'
import { traceTimeSeconds } from '../model/trace-time.ts'
import { toMicroseconds } from '../spool/document-row.ts'
import type { SegmentSpan, TraceRow } from '../store/trace-row.ts'
import type { OpenTrace } from './open-traces.ts'

/** How far an orphan's start may lie from its receipt to be believed: the bounds that decide its bucket, too. */
const MAX_PAST_SECONDS = 31 * 86_400
const MAX_FUTURE_SECONDS = 2 * 86_400

/**
 * The row of a trace: pure, but for the present time in epoch seconds, which only absurd times are held against. The
 * text of the summary is made by `writeSummary`. Undefined when no document of the trace is worth a root.
 */
export function traceRowOf(
  open: OpenTrace,
  version: number,
  nowSeconds: number,
  writeSummary: (summary: TraceSummary) => string,
): TraceRow | undefined {
  const documents = [...open.documents.values()]
  const trace = assemble(open.id, open.calls.size, documents)
  if (trace.roots.length === 0) return undefined
  const summary = summarize(trace, nowSeconds)
  const segments = trace.roots.filter(({ kind }) => kind === 'segment')
  const received = documents.reduce((latest, document) => Math.max(latest, document.received), 0) / 1e6
  const believable =
    segments.length > 0 ||
    (summary.startTime > received - MAX_PAST_SECONDS && summary.startTime < received + MAX_FUTURE_SECONDS)
  return {
    tenant: open.tenant,
    id: open.id,
    timeSeconds: boundedTime(traceTimeSeconds(open.id, believable ? summary.startTime : received)),
    version,
    spans: (segments.length > 0 ? segments : trace.roots).map(({ entity }) => spanOf(entity)),
    summary: writeSummary(summary),
  }
}

/** What a row can hold; where the operator allows it, segments claim to be older or newer. */
function boundedTime(seconds: number): number {
  return Math.max(0, Math.min(2 ** 32 - 1, seconds))
}

function spanOf({ startTime, endTime }: Entity): SegmentSpan {
  const startUs = toMicroseconds(startTime)
  return endTime === undefined ? { startUs } : { startUs, endUs: toMicroseconds(endTime) }
}
