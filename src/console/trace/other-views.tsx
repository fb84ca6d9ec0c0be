import { FlameView } from './flame-view.tsx'
import { Minimap } from './minimap.tsx'
import { readGroupings, writeGroupings } from './model/group-nodes.ts'
import { TraceMap } from './trace-map.tsx'
import { TraceTable } from './trace-table.tsx'
import type { TraceView } from './use-trace-view.ts'

/** The map of a trace (console §4.6.7). */
export function MapOfTrace({ view }: { readonly view: TraceView }) {
  return <TraceMap model={view.model} onSelect={view.select} />
}

/** The flame graph; `by=merged` in the URL merges it by path. */
export function FlameOfTrace({ view }: { readonly view: TraceView }) {
  const isMerged = view.url.search.by === 'merged'
  return (
    <>
      {isMerged ? undefined : (
        <Minimap
          model={view.model}
          whole={view.whole}
          zoom={view.zoom}
          matches={view.find.matches}
          onZoom={view.setZoom}
        />
      )}
      <FlameView
        model={view.model}
        hidden={view.hidden}
        matches={view.find.matches}
        whole={view.whole}
        zoom={view.zoom}
        onZoom={view.setZoom}
        isMerged={isMerged}
        onMerged={(next) => {
          view.url.change({ by: next ? 'merged' : undefined })
        }}
        selected={view.selected}
        onSelect={view.select}
      />
    </>
  )
}

/** The table; `by` in the URL says what it is grouped by. What is found is shown in the timeline. */
export function TableOfTrace({ view }: { readonly view: TraceView }) {
  return (
    <TraceTable
      model={view.model}
      hidden={view.hidden}
      by={readGroupings(view.url.search.by)}
      onBy={(by) => {
        view.url.change({ by: writeGroupings(by) })
      }}
      onSelect={view.select}
      onFind={(find) => {
        view.url.change({ find, as: undefined, by: undefined }, true)
      }}
    />
  )
}
