/** What a viewer prefers. */
export type Preferences = {
  readonly theme: 'system' | 'light' | 'dark'
  readonly density: 'comfortable' | 'compact'
  /** `browser`, or an IANA name such as `UTC` or `Asia/Kathmandu`. */
  readonly zone: string
  /** Whether single letters are shortcuts (WCAG 2.1.4). */
  readonly shortcuts: boolean
  readonly detailsPosition: 'right' | 'bottom'
  /** CSS pixels. */
  readonly panelWidth: number
  /** Columns of the list of traces; empty for the usual ones. */
  readonly columns: string
  /** The newest first. */
  readonly recentTraces: readonly { readonly id: string; readonly name: string }[]
  /** Filters that were run, the newest first. */
  readonly recentFilters: readonly string[]
  readonly savedQueries: readonly { readonly name: string; readonly filter: string }[]
}

/** Those of a viewer who has changed nothing. */
export const DEFAULTS: Preferences = {
  theme: 'system',
  density: 'comfortable',
  zone: 'browser',
  shortcuts: true,
  detailsPosition: 'right',
  panelWidth: 420,
  columns: '',
  recentTraces: [],
  recentFilters: [],
  savedQueries: [],
}

/** Reads what was stored, perhaps by another version: what is missing or nonsense is as by default. */
export function readPreferences(text: string | null): Preferences {
  const raw = parsed(text)
  return {
    theme: oneOf(raw['theme'], ['system', 'light', 'dark'], DEFAULTS.theme),
    density: oneOf(raw['density'], ['comfortable', 'compact'], DEFAULTS.density),
    zone: isZone(raw['zone']) ? raw['zone'] : DEFAULTS.zone,
    shortcuts: raw['shortcuts'] !== false,
    detailsPosition: oneOf(raw['detailsPosition'], ['right', 'bottom'], DEFAULTS.detailsPosition),
    panelWidth: typeof raw['panelWidth'] === 'number' ? raw['panelWidth'] : DEFAULTS.panelWidth,
    columns: typeof raw['columns'] === 'string' ? raw['columns'] : DEFAULTS.columns,
    recentTraces: pairs(raw['recentTraces'], 'id', 'name').map(([id, name]) => ({ id, name })),
    recentFilters: texts(raw['recentFilters']),
    savedQueries: pairs(raw['savedQueries'], 'name', 'filter').map(([name, filter]) => ({ name, filter })),
  }
}

/** Whether times can be written in this zone. */
function isZone(zone: unknown): zone is string {
  if (typeof zone !== 'string') return false
  if (zone === 'browser') return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return zone !== ''
  } catch {
    return false
  }
}

function parsed(text: string | null): Record<string, unknown> {
  try {
    return members(JSON.parse(text ?? '{}'))
  } catch {
    return {}
  }
}

function members(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

function oneOf<Value extends string>(value: unknown, values: readonly Value[], otherwise: Value): Value {
  return values.find((known) => known === value) ?? otherwise
}

function pairs(value: unknown, first: string, second: string): (readonly [string, string])[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((item: unknown) => {
    const { [first]: one, [second]: other } = members(item)
    return typeof one === 'string' && typeof other === 'string' ? [[one, other] as const] : []
  })
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}
