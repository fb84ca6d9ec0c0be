import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import type { TraceSearch } from '../frame/search-params.ts'

/** What changes in the URL of a trace; undefined takes a parameter away. */
export type TraceUrlChange = { readonly [Name in keyof TraceSearch]?: string | undefined }

/** The state of the page, which is in its URL (console §4.2), and how to change it. */
export type TraceUrl = {
  readonly id: string
  readonly search: TraceSearch
  /** Replaces the entry of the history, but for `isStep`, which Back undoes. */
  readonly change: (change: TraceUrlChange, isStep?: boolean) => void
}

/** Reads and changes the URL of `/traces/$id`. */
export function useTraceUrl(): TraceUrl {
  const { id } = useParams({ from: '/traces/$id' })
  const search = useSearch({ from: '/traces/$id' })
  const navigate = useNavigate({ from: '/traces/$id' })
  const change = useCallback(
    (changed: TraceUrlChange, isStep = false) => {
      void navigate({
        search: (before) => merged(before, changed),
        replace: !isStep,
        resetScroll: false,
      })
    },
    [navigate],
  )
  return useMemo(() => ({ id, search, change }), [id, search, change])
}

function merged(before: TraceSearch, changed: TraceUrlChange): TraceSearch {
  const all = Object.entries({ ...before, ...changed }).filter(([, value]) => value !== undefined && value !== '')
  // Names are those of the two, and what is left are texts.
  return Object.fromEntries(all) as TraceSearch
}
