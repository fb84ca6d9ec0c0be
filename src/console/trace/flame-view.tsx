import { useCallback, useMemo, useState } from 'react'
import { Segmented } from '../frame/segmented.tsx'
import { EmptyState } from '../frame/states.tsx'
import { FlameCanvas } from './flame-canvas.tsx'
import { FlameList } from './flame-list.tsx'
import { sayFrame } from './flame-words.ts'
import styles from './flame-view.module.css'
import { flameByTime, flameMerged, type FlameLayout } from './model/flame-layout.ts'
import type { TraceModel } from './model/trace-model.ts'
import type { Zoom } from './zoom.ts'

const MODES = [
  { id: 'time', label: 'By time' },
  { id: 'merged', label: 'Merged by path' },
] as const

export type FlameViewProps = {
  readonly model: TraceModel
  /** Names of services that are left out. */
  readonly hidden: ReadonlySet<string>
  /** By node, 1 where it matches what is looked for. */
  readonly matches: Uint8Array | undefined
  readonly whole: Zoom
  /** Of the view by time; merged frames have a zoom of their own. */
  readonly zoom: Zoom
  readonly onZoom: (zoom: Zoom) => void
  readonly isMerged: boolean
  readonly onMerged: (isMerged: boolean) => void
  /** A node, -1 for none. */
  readonly selected: number
  readonly onSelect: (node: number) => void
}

/** A trace as a flame graph: each node below its parent, by time, or merged by path with counts and sums (console §4.6.7). */
export function FlameView(props: FlameViewProps) {
  const { model, hidden, matches, isMerged, onMerged, selected, onSelect } = props
  const layout = useMemo(
    () => (isMerged ? flameMerged(model, hidden) : flameByTime(model, hidden)),
    [model, hidden, isMerged],
  )
  const range = useRange(props, layout)
  const [told, setTold] = useState<{ readonly layout: typeof layout; readonly frame: number }>()
  const tell = useCallback(
    (frame: number) => {
      setTold({ layout, frame })
    },
    [layout],
  )
  const frame = told?.layout === layout ? told.frame : -1
  return (
    <div className={styles['view']}>
      <div className={styles['bar']}>
        <Segmented
          label="Kind of flame graph"
          options={MODES}
          value={isMerged ? 'merged' : 'time'}
          onChange={(mode) => {
            onMerged(mode === 'merged')
          }}
        />
        <p className={styles['told']} dir="auto">
          {frame === -1 ? HINTS[isMerged ? 'merged' : 'time'] : sayFrame(model, layout, frame)}
        </p>
      </div>
      {layout.count === 0 ? (
        <EmptyState title="All services are hidden">
          <p>Show one again above to see what it did.</p>
        </EmptyState>
      ) : (
        <>
          <FlameCanvas
            model={model}
            layout={layout}
            matches={matches}
            {...range}
            hasAxis={!isMerged}
            told={frame}
            onTell={tell}
            selected={selected}
            onSelect={onSelect}
          />
          <FlameList model={model} layout={layout} onSelect={onSelect} />
        </>
      )}
    </div>
  )
}

const HINTS = {
  time: 'Each segment below the one that it worked for. Click for details, drag to move, Ctrl + wheel to zoom.',
  merged: 'Equal paths as one, as wide as the time spent in them. Click for the longest, double-click to zoom.',
} as const

/** By time, the zoom of the page; merged, one of its own, which is gone when other frames are. */
function useRange({ whole, zoom, onZoom, isMerged }: FlameViewProps, layout: FlameLayout) {
  const [merged, setMerged] = useState<{ readonly layout: FlameLayout; readonly zoom: Zoom }>()
  if (!isMerged) return { whole, zoom, onZoom }
  const all = { fromUs: 0, toUs: layout.to.reduce((most, to) => Math.max(most, to), 10) }
  return {
    whole: all,
    zoom: merged?.layout === layout ? merged.zoom : all,
    onZoom: (next: Zoom) => {
      setMerged({ layout, zoom: next })
    },
  }
}
