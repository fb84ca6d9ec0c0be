import { readTraceId } from '../model/ids.ts'
import type { TraceId } from '../model/ids.ts'
import type { TraceSummary } from '../model/summary.ts'
import type { SummaryPage, TraceQueries } from '../query/traces.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import { readPageToken, writePageToken } from '../wire/aws/page-token.ts'
import type { Shapes } from '../wire/xray/shapes.generated.ts'
import { writeSummary } from '../wire/xray/write-summary.ts'
import type { Call, Handler } from './handler.ts'
import { sampling } from './sampling.ts'

type Input = Shapes['GetTraceSummaries']['input']
type Position = NonNullable<SummaryPage['next']>

const PAGE_SIZE = 100
const MAX_SCANNED = 10_000
const MAX_SCAN_MS = 2_000

/** The last second of the year 9999, beyond which engines disagree about times. */
const LAST_SECOND = 253_402_300_799

/**
 * Summaries of the traces of a window of time, newest first, a hundred a page. A page also ends after 10,000 traces or
 * two seconds of looking, then possibly empty with a token (spec/query §2.1, §2.2).
 */
export function getTraceSummaries(queries: TraceQueries, clock: () => number): Handler<'GetTraceSummaries'> {
  return async (input, call) => {
    refuseWhatComesLater(input)
    if (input.StartTime >= input.EndTime) fail('InvalidRequestException', 'StartTime must be before EndTime')
    const keeps = sampling(input.Sampling ?? false, input.SamplingStrategy)
    const parameters = pageParameters(input, call)
    const after = readPosition(input.NextToken, parameters, call.nowSeconds)
    const page = await scanPage(queries, clock, input, call, keeps, after)
    return {
      TraceSummaries: page.summaries.map(writeSummary),
      ApproximateTime: page.next === undefined ? input.StartTime : page.next.timeSeconds,
      TracesProcessedCount: page.scanned,
      ...(page.next === undefined ? {} : { NextToken: writePageToken(parameters, page.next, call.nowSeconds) }),
    }
  }
}

function refuseWhatComesLater(input: Input): void {
  const range = input.TimeRangeType ?? 'TraceId'
  if (range !== 'TraceId') {
    fail('InvalidRequestException', `TimeRangeType ${range} comes with a later version of Radiograph; use TraceId`)
  }
  if (input.FilterExpression !== undefined && input.FilterExpression.trim() !== '') {
    fail('InvalidRequestException', 'FilterExpression comes with a later version of Radiograph; leave it out')
  }
}

/** Everything that the pages of one list have in common. */
function pageParameters(input: Input, call: Call): readonly unknown[] {
  const { NextToken: _, ...rest } = input
  const members = Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return ['GetTraceSummaries', call.tenant.account, call.tenant.region, members]
}

function readPosition(
  token: string | undefined,
  parameters: readonly unknown[],
  nowSeconds: number,
): Position | undefined {
  if (token === undefined) return undefined
  const position = readPageToken(token, parameters, nowSeconds)
  const id = position === undefined ? undefined : readTraceId(position.id)
  if (position === undefined || id === undefined) return fail('InvalidRequestException', 'Invalid NextToken')
  return { timeSeconds: position.timeSeconds, id }
}

async function scanPage(
  queries: TraceQueries,
  clock: () => number,
  input: Input,
  call: Call,
  keeps: (id: TraceId) => boolean,
  after: Position | undefined,
): Promise<SummaryPage> {
  const deadlineMs = clock() + MAX_SCAN_MS
  const range = { fromSeconds: clamp(input.StartTime), toSeconds: clamp(input.EndTime) }
  const kept: TraceSummary[] = []
  let scanned = 0
  let next = after
  do {
    // Never more than fit: every trace that is read and kept belongs to this page, so that `next` follows the last one.
    const limit = Math.min(PAGE_SIZE - kept.length, MAX_SCANNED - scanned)
    const query = { ...range, limit, ...(next === undefined ? {} : { after: next }) }
    const page = await queries.summaries(call.tenant, query, call.signal)
    kept.push(...page.summaries.filter((summary) => keeps(summary.id)))
    scanned += page.scanned
    next = page.next
  } while (next !== undefined && kept.length < PAGE_SIZE && scanned < MAX_SCANNED && clock() < deadlineMs)
  return { summaries: kept, scanned, ...(next === undefined ? {} : { next }) }
}

const clamp = (seconds: number): number => Math.min(Math.max(seconds, 0), LAST_SECOND)
