import { expressionOfGroup } from '../control/expression-of-group.ts'
import type { Groups } from '../control/groups.ts'
import type { ExtendedExpr } from '../filter/extended-ast.ts'
import type { FilterRead } from '../filter/filter-error.ts'
import { parseExtendedFilter, parseFilter } from '../filter/parse-filter.ts'
import { resolveGroups, type FindGroup } from '../filter/resolve-groups.ts'
import type { Tenant } from '../model/tenant.ts'
import { needsWholeDocuments } from '../query/search-needs.ts'
import type { ExplainQuery } from '../query/searches.ts'
import type { SummaryWindow, TraceFilter } from '../query/traces.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import { textParameter } from './own-endpoints.ts'

/** The last second of the year 9999, beyond which engines disagree about times. */
const LAST_SECOND = 253_402_300_799

const RANGES = { 'trace-time': 'trace-time', event: 'event', service: 'service' } as const

/** Half-open. */
type Span = Pick<SummaryWindow, 'fromSeconds' | 'toSeconds'>

/** `from` and `to`: those that are left out are the present, and so many seconds before `to`. */
export function spanParameters(query: URLSearchParams, nowSeconds: number, defaultSeconds: number): Span {
  const toSeconds = timeParameter(query, 'to', nowSeconds) ?? nowSeconds
  const fromSeconds = timeParameter(query, 'from', nowSeconds) ?? Math.max(0, toSeconds - defaultSeconds)
  if (fromSeconds >= toSeconds) fail('InvalidRequestException', 'from must be before to')
  return { fromSeconds, toSeconds }
}

/** The same with `range`, which is the time of the trace where it is left out. */
export function windowParameters(query: URLSearchParams, nowSeconds: number, defaultSeconds: number): SummaryWindow {
  const kind = choiceParameter(query, 'range', RANGES) ?? 'trace-time'
  return { kind, ...spanParameters(query, nowSeconds, defaultSeconds) }
}

/** One of some words; any other is refused. */
export function choiceParameter<Word extends string>(
  query: URLSearchParams,
  name: string,
  words: Readonly<Record<string, Word>>,
): Word | undefined {
  const given = textParameter(query, name)
  if (given === undefined) return undefined
  const choices = new Map(Object.entries(words))
  return (
    choices.get(given) ?? fail('InvalidRequestException', `${name} must be one of ${[...choices.keys()].join(', ')}`)
  )
}

/** `account` and `region`: whose traces; those of unsigned calls where they are left out. */
export function tenantParameters(query: URLSearchParams, defaults: Tenant): Tenant {
  const account = textParameter(query, 'account') ?? defaults.account
  const region = textParameter(query, 'region') ?? defaults.region
  if (!/^\d{12}$/.test(account)) fail('InvalidRequestException', 'account must be 12 digits')
  return { account, region }
}

const DIALECTS = { aws: parseFilter, extended: parseExtendedFilter } as const
const DIALECT_NAMES = { aws: 'aws', extended: 'extended' } as const

/** `filter` in the language that `dialect` says; blank text is no filter. Groups in it are those of the tenant. */
export function filterParameter(
  query: URLSearchParams,
  groups: Pick<Groups, 'find'>,
  tenant: Tenant,
): FilterRead<FilterQuestion> | undefined {
  const parse = DIALECTS[choiceParameter(query, 'dialect', DIALECT_NAMES) ?? 'aws']
  const text = query.get('filter') ?? ''
  if (text.trim() === '') return undefined
  const parsed: FilterRead<ExtendedExpr> = parse(text)
  if (!parsed.ok) return parsed
  const find: FindGroup = (by, value) => expressionOfGroup(groups, tenant, by, value)
  const resolved = resolveGroups(parsed.value, find)
  if (!resolved.ok) return resolved
  const needs = { needsWholeDocuments: needsWholeDocuments(parsed.value) }
  return {
    ok: true,
    value: {
      filter: { expression: resolved.value, ...needs },
      question: { expression: parsed.value, groups: find, ...needs },
    },
  }
}

/** A filter as searches take it, and as it was written. */
type FilterQuestion = { readonly filter: TraceFilter; readonly question: ExplainQuery }

const AGE_SECONDS: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3_600],
  ['d', 86_400],
])

/** Epoch seconds, as everywhere in the X-Ray API, a date, or how long ago. */
function timeParameter(query: URLSearchParams, name: string, nowSeconds: number): number | undefined {
  const given = textParameter(query, name)
  if (given === undefined) return undefined
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(given) ?? []
  const age = AGE_SECONDS.get(unit)
  const seconds =
    count === undefined
      ? Date.parse(given) / 1000
      : age === undefined
        ? Number(count)
        : nowSeconds - Number(count) * age
  if (Number.isNaN(seconds)) {
    fail('InvalidRequestException', `${name} must be epoch seconds, an ISO 8601 date, or an age such as 15m, 2h or 7d`)
  }
  return Math.min(Math.max(seconds, 0), LAST_SECOND)
}
