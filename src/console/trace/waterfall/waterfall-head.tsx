import { ChevronsDownUp, ChevronsUpDown, ZoomOut } from 'lucide-react'
import { Button } from '../../frame/button.tsx'
import { ALL_LEVELS, openToLevel } from '../model/fold.ts'
import type { TraceView } from '../use-trace-view.ts'
import { NameSplitter } from './name-splitter.tsx'
import { TimeAxis } from './time-axis.tsx'
import styles from './waterfall.module.css'

/** What stands above the rows: the names of the columns, folding all of it, and the time axis. */
export function WaterfallHead({
  view,
  width,
  onWidth,
  isZoomed,
  ticks,
}: {
  readonly view: TraceView
  readonly width: number
  readonly onWidth: (width: number) => void
  readonly isZoomed: boolean
  readonly ticks: number
}) {
  const { model, fold, setFold } = view
  return (
    <div className={styles['head']} role="presentation">
      <div className={styles['headName']}>
        <span className={styles['headWords']}>Service and operation</span>
        <Button
          kind="quiet"
          label="Open all"
          onPress={() => {
            setFold(openToLevel(model, fold, ALL_LEVELS))
          }}
        >
          <ChevronsUpDown size={14} aria-hidden="true" />
        </Button>
        <Button
          kind="quiet"
          label="Close all"
          onPress={() => {
            setFold(openToLevel(model, fold, 1))
          }}
        >
          <ChevronsDownUp size={14} aria-hidden="true" />
        </Button>
        <NameSplitter width={width} onWidth={onWidth} />
      </div>
      <TimeAxis view={view} ticks={ticks} />
      {isZoomed ? (
        <div className={styles['unzoom']}>
          <Button
            kind="quiet"
            label="Show the whole trace (0)"
            onPress={() => {
              view.setZoom(view.whole)
            }}
          >
            <ZoomOut size={14} aria-hidden="true" />
          </Button>
        </div>
      ) : undefined}
    </div>
  )
}
