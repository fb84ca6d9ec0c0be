import { readWindow } from '../data/time-window.ts'

/** The search parameters of a page (console §4.2): all optional texts, so that what stands for the default is left out. */
type Rules = { readonly [name: string]: (text: string) => boolean }
type Search<R extends Rules> = { readonly [Name in keyof R]?: string | undefined }

const anything = (): boolean => true
const oneOf =
  (...values: readonly string[]) =>
  (text: string): boolean =>
    values.includes(text)
const matching =
  (pattern: RegExp) =>
  (text: string): boolean =>
    pattern.test(text)

const COMMON = {
  t: (text: string) => readWindow(text) !== undefined,
  g: anything,
  q: anything,
  sel: anything,
  embed: oneOf('1'),
}

const MAP = {
  ...COMMON,
  focus: anything,
  hops: matching(/^[1-4]$/),
  min: matching(/^\d{1,9}(\.\d+)?$/),
  only: oneOf('problems'),
  all: oneOf('1'),
  size: oneOf('traffic', 'health'),
  label: oneOf('icons'),
  dir: oneOf('tb', 'lr'),
  as: oneOf('list'),
  sort: anything,
}
const TRACES = {
  ...COMMON,
  sort: matching(/^-?(start|duration|segments)$/),
  cols: anything,
  by: anything,
  as: oneOf('scatter'),
}
const TRACE = {
  ...COMMON,
  as: oneOf('map', 'flame', 'table', 'raw'),
  seg: matching(/^[0-9a-f]{16}$/i),
  z: matching(/^-?\d+--?\d+$/),
  fold: matching(/^(off|\d{1,3})$/),
  c: anything,
  find: anything,
  only: oneOf('1'),
  hide: anything,
  align: oneOf('1'),
  by: anything,
}

export type CommonSearch = Search<typeof COMMON>
export type MapSearch = Search<typeof MAP>
export type TracesSearch = Search<typeof TRACES>
export type TraceSearch = Search<typeof TRACE>

/** The parameters of a page that it knows and that are well-formed; others are dropped. */
function reader<R extends Rules>(rules: R): (raw: Record<string, unknown>) => Search<R> {
  return (raw) => {
    const kept = Object.entries(rules).flatMap(([name, isGood]) => {
      const text = raw[name]
      return typeof text === 'string' && text !== '' && isGood(text) ? [[name, text] as const] : []
    })
    // The names are those of the rules, by the line above.
    return Object.fromEntries(kept) as Search<R>
  }
}

export const readCommonSearch = reader(COMMON)
export const readMapSearch = reader(MAP)
export const readTracesSearch = reader(TRACES)
export const readTraceSearch = reader(TRACE)

/** Which parameters of a page's URL it knows, but has values of that it does not; their names, with spaces between. */
export function badParameters(path: string, raw: ReadonlyMap<string, string>): string {
  const rules: Rules =
    path === '/map' ? MAP : path === '/traces' ? TRACES : path.startsWith('/traces/') ? TRACE : COMMON
  const bad = Object.entries(rules).flatMap(([name, isGood]) => {
    const text = raw.get(name) ?? ''
    return text === '' || isGood(text) ? [] : [name]
  })
  return bad.join(' ')
}

/** The part of a URL after `?` as texts; of a name that occurs twice, the first. */
export function parseSearch(search: string): Record<string, string> {
  const entries = [...new URLSearchParams(search)].toReversed()
  return Object.fromEntries(entries)
}

/** The opposite; what is undefined or empty is left out. */
export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') parameters.set(name, value)
  }
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}
