import { useMemo } from 'react'
import { useDraft } from './use-draft.ts'
import type { TraceState } from './use-trace-view.ts'
import { readZoom, writeZoom, type Zoom } from './zoom.ts'

/** The part of the time that is drawn; in the URL when it has rested. */
export function useTraceZoom({ url, whole }: TraceState): readonly [Zoom, (zoom: Zoom) => void] {
  const { search, change } = url
  const zoom = useMemo(() => readZoom(search.z) ?? whole, [search.z, whole])
  return useDraft(search.z, zoom, (next) => {
    change({ z: writeZoom(next, whole) })
  })
}
