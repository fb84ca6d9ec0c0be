import { readTraceId } from '../model/ids.ts'
import { expressionOfGroup } from '../control/expression-of-group.ts'
import type { Groups } from '../control/groups.ts'
import { parseFilter } from '../filter/parse-filter.ts'
import { type FindGroup, resolveGroups } from '../filter/resolve-groups.ts'
import type { FoundSummary, SummaryPage, SummaryWindow, TraceFilter, TraceQueries } from '../query/traces.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import { readPageToken, writePageToken } from '../wire/aws/page-token.ts'
import type { Shapes, Wire } from '../wire/xray/shapes.generated.ts'
import { writeSummary } from '../wire/xray/write-summary.ts'
import type { Call, Handler } from './handler.ts'
import type { IsIndexed } from './indexing-rules.ts'
import type { Sampling } from './sampling.ts'
import { sampling } from './sampling.ts'

type Input = Shapes['GetTraceSummaries']['input']
type Position = NonNullable<SummaryPage['next']> & { readonly left?: number }

const PAGE_SIZE = 100
const MAX_SCANNED = 10_000

/** The last second of the year 9999, beyond which engines disagree about times. */
const LAST_SECOND = 253_402_300_799

const WINDOW_KINDS = {
  TraceId: 'trace-time',
  Event: 'event',
  Service: 'service',
} as const satisfies Record<NonNullable<Input['TimeRangeType']>, SummaryWindow['kind']>

/**
 * Summaries of the traces of a window of time, newest first, a hundred a page. A page also ends after 10,000 traces or
 * two seconds of looking, then possibly empty with a token (spec/query §2.1, §2.2). Traces that are not indexed are left
 * out, and do not fill pages (§4.9).
 */
export function getTraceSummaries(
  queries: TraceQueries,
  groups: Groups,
  isIndexed: IsIndexed = () => true,
): Handler<'GetTraceSummaries'> {
  return async (input, call) => {
    const filter = readFilter(input, (by, value) => expressionOfGroup(groups, call.tenant, by, value))
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
    const { summaries, scanned, next } = await queries.summaries(
      call.tenant,
      {
        ...window,
        limit: PAGE_SIZE,
        scanLimit: Math.min(MAX_SCANNED, left),
        ...(position === undefined ? {} : { after: { timeSeconds: position.timeSeconds, id: position.id } }),
        ...(sample.kind === 'fixed-rate' && sample.keeps !== undefined ? { keeps: sample.keeps } : {}),
        ...(filter === undefined ? {} : { filter }),
      },
      call.signal,
    )
    const goesOn =
      next !== undefined && scanned < left
        ? { ...next, ...(left === Infinity ? {} : { left: left - scanned }) }
        : undefined
    return {
      TraceSummaries: summaries
        .filter(({ summary }) => isIndexed(call.tenant, summary.id, () => summary.startTime))
        .map(summaryOf),
      ApproximateTime: goesOn === undefined ? input.StartTime : goesOn.timeSeconds,
      TracesProcessedCount: scanned,
      ...(goesOn === undefined ? {} : { NextToken: writePageToken(parameters, goesOn, call.nowSeconds) }),
    }
  }
}

function summaryOf({ summary, matchedEventSeconds }: FoundSummary): Wire['TraceSummary'] {
  const written = writeSummary(summary)
  return matchedEventSeconds === undefined ? written : { ...written, MatchedEventTime: matchedEventSeconds }
}

/** What `FilterExpression` asks for; groups in it are those of the caller's account and region, as they are now. */
function readFilter({ FilterExpression: text }: Input, groups: FindGroup): TraceFilter | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const parsed = parseFilter(text)
  if (!parsed.ok) return fail('InvalidRequestException', parsed.error.message)
  const resolved = resolveGroups(parsed.value, groups)
  if (!resolved.ok) return fail('InvalidRequestException', resolved.error.message)
  return { expression: resolved.value, needsWholeDocuments: false }
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

const clamp = (seconds: number): number => Math.min(Math.max(seconds, 0), LAST_SECOND)
