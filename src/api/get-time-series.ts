import { DEFAULT_GROUP } from '../control/group.ts'
import type { Groups } from '../control/groups.ts'
import type { Insights } from '../control/insights.ts'
import type { EntitySelector } from '../filter/ast.ts'
import { parseEntitySelector } from '../filter/parse-filter.ts'
import { selects } from '../filter/selects.ts'
import { withForecast } from '../model/graph/forecast.ts'
import { seriesOf, type SeriesEntry, type SeriesSelector } from '../model/graph/time-series.ts'
import type { GraphQueries, GraphQuery } from '../query/graphs.ts'
import type { Tenant } from '../model/tenant.ts'
import { answered } from './answered.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import { readPageToken, writePageToken } from '../wire/aws/page-token.ts'
import type { Shapes } from '../wire/xray/shapes.generated.ts'
import { writeTimeSeries } from '../wire/xray/write-graph.ts'
import { graphParameters, readGroup, readWindow } from './graph-scope.ts'
import type { Call, Handler } from './handler.ts'

type Input = Shapes['GetTimeSeriesServiceStatistics']['input']

/** Entries on a page (spec/query §3.8). */
const PAGE_SIZE = 1_440
const PERIODS_SECONDS: readonly number[] = [60, 300]
const DAY_SECONDS = 86_400
/** Fault rates are those of five minutes (spec/query §4.2). */
const RATE_SECONDS = 300

/**
 * Statistics of the requests of clients, or of the nodes or edges that a selector names, in buckets of one or five
 * minutes, ascending (spec/query §3.8). As to groups, see `getServiceGraph`.
 */
export function getTimeSeries(
  graphs: Pick<GraphQueries, 'periods'>,
  groups: Groups,
  insights: Pick<Insights, 'list'>,
  pageSize = PAGE_SIZE,
): Handler<'GetTimeSeriesServiceStatistics'> {
  return async (input, call) => {
    const window = readWindow(input)
    const periodSeconds = readPeriod(input)
    const entity = readSelector(input)
    const wantsForecast = input.ForecastStatistics === true
    if (wantsForecast && !isOneById(entity)) {
      fail(
        'InvalidRequestException',
        'ForecastStatistics requires an EntitySelectorExpression with the id() of a service',
      )
    }
    const parameters = graphParameters('GetTimeSeriesServiceStatistics', input, call)
    const fromSeconds = readFrom(input.NextToken, parameters, call)
    const filter = readGroup(groups, call.tenant, input)
    const query = filter === undefined ? { window } : { window, filter }
    const series = async (asked: GraphQuery, seconds: number): Promise<readonly SeriesEntry[]> =>
      seriesOf(
        await graphs.periods(call.tenant, { ...asked, periodSeconds: seconds }, call.signal),
        seconds,
        selectorOf(entity),
      )
    const isCut = fromSeconds !== undefined && !dependsOnWindow(entity)
    const startSeconds = isCut ? Math.max(fromSeconds, window.startSeconds) : window.startSeconds
    const all = await series({ ...query, window: { ...window, startSeconds } }, periodSeconds)
    const rest = fromSeconds === undefined ? all : all.filter((entry) => entry.startSeconds >= fromSeconds)
    const page = rest.slice(0, pageSize)
    const [first, last] = [page[0], page.at(-1)]
    const past = wantsForecast && first !== undefined && last !== undefined
    const isUsual = usualTimes(insights, groups, call, input, entity)
    const written = past
      ? withForecast(page, (await series({ ...query, window: pastOf(first, last) }, RATE_SECONDS)).filter(isUsual))
      : page
    return {
      TimeSeriesServiceStatistics: writeTimeSeries(written),
      ContainsOldGroupVersions: false,
      ...(last === undefined || rest.length === page.length
        ? {}
        : {
            NextToken: writePageToken(
              parameters,
              { timeSeconds: last.startSeconds + periodSeconds, id: '' },
              call.nowSeconds,
            ),
          }),
    }
  }
}

function readPeriod({ Period: seconds = 60 }: Input): number {
  if (!PERIODS_SECONDS.includes(seconds)) fail('InvalidRequestException', 'Period must be 60 or 300')
  return seconds
}

function readSelector({ EntitySelectorExpression: text }: Input): EntitySelector | undefined {
  if (text === undefined) return undefined
  const read = parseEntitySelector(text)
  return read.ok ? read.value : fail('InvalidRequestException', read.error.message)
}

/** Where a page begins. */
function readFrom(token: string | undefined, parameters: readonly unknown[], { nowSeconds }: Call): number | undefined {
  if (token === undefined) return undefined
  const position = readPageToken(token, parameters, nowSeconds)
  return position === undefined ? fail('InvalidRequestException', 'Invalid NextToken') : position.timeSeconds
}

function selectorOf(entity: EntitySelector | undefined): SeriesSelector {
  if (entity === undefined) return { kind: 'requests' }
  if (entity.kind === 'service') return { kind: 'service', matches: (service) => selects(entity.selector, service) }
  const { from, to } = entity
  return { kind: 'edge', from: (service) => selects(from, service), to: (service) => selects(to, service) }
}

function isOneById(entity: EntitySelector | undefined): boolean {
  return entity?.kind === 'service' && entity.selector.kind === 'id'
}

/** A plain name also means the nodes that callers call so, anywhere in the window. */
function dependsOnWindow(entity: EntitySelector | undefined): boolean {
  if (entity === undefined) return false
  const selectors = entity.kind === 'service' ? [entity.selector] : [entity.from, entity.to]
  return selectors.some(({ kind }) => kind === 'name')
}

/** Whether a stretch lies outside all insights that the node is part of in this group (spec/query §4.2 rule 1). */
function usualTimes(
  insights: Pick<Insights, 'list'>,
  groups: Groups,
  { tenant, nowSeconds }: { readonly tenant: Tenant; readonly nowSeconds: number },
  { GroupName, GroupARN }: Input,
  entity: EntitySelector | undefined,
): (stretch: SeriesEntry) => boolean {
  if (entity?.kind !== 'service') return () => true
  const isDefault = GroupName === undefined && GroupARN === undefined
  const { arn } = answered(
    groups.find(tenant, isDefault ? { name: DEFAULT_GROUP } : { name: GroupName, arn: GroupARN }),
  )
  const unusual = insights
    .list(tenant, nowSeconds)
    .filter(({ group, insight }) => group.arn === arn && insight.services.some((one) => selects(entity.selector, one)))
    .map(({ insight }) => insight)
  return ({ startSeconds }) =>
    !unusual.some((insight) => {
      return startSeconds < (insight.endSeconds ?? Infinity) && startSeconds + RATE_SECONDS > insight.startSeconds
    })
}

/** What the forecasts of entries are made from: the day before each. */
function pastOf(first: SeriesEntry, last: SeriesEntry): GraphQuery['window'] {
  const startSeconds = Math.floor((first.startSeconds - DAY_SECONDS) / RATE_SECONDS) * RATE_SECONDS
  return { startSeconds, endSeconds: last.startSeconds }
}
