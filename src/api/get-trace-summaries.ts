import { readTraceId } from '../model/ids.ts'
import type { SummaryPage, SummaryWindow, TraceQueries } from '../query/traces.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import { readPageToken, writePageToken } from '../wire/aws/page-token.ts'
import type { Shapes, Wire } from '../wire/xray/shapes.generated.ts'
import { readSummaryText } from '../wire/xray/summary-text.ts'
import type { Call, Handler } from './handler.ts'
import type { Sampling } from './sampling.ts'
import { sampling } from './sampling.ts'

type Input = Shapes['GetTraceSummaries']['input']
type Position = NonNullable<SummaryPage['next']> & { readonly left?: number }
type Hit = SummaryPage['summaries'][number]

/** What has been found, and where to go on. */
type Scan = { readonly hits: readonly Hit[]; readonly scanned: number; readonly next?: Position }

const PAGE_SIZE = 100
const MAX_SCANNED = 10_000
const MAX_SCAN_MS = 2_000

/** The last second of the year 9999, beyond which engines disagree about times. */
const LAST_SECOND = 253_402_300_799

const WINDOW_KINDS = {
  TraceId: 'trace-time',
  Event: 'event',
  Service: 'service',
} as const satisfies Record<NonNullable<Input['TimeRangeType']>, SummaryWindow['kind']>

/**
 * Summaries of the traces of a window of time, newest first, a hundred a page. A page also ends after 10,000 traces or
 * two seconds of looking, then possibly empty with a token (spec/query §2.1, §2.2).
 */
export function getTraceSummaries(queries: TraceQueries, clock: () => number): Handler<'GetTraceSummaries'> {
  return async (input, call) => {
    refuseWhatComesLater(input)
    if (input.StartTime >= input.EndTime) fail('InvalidRequestException', 'StartTime must be before EndTime')
    const sample = sampling(input.Sampling ?? false, input.SamplingStrategy)
    const parameters = pageParameters(input, call)
    const position = readPosition(input.NextToken, parameters, call.nowSeconds)
    const window = {
      kind: WINDOW_KINDS[input.TimeRangeType ?? 'TraceId'],
      fromSeconds: clamp(input.StartTime),
      toSeconds: clamp(input.EndTime),
    }
    const left = position === undefined ? await scanLimit(queries, window, call, sample) : (position.left ?? Infinity)
    const page = await scanPage(queries, clock, window, call, sample, position, left)
    return {
      TraceSummaries: page.hits.map(summaryOf),
      ApproximateTime: page.next === undefined ? input.StartTime : page.next.timeSeconds,
      TracesProcessedCount: page.scanned,
      ...(page.next === undefined ? {} : { NextToken: writePageToken(parameters, page.next, call.nowSeconds) }),
    }
  }
}

function summaryOf({ summary, matchedEventSeconds }: Hit): Wire['TraceSummary'] {
  const read = readSummaryText(summary)
  return matchedEventSeconds === undefined ? read : { ...read, MatchedEventTime: matchedEventSeconds }
}

function refuseWhatComesLater(input: Input): void {
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
  return { ...position, id }
}

/** How many traces all pages together may look at; settled on the first page, so that the pages agree. */
async function scanLimit(queries: TraceQueries, window: SummaryWindow, call: Call, sample: Sampling): Promise<number> {
  if (sample.kind === 'fixed-rate') return Infinity
  return Math.ceil(sample.share * (await queries.count(call.tenant, window, call.signal)))
}

async function scanPage(
  queries: TraceQueries,
  clock: () => number,
  window: SummaryWindow,
  call: Call,
  sample: Sampling,
  after: Position | undefined,
  left: number,
): Promise<Scan> {
  const deadlineMs = clock() + MAX_SCAN_MS
  const keeps = sample.kind === 'fixed-rate' ? sample.keeps : () => true
  const hits: Hit[] = []
  let scanned = 0
  let next: SummaryPage['next'] = after && { timeSeconds: after.timeSeconds, id: after.id }
  while (scanned < left) {
    // Never more than fit: every trace that is read and kept belongs to this page, so that `next` follows the last one.
    const limit = Math.min(PAGE_SIZE - hits.length, MAX_SCANNED - scanned, left - scanned)
    const query = { ...window, limit, ...(next === undefined ? {} : { after: next }) }
    const page = await queries.summaries(call.tenant, query, call.signal)
    hits.push(...page.summaries.filter(({ id }) => keeps(id)))
    scanned += page.scanned
    next = page.next
    if (next === undefined || hits.length >= PAGE_SIZE || scanned >= MAX_SCANNED || clock() >= deadlineMs) break
  }
  if (next === undefined || scanned >= left) return { hits, scanned }
  return { hits, scanned, next: left === Infinity ? next : { ...next, left: left - scanned } }
}

const clamp = (seconds: number): number => Math.min(Math.max(seconds, 0), LAST_SECOND)
