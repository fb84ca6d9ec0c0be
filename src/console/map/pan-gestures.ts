import type { Point } from './adjacency.ts'

const DRAG_PIXELS = 4

/** What pointers and the wheel do to a drawing. Places are pixels of its frame. */
export type Moves = {
  readonly panBy: (dx: number, dy: number) => void
  readonly zoomBy: (factor: number, at: Point) => void
}

/**
 * Drags pan, two fingers and Ctrl with the wheel zoom. The wheel alone is left to the page, which it scrolls (console
 * §3.6). `hasDragged` says whether a drag just ended, so that the click that follows is none.
 */
export function listenToGestures(
  frame: SVGSVGElement,
  { panBy, zoomBy }: Moves,
): { readonly hasDragged: () => boolean; readonly stop: () => void } {
  let dragEndedMs = -Infinity
  let start: Point | undefined
  const pointers = new Map<number, Point>()
  const placeIn = ({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }): Point => {
    const { left, top } = frame.getBoundingClientRect()
    return { x: clientX - left, y: clientY - top }
  }
  const onWheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    zoomBy(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.004)), placeIn(event))
  }
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return
    pointers.set(event.pointerId, placeIn(event))
    if (pointers.size === 1) start = placeIn(event)
  }
  const onPointerMove = (event: PointerEvent): void => {
    const before = pointers.get(event.pointerId)
    if (before === undefined) return
    const now = placeIn(event)
    if (!frame.hasPointerCapture(event.pointerId)) {
      // What is under the pointer is clicked unless it moves.
      if (start !== undefined && Math.hypot(now.x - start.x, now.y - start.y) < DRAG_PIXELS && pointers.size === 1)
        return
      frame.setPointerCapture(event.pointerId)
      frame.dataset['dragging'] = ''
    }
    const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point)
    pointers.set(event.pointerId, now)
    if (other !== undefined) zoomBy(distance(now, other) / Math.max(1, distance(before, other)), between(now, other))
    panBy((now.x - before.x) / pointers.size, (now.y - before.y) / pointers.size)
  }
  const onPointerEnd = (event: PointerEvent): void => {
    pointers.delete(event.pointerId)
    if (frame.hasPointerCapture(event.pointerId)) dragEndedMs = event.timeStamp
    if (pointers.size === 0) delete frame.dataset['dragging']
  }
  const listening = new AbortController()
  const { signal } = listening
  frame.addEventListener('wheel', onWheel, { signal, passive: false })
  frame.addEventListener('pointerdown', onPointerDown, { signal })
  frame.addEventListener('pointermove', onPointerMove, { signal })
  frame.addEventListener('pointerup', onPointerEnd, { signal })
  frame.addEventListener('pointercancel', onPointerEnd, { signal })

  return {
    hasDragged: () => performance.now() - dragEndedMs < 50,
    stop: () => {
      listening.abort()
    },
  }
}

const distance = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y)
const between = (one: Point, other: Point): Point => ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 })
