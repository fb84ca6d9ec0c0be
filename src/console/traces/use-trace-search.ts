import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { TracesQuestion } from '../data/search-traces.ts'
import { startSearch, type SearchState, type TraceSearch } from './trace-search.ts'

type Kept = { readonly key: string; readonly search: TraceSearch; isLedAway: boolean }

/** The last search, so that going back to the list shows what was there. */
let kept: Kept | undefined

/** How long a list is the same when one comes back to it: from a trace that it led to, and from elsewhere. */
const KEPT_MS = { fromTrace: 600_000, fromElsewhere: 20_000 }

/** Notes that a trace of the list is being opened, from which one wants to come back to the same list. */
export function keepForReturn(): void {
  if (kept !== undefined) kept.isLedAway = true
}

/**
 * The search that answers a question; another question ends it and begins another. `attempt`: another number asks anew.
 * Nothing until the first one has begun, and without a question.
 */
export function useTraceSearch(question: TracesQuestion | undefined, attempt: number): TraceSearch | undefined {
  const key = JSON.stringify([question, attempt])
  const [search, setSearch] = useState(() => returnedTo(key))
  const asked = useRef(question)
  useEffect(() => {
    asked.current = question
  })
  useEffect(() => {
    const returned = returnedTo(key)
    if (asked.current === undefined) {
      setSearch(undefined)
      return
    }
    if (returned === undefined) {
      kept?.search.stop()
      kept = { key, search: startSearch(asked.current), isLedAway: false }
    } else if (kept !== undefined) kept.isLedAway = false
    setSearch(kept?.search)
  }, [key])
  return search
}

function returnedTo(key: string): TraceSearch | undefined {
  if (kept?.key !== key) return undefined
  const age = Date.now() - kept.search.getState().startedMs
  return age < (kept.isLedAway ? KEPT_MS.fromTrace : KEPT_MS.fromElsewhere) ? kept.search : undefined
}

const NOT_YET: SearchState = { phase: 'running', rows: [], startedMs: 0 }
const nothing = (): (() => void) => () => undefined

/** How a search stands, as it goes on. */
export function useSearchState(search: TraceSearch | undefined): SearchState {
  return useSyncExternalStore(search?.subscribe ?? nothing, search?.getState ?? (() => NOT_YET))
}

const REFRESH_MS = 5_000
const REFRESHES = 24

/** Asks again for what was in progress, every five seconds for two minutes, while somebody looks (console §4.5). */
export function useRefreshedRows(search: TraceSearch | undefined, isRunning: boolean): void {
  useEffect(() => {
    if (search === undefined || isRunning) return
    let left = REFRESHES
    let isAsking = false
    const timer = setInterval(() => {
      if (document.hidden || isAsking) return
      left -= 1
      const rows = search.getState().rows.filter((row) => row.inProgress)
      if (left < 0 || rows.length === 0) {
        clearInterval(timer)
        return
      }
      isAsking = true
      void search.refreshRows(rows).finally(() => {
        isAsking = false
      })
    }, REFRESH_MS)
    return () => {
      clearInterval(timer)
    }
  }, [search, isRunning])
}
