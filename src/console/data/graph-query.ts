import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { OwnGraph, OwnTrend } from '../../wire/own/graph.ts'
import { dialectOf } from '../filter-box/filter-problem.ts'
import { ask } from './ask.ts'
import { searchTraces } from './search-traces.ts'
import { windowOf, windowParameters } from './time-window.ts'
import type { TraceRow } from './trace-row.ts'

/** What a page asks of the service map: `t`, `g` and `q` of its URL. */
export type GraphQuestion = {
  readonly t?: string | undefined
  readonly g?: string | undefined
  readonly q?: string | undefined
}

/** Seconds between two looks at a time that goes on. With a filter or a group the server reads traces: not so often. */
const REFRESH_MS = 10_000
const REFRESH_READING_MS = 30_000

/** The service map (`GET /api/graph`). The last one stays until the next is known. */
export function graphQuery(question: GraphQuestion) {
  return queryOptions({
    queryKey: ['graph', question.t ?? '', question.g ?? '', question.q ?? ''],
    queryFn: ({ signal }) => ask<OwnGraph>('api/graph', graphParameters(question), { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      query.state.status === 'error' || windowOf(question.t).kind === 'between'
        ? false
        : question.q === undefined && question.g === undefined
          ? REFRESH_MS
          : REFRESH_READING_MS,
  })
}

/** One node, or one edge, of the map over time. */
export type TrendSubject =
  | { readonly node: string }
  | { readonly from: string; readonly to: string; readonly kind: 'call' | 'link' }

/** How a node or edge fared over time (`GET /api/graph/trend`). */
export function trendQuery(question: GraphQuestion, subject: TrendSubject) {
  const named =
    'node' in subject
      ? { node: subject.node }
      : { 'from-node': subject.from, 'to-node': subject.to, kind: subject.kind }
  return queryOptions({
    queryKey: ['trend', question.t ?? '', question.g ?? '', question.q ?? '', named],
    queryFn: ({ signal }) => ask<OwnTrend>('api/graph/trend', { ...graphParameters(question), ...named }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: REFRESH_READING_MS,
    refetchInterval: windowOf(question.t).kind === 'last' ? REFRESH_READING_MS : false,
  })
}

function graphParameters({ t, g, q }: GraphQuestion) {
  const dialect = q !== undefined && dialectOf(q) === 'extended' ? 'extended' : undefined
  return { ...windowParameters(windowOf(t)), group: g, filter: q, dialect }
}

/** The slowest traces that match a filter, and how many match at all. */
export type SlowestTraces = { readonly traces: readonly TraceRow[]; readonly matched: number }

const SLOWEST = 5

/** Asks for the slowest traces of a time (`GET /api/traces`): that looks at all of them, so it knows how many there are. */
export function slowestQuery(t: string | undefined, filter: string) {
  return queryOptions({
    queryKey: ['slowest', t ?? '', filter],
    queryFn: async ({ signal }): Promise<SlowestTraces> => {
      const traces: TraceRow[] = []
      const window = windowParameters(windowOf(t))
      const question = { ...window, filter, dialect: dialectOf(filter), sort: 'duration', limit: SLOWEST } as const
      const { matched } = await searchTraces(question, signal, ({ rows }) => traces.push(...rows))
      return { traces, matched }
    },
    placeholderData: keepPreviousData,
    staleTime: REFRESH_READING_MS,
  })
}
