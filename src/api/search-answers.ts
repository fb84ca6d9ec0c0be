import type { ExtendedExpr } from '../filter/extended-ast.ts'
import type { FilterError } from '../filter/filter-error.ts'
import { printFilter } from '../filter/print-filter.ts'
import type {
  ExplainedPart,
  ExplainedSubject,
  ExplainedTrace,
  ExplainedWindow,
  SearchedTrace,
  SearchEvent,
} from '../query/searches.ts'
import type { HttpResponse } from '../wire/aws/http-message.ts'
import { jsonResponse } from '../wire/aws/http-message.ts'
import { writeSummary } from '../wire/xray/write-summary.ts'
import { OWN_HEADERS } from './own-endpoints.ts'

/** Why a filter was turned away, and where in it (docs/own-api.md). */
export function filterResponse(error: FilterError, requestId: string): HttpResponse {
  const { kind: _, ...where } = error
  const type = 'InvalidRequestException'
  const body = JSON.stringify({ __type: type, Message: error.message, ...where })
  return jsonResponse(400, requestId, body, { ...OWN_HEADERS, 'x-amzn-ErrorType': type })
}

/** An answer of lines that are made while it is read. */
export function linesResponse(requestId: string, lines: AsyncIterable<string>): HttpResponse {
  const headers = { ...OWN_HEADERS, 'Content-Type': 'application/x-ndjson', 'x-amzn-RequestId': requestId }
  return { status: 200, headers, body: '', rest: lines }
}

/** A line of JSON for each event. */
export function writeEvents(events: readonly SearchEvent[]): string {
  return events.map((event) => `${JSON.stringify(writeEvent(event))}\n`).join('')
}

/** The last line of a search that failed. */
export function writeFailure(message: string, requestId: string): string {
  return `${JSON.stringify({ type: 'error', message, requestId })}\n`
}

function writeEvent(event: SearchEvent): object {
  if (event.kind === 'trace') return { type: 'trace', ...writeTrace(event.trace) }
  const { kind, scanned, matched, seconds, upToSeconds } = event
  const progress = { type: kind, scanned, matched, seconds: thousandths(seconds), upTo: thousandths(upToSeconds) }
  return kind === 'end' ? { ...progress, complete: event.isComplete } : progress
}

/** As `GetTraceSummaries` writes it, and how many segments there are. */
function writeTrace({ summary, segmentCount, matchedEventSeconds }: SearchedTrace): object {
  const matched = matchedEventSeconds === undefined ? {} : { MatchedEventTime: matchedEventSeconds }
  return { ...writeSummary(summary), ...matched, SegmentCount: segmentCount }
}

export function writeExplainedWindow({ scanned, isComplete, matched, clauses }: ExplainedWindow): object {
  return {
    scanned,
    complete: isComplete,
    matched,
    clauses: clauses.map((one) => ({ clause: printFilter(one.clause), matched: one.matched })),
  }
}

export function writeExplainedTrace({ id, matches, clauses }: ExplainedTrace): object {
  return {
    trace: id,
    matches,
    clauses: clauses.map(({ clause, holds, parts }) => {
      return { clause: printFilter(clause), holds, parts: parts.map(writePart) }
    }),
  }
}

function writePart({ part, selected, holding, subjects }: ExplainedPart): object {
  return { part: printFilter(part), selected, holding, segments: subjects.map(writeSubject) }
}

function writeSubject({ id, name, type, from, isInferred, holds, failed, isElsewhere }: ExplainedSubject): object {
  return {
    id,
    name,
    ...(type === undefined ? {} : { type }),
    ...(from === undefined ? {} : { from }),
    inferred: isInferred,
    holds,
    ...(failed.length === 0 ? {} : { failed: failed.map((clause: ExtendedExpr) => printFilter(clause)) }),
    ...(isElsewhere === true ? { elsewhere: true } : {}),
  }
}

const thousandths = (seconds: number): number => Math.round(seconds * 1e3) / 1e3
