import { useState, type PointerEvent } from 'react'
import { axisTicks } from '../axis-ticks.ts'
import type { TraceView } from '../use-trace-view.ts'
import { shareOf } from '../zoom.ts'
import styles from './waterfall.module.css'

/** The time axis. Dragging along it zooms to what was dragged over; `w s a d` do the same without a pointer. */
export function TimeAxis({ view, ticks }: { readonly view: TraceView; readonly ticks: number }) {
  const { zoom, setZoom } = view
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number }>()
  const shareAt = (event: PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect()
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
  }
  const finish = (): void => {
    setDrag(undefined)
    if (drag === undefined || Math.abs(drag.to - drag.from) < 0.005) return
    const span = zoom.toUs - zoom.fromUs
    const at = (share: number) => zoom.fromUs + share * span
    const [first, last] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]
    if (at(last) - at(first) >= 10) setZoom({ fromUs: at(first), toUs: at(last) })
  }
  return (
    <div
      className={styles['axis']}
      data-axis=""
      title="Drag to zoom"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrag({ from: shareAt(event), to: shareAt(event) })
      }}
      onPointerMove={(event) => {
        if (drag !== undefined) setDrag({ from: drag.from, to: shareAt(event) })
      }}
      onPointerUp={finish}
      onPointerCancel={() => {
        setDrag(undefined)
      }}
    >
      {axisTicks(zoom, ticks).map(({ us, label }) => {
        const share = shareOf(zoom, us)
        return (
          <span key={us} className={styles['tick']} style={{ left: `${share * 100}%` }}>
            {/* At the very end there is no room for it. */}
            {share > 0.95 ? undefined : label}
          </span>
        )
      })}
      {drag === undefined ? undefined : (
        <span
          className={styles['drag']}
          style={{
            left: `${Math.min(drag.from, drag.to) * 100}%`,
            width: `${Math.abs(drag.to - drag.from) * 100}%`,
          }}
        />
      )}
    </div>
  )
}
