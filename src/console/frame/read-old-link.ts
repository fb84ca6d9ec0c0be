import { ageText, readWindow } from '../data/time-window.ts'
import { readTraceId } from './read-omnibox.ts'
import { stringifySearch } from './search-params.ts'

/** The part of an address that old links differ in; the path is relative to where the console is, with a slash. */
export type Address = { readonly path: string; readonly search: string; readonly hash: string }

// ISO 8601 durations as the X-Ray console writes them: weeks and days, or hours, minutes and seconds.
const DURATION = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i

/**
 * Where a link leads that was made for AWS's console, path and search; undefined for addresses of ours (console §4.2).
 * `#/…` at any path is the X-Ray console's, `#xray:…` the one of CloudWatch.
 */
export function readOldLink({ path, search, hash }: Address): string | undefined {
  const route = /^#(?:\/|xray:)(.*)$/.exec(hash)?.[1]
  const isHome = /^\/(?:xray|cloudwatch)\/home\/?$/.test(path)
  if (route === undefined) return isHome ? '/' : undefined
  if (!isHome && path !== '/') return undefined
  const [where = '', query = ''] = route.split(/\?(.*)/s)
  return readTraceRoute(where) ?? readListRoute(where, new URLSearchParams(query), search) ?? '/'
}

function readTraceRoute(where: string): string | undefined {
  const [, id = '', raw] = /^traces\/([^/]+)(\/raw)?\/?$/.exec(where) ?? []
  const trace = readTraceId(safelyDecoded(id))
  return trace === undefined ? undefined : `/traces/${trace}${raw ?? ''}`
}

function readListRoute(where: string, query: URLSearchParams, search: string): string | undefined {
  const t = readTimeRange(query.get('timeRange') ?? '')
  const q = query.get('filter') ?? query.get('filterExpression') ?? undefined
  const g = query.get('group') ?? new URLSearchParams(search).get('group') ?? undefined
  if (/^traces\/?(query)?$/.test(where)) return `/traces${stringifySearch({ t, g, q })}`
  if (/^(service-map|service-map\/map|trace-map|map)\/?$/.test(where)) return `/map${stringifySearch({ t, g, q })}`
  return undefined
}

/** `PT15M`, or two times joined by `~`, as the console's `t`; undefined for nothing and nonsense. */
export function readTimeRange(text: string): string | undefined {
  if (text.includes('~')) {
    const [from = '', to = ''] = text.split('~').map(readMoment)
    const t = `${from}~${to}`
    return readWindow(t) === undefined ? undefined : t
  }
  const duration = DURATION.exec(text)
  if (duration === null) return undefined
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = duration.slice(1).map((part) => Number(part || 0))
  const t = ageText((weeks * 7 + days) * 86_400 + hours * 3_600 + minutes * 60 + seconds)
  return readWindow(t) === undefined ? undefined : t
}

/** An ISO time, or epoch seconds or milliseconds, as an ISO time; empty for nonsense. */
function readMoment(text: string): string {
  const number = Number(text)
  const ms = /^\d+(\.\d+)?$/.test(text) ? (number < 1e11 ? number * 1_000 : number) : Date.parse(text)
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : ''
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
