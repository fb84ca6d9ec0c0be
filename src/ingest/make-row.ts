import { assemble } from '../model/assemble.ts'
import type { StoredDocument } from '../model/document.ts'
import type { Entity, SegmentDocument } from '../model/entity.ts'
import type { TraceId } from '../model/ids.ts'
import { summarize } from '../model/summarize.ts'
import type { TraceSummary } from '../model/summary.ts'
import { traceTimeSeconds } from '../model/trace-time.ts'
import { toMicroseconds } from '../spool/document-row.ts'
import type { SegmentSpan, TraceRow } from '../store/trace-row.ts'

/** How far an orphan's start may lie from its receipt to be believed: the bounds that decide its bucket, too. */
const MAX_PAST_SECONDS = 31 * 86_400
const MAX_FUTURE_SECONDS = 2 * 86_400

/** A trace as it is stored: the texts of its documents, of each entity the one that supersedes the others. */
export type TraceDocuments = {
  readonly id: TraceId
  /** The number of calls that brought documents. */
  readonly revision: number
  readonly documents: readonly Pick<StoredDocument, 'raw' | 'received'>[]
}

/** What a row says of a trace. */
export type MadeRow = Pick<TraceRow, 'timeSeconds' | 'spans' | 'summary'>

/** How documents are read, and summaries written. */
export type RowTexts = {
  /** The tree of a stored document, as far as summaries go. */
  readonly readOutline: (raw: string) => SegmentDocument
  /** The summary as the text that a row keeps. */
  readonly writeSummary: (summary: TraceSummary) => string
}

/**
 * The row of a trace: pure, but for the present time in epoch seconds, which only absurd times are held against.
 * Undefined when no document of the trace is worth a root. Throws for texts that were never accepted.
 */
export function makeRow(
  { id, revision, documents }: TraceDocuments,
  nowSeconds: number,
  { readOutline, writeSummary }: RowTexts,
): MadeRow | undefined {
  const read = documents.map(({ raw, received }) => ({ document: readOutline(raw), received }))
  const trace = assemble(id, revision, read)
  if (trace.roots.length === 0) return undefined
  const summary = summarize(trace, nowSeconds)
  const segments = trace.roots.filter(({ kind }) => kind === 'segment')
  const received = documents.reduce((latest, document) => Math.max(latest, document.received), 0) / 1e6
  const believable =
    segments.length > 0 ||
    (summary.startTime > received - MAX_PAST_SECONDS && summary.startTime < received + MAX_FUTURE_SECONDS)
  return {
    timeSeconds: boundedTime(traceTimeSeconds(id, believable ? summary.startTime : received)),
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
