import { startTransition, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { NODE_BOX } from './node-box.ts'
import { createPanZoom, type Box, type Follow, type Listener, type PanZoom, type View } from './pan-zoom.ts'
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
  readonly follow: Follow
} {
  const svg = useRef<SVGSVGElement>(null)
  const layer = useRef<SVGGElement>(null)
  const panZoom = useRef<PanZoom>(null)
  const fitted = useRef<Places>(undefined)
  const { tell, follow } = useFollowers()
  const isWheelTold = useWheelTold(svg)
  // What is large is far away at first, and what is not drawn at first is not waited for.
  const [isFarther, setFarther] = useState(true)

  // Before anything is seen of it: a map that is not fitted would be drawn twice.
  useLayoutEffect(() => {
    const [frame, moved] = [svg.current, layer.current]
    if (frame === null || moved === null) return
    let settling: ReturnType<typeof setTimeout> | undefined
    const created = createPanZoom(frame, moved, (now) => {
      const { scale, isFitted } = now
      tell(now)
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
    return () => {
      clearTimeout(settling)
      created.stop()
      panZoom.current = null
    }
  }, [tell])

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

  return { svg, layer, panZoom, isWheelTold, isFarther, follow }
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

/** Whether the wheel was turned a moment ago, without the key that makes it zoom. */
function useWheelTold(svg: RefObject<SVGSVGElement | null>): boolean {
  const [isTold, setTold] = useState(false)
  useEffect(() => {
    const frame = svg.current
    let timer: ReturnType<typeof setTimeout> | undefined
    const tell = (event: WheelEvent): void => {
      if (event.ctrlKey || event.metaKey) return
      setTold(true)
      clearTimeout(timer)
      timer = setTimeout(() => {
        setTold(false)
      }, HINT_MS)
    }
    frame?.addEventListener('wheel', tell, { passive: true })
    return () => {
      clearTimeout(timer)
      frame?.removeEventListener('wheel', tell)
    }
  }, [svg])
  return isTold
}

/** Tells others where a drawing is seen from, in the very frame. */
function useFollowers(): { readonly tell: Listener; readonly follow: Follow } {
  const [followers] = useState(() => {
    const listeners = new Set<Listener>()
    let view: View | undefined
    const tell: Listener = (now) => {
      view = now
      for (const listener of listeners) listener(now)
    }
    const follow: Follow = (listener) => {
      listeners.add(listener)
      if (view !== undefined) listener(view)
      return () => {
        listeners.delete(listener)
      }
    }
    return { tell, follow }
  })
  return followers
}
