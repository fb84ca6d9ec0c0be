import { startTransition, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { NODE_BOX } from './node-box.ts'
import { createPanZoom, type Box, type PanZoom } from './pan-zoom.ts'
import type { Places } from './use-layout.ts'

/** From this scale on, edges have their numbers. */
const NEAR = 0.95
/** Below this, numbers cannot be read, and below that, names neither: they would be specks. */
const [LEGIBLE, VISIBLE] = [0.5, 0.36]
const HINT_MS = 1_600
const RESIZE_MS = 450
const SETTLED_MS = 250

/** Pan and zoom of a drawing, which is fitted when it first has places, and when they change before it was moved. */
export function usePanZoom(places: Places | undefined): {
  readonly svg: RefObject<SVGSVGElement | null>
  readonly layer: RefObject<SVGGElement | null>
  readonly panZoom: RefObject<PanZoom | null>
  /** Whether the wheel was just turned over the map alone, which does not zoom. */
  readonly isWheelTold: boolean
  /** Whether it is so far away that nothing on it can be read. */
  readonly isFarther: boolean
} {
  const svg = useRef<SVGSVGElement>(null)
  const layer = useRef<SVGGElement>(null)
  const panZoom = useRef<PanZoom>(null)
  const fitted = useRef<Places>(undefined)
  const [isWheelTold, setWheelTold] = useState(false)
  // What is large is far away at first, and what is not drawn at first is not waited for.
  const [isFarther, setFarther] = useState(true)

  // Before anything is seen of it: a map that is not fitted would be drawn twice.
  useLayoutEffect(() => {
    const [frame, moved] = [svg.current, layer.current]
    if (frame === null || moved === null) return
    let settling: ReturnType<typeof setTimeout> | undefined
    const created = createPanZoom(frame, moved, ({ scale, isFitted }) => {
      const distance = scale >= NEAR ? 'near' : scale >= LEGIBLE ? 'middle' : scale >= VISIBLE ? 'far' : 'farther'
      // It concerns every name on the map: while the scale changes, frames are for that alone.
      clearTimeout(settling)
      const settle = (): void => {
        frame.dataset['distance'] = distance
        setFarther(distance === 'farther')
      }
      if (isFitted) settle()
      else if (frame.dataset['distance'] !== distance)
        settling = setTimeout(() => {
          startTransition(settle)
        }, SETTLED_MS)
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
      clearTimeout(settling)
      created.stop()
      panZoom.current = null
    }
  }, [])

  useLayoutEffect(() => {
    const frame = svg.current
    if (places === undefined || frame === null) return
    if (fitted.current === undefined || panZoom.current?.wasMoved() === false) panZoom.current?.fit(boxOf(places))
    fitted.current = places
    // A panel that opens, or a window that shrinks, leaves the whole map in sight; not between the clicks of a double click.
    let timer: ReturnType<typeof setTimeout> | undefined
    let size = `${frame.clientWidth} ${frame.clientHeight}`
    const observer = new ResizeObserver(() => {
      const now = `${frame.clientWidth} ${frame.clientHeight}`
      if (now === size) return
      size = now
      clearTimeout(timer)
      timer = setTimeout(() => {
        if (panZoom.current?.wasMoved() === false) panZoom.current.fit(boxOf(places))
      }, RESIZE_MS)
    })
    observer.observe(frame)
    return () => {
      clearTimeout(timer)
      observer.disconnect()
    }
  }, [places])

  return { svg, layer, panZoom, isWheelTold, isFarther }
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
