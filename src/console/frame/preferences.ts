import { create } from 'zustand'
import { DEFAULTS, readPreferences, type Preferences } from './read-preferences.ts'

const KEY = 'radiograph.preferences'

function stored(): Preferences {
  try {
    return readPreferences(localStorage.getItem(KEY))
  } catch {
    // A browser may forbid storage; then preferences last as long as the page.
    return DEFAULTS
  }
}

/** What this viewer prefers, on this browser alone. Nothing that a link should carry (console §4.0). */
export const usePreferences = create<Preferences>(() => stored())

/** Changes some preferences, and remembers them. Only what a viewer does on purpose may call this. */
export function prefer(change: Partial<Preferences>): void {
  usePreferences.setState(change)
  try {
    localStorage.setItem(KEY, JSON.stringify(usePreferences.getState()))
  } catch {
    // As above; or the space is used up.
  }
}

/** Takes over what another tab has changed. */
export function followOtherTabs(): void {
  window.addEventListener('storage', (event) => {
    if (event.key === KEY || event.key === null) usePreferences.setState(readPreferences(event.newValue))
  })
}

/** What a link opened. */
const openedPath = typeof location === 'undefined' ? '' : location.pathname

/**
 * Puts a trace first among those seen lately; of its name, what the page calls it. One that a link opened is remembered
 * for as long as the page lasts: opening a link stores nothing (console §4.0).
 */
export function rememberTrace(id: string, name: string): void {
  const others = usePreferences.getState().recentTraces.filter((trace) => trace.id !== id)
  const recentTraces = [{ id, name }, ...others].slice(0, 10)
  if (openedPath.includes(id)) usePreferences.setState({ recentTraces })
  else prefer({ recentTraces })
}

/** Keeps a filter under a name; one of the same name is replaced. */
export function saveQuery(name: string, filter: string): void {
  const others = usePreferences.getState().savedQueries.filter((query) => query.name !== name)
  prefer({ savedQueries: [...others, { name, filter }] })
}

/** Forgets the filter of that name. */
export function forgetQuery(name: string): void {
  prefer({ savedQueries: usePreferences.getState().savedQueries.filter((query) => query.name !== name) })
}

/** Puts a filter first among those that were run, fifty at most. */
export function rememberFilter(filter: string): void {
  const others = usePreferences.getState().recentFilters.filter((other) => other !== filter)
  prefer({ recentFilters: [filter, ...others].slice(0, 50) })
}
