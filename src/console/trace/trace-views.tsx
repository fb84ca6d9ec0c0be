import { lazy, memo, Suspense } from 'react'
import { LoadingState, PanelBoundary } from '../frame/states.tsx'
import { FindBox } from './find-box.tsx'
import { FoldMenu } from './fold-menu.tsx'
import { Minimap } from './minimap.tsx'
import { ServiceLegend } from './service-legend.tsx'
import styles from './trace-views.module.css'
import { useTraceZoom } from './use-trace-zoom.ts'
import type { TraceState, TraceView } from './use-trace-view.ts'
import { ViewPanel, ViewTabs } from './view-tabs.tsx'
import { Waterfall } from './waterfall/waterfall.tsx'

const RawView = lazy(async () => ({ default: (await import('./raw/raw-view.tsx')).RawView }))
const MapView = lazy(async () => ({ default: (await import('./other-views.tsx')).MapOfTrace }))
const FlameView = lazy(async () => ({ default: (await import('./other-views.tsx')).FlameOfTrace }))
const TableView = lazy(async () => ({ default: (await import('./other-views.tsx')).TableOfTrace }))

const VIEWS = [
  { id: 'timeline', label: 'Timeline' },
  { id: 'map', label: 'Map' },
  { id: 'flame', label: 'Flame' },
  { id: 'table', label: 'Table' },
  { id: 'raw', label: 'Raw' },
] as const
type ViewId = (typeof VIEWS)[number]['id']

/** The ways to look at a trace, with what finds, folds and hides in all of them. */
export function TraceViews({
  state,
  shifts,
}: {
  readonly state: TraceState
  readonly shifts: Float64Array | undefined
}) {
  const shown = VIEWS.find(({ id }) => id === state.url.search.as)?.id ?? 'timeline'
  return (
    <div className={styles['views']}>
      <Toolbar state={state} shown={shown} />
      {shown === 'map' || shown === 'raw' ? undefined : (
        <ServiceLegend model={state.model} hidden={state.hidden} url={state.url} />
      )}
      <ViewPanel name="trace" id={shown} className={styles['panel']}>
        <PanelBoundary resetKey={shown}>
          <Suspense fallback={<LoadingState label="Loading" />}>
            <ShownView id={shown} state={state} shifts={shifts} />
          </Suspense>
        </PanelBoundary>
      </ViewPanel>
    </div>
  )
}

const Toolbar = memo(function Toolbar({ state, shown }: { readonly state: TraceState; readonly shown: ViewId }) {
  return (
    <div className={styles['toolbar']}>
      <ViewTabs
        name="trace"
        label="Views of the trace"
        tabs={VIEWS}
        value={shown}
        onChange={(id) => {
          // What the flame graph and the table are by is not for each other.
          state.url.change({ as: id === 'timeline' ? undefined : id, by: undefined }, true)
        }}
      />
      <FindBox view={state} />
      <span className={styles['spring']} />
      {shown === 'timeline' ? <FoldMenu view={state} /> : undefined}
    </div>
  )
})

/** What zooms is below here, so that the rest of the page stays as it is meanwhile. */
function ShownView({
  id,
  state,
  shifts,
}: {
  readonly id: ViewId
  readonly state: TraceState
  readonly shifts: Float64Array | undefined
}) {
  const [zoom, setZoom] = useTraceZoom(state)
  const view: TraceView = { ...state, zoom, setZoom }
  switch (id) {
    case 'map':
      return <MapView view={view} />
    case 'flame':
      return <FlameView view={view} />
    case 'table':
      return <TableView view={view} />
    case 'raw':
      return <RawView model={view.model} />
    default:
      return (
        <>
          <Minimap model={view.model} whole={view.whole} zoom={zoom} matches={view.find.matches} onZoom={setZoom} />
          <Waterfall view={view} shifts={shifts} />
        </>
      )
  }
}
