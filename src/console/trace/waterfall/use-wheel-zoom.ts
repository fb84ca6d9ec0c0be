import { useEffect, useRef, type RefObject } from 'react'
import type { TraceView } from '../use-trace-view.ts'
import { isWhole, panBy, zoomBy } from '../zoom.ts'

/**
 * With Ctrl or ⌘ the wheel zooms around the pointer; sideways, or with Shift, it moves what is zoomed. The plain wheel
 * scrolls rows.
 */
export function useWheelZoom(scroller: RefObject<HTMLDivElement | null>, view: TraceView): void {
  const latest = useRef(view)
  useEffect(() => {
    latest.current = view
  })
  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const onWheel = (event: WheelEvent): void => {
      const { zoom, whole, setZoom } = latest.current
      const axis = element.querySelector('[data-axis]')?.getBoundingClientRect()
      if (axis === undefined || axis.width === 0) return
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault()
        const share = Math.min(1, Math.max(0, (event.clientX - axis.left) / axis.width))
        const anchor = zoom.fromUs + share * (zoom.toUs - zoom.fromUs)
        setZoom(zoomBy(zoom, Math.exp(-event.deltaY * 0.003), anchor, whole))
        return
      }
      const sideways = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX
      if (sideways === 0 || Math.abs(sideways) < Math.abs(event.shiftKey ? 0 : event.deltaY) || isWhole(zoom, whole))
        return
      event.preventDefault()
      setZoom(panBy(zoom, sideways / axis.width, whole))
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => {
      element.removeEventListener('wheel', onWheel)
    }
  }, [scroller])
}
