import { useEffect, useRef, useState, type RefObject } from 'react'
import { NODE_BOX } from './node-box.ts'
import { createPanZoom, type Box, type PanZoom } from './pan-zoom.ts'
import type { Places } from './use-layout.ts'

/** From this scale on, edges have their numbers. */
const NEAR = 0.95
/** Below this, numbers cannot be read, and below that, names neither: they would be specks. */
const [LEGIBLE, VISIBLE] = [0.5, 0.36]
const HINT_MS = 1_600

/** Pan and zoom of a drawing, which is fitted when it first has places, and when they change before it was moved. */
export function usePanZoom(places: Places | undefined): {
  readonly svg: RefObject<SVGSVGElement | null>
  readonly layer: RefObject<SVGGElement | null>
  readonly panZoom: RefObject<PanZoom | null>
  /** Whether the wheel was just turned over the map alone, which does not zoom. */
  readonly isWheelTold: boolean
} {
  const svg = useRef<SVGSVGElement>(null)
  const layer = useRef<SVGGElement>(null)
  const panZoom = useRef<PanZoom>(null)
  const fitted = useRef<Places>(undefined)
  const [isWheelTold, setWheelTold] = useState(false)

  useEffect(() => {
    const [frame, moved] = [svg.current, layer.current]
    if (frame === null || moved === null) return
    const created = createPanZoom(frame, moved, ({ scale }) => {
      const distance = scale >= NEAR ? 'near' : scale >= LEGIBLE ? 'middle' : scale >= VISIBLE ? 'far' : 'farther'
      if (frame.dataset['distance'] !== distance) frame.dataset['distance'] = distance
    })
    panZoom.current = created
    let timer: ReturnType<typeof setTimeout> | undefined
    const tellWheel = (event: WheelEvent): void => {
      if (event.ctrlKey || event.metaKey) return
      setWheelTold(true)
      clearTimeout(timer)
      timer = setTimeout(() => {
        setWheelTold(false)
      }, HINT_MS)
    }
    frame.addEventListener('wheel', tellWheel, { passive: true })
    return () => {
      frame.removeEventListener('wheel', tellWheel)
      clearTimeout(timer)
      created.stop()
      panZoom.current = null
    }
  }, [])

  useEffect(() => {
    const frame = svg.current
    if (places === undefined || frame === null) return
    if (fitted.current === undefined || panZoom.current?.wasMoved() === false) panZoom.current?.fit(boxOf(places))
    fitted.current = places
    // A panel that opens, or a window that shrinks, leaves the whole map in sight.
    const observer = new ResizeObserver(() => {
      if (panZoom.current?.wasMoved() === false) panZoom.current.fit(boxOf(places))
    })
    observer.observe(frame)
    return () => {
      observer.disconnect()
    }
  }, [places])

  return { svg, layer, panZoom, isWheelTold }
}

/** What all nodes with their labels take. */
export function boxOf(places: Places): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x, y } of places.nodes.values()) {
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  if (left > right) return { x: 0, y: 0, width: 1, height: 1 }
  const above = 32
  return {
    x: left - NODE_BOX.width / 2,
    y: top - above,
    width: right - left + NODE_BOX.width,
    height: bottom - top + above + 64,
  }
}
