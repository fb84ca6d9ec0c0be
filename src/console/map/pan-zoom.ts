import type { Point } from './adjacency.ts'
import { listenToGestures } from './pan-gestures.ts'

/** A rectangle of what is drawn, in its own units. */
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** Moves and scales a layer in its frame. */
export type PanZoom = {
  /** Shows the whole box, in the middle. */
  readonly fit: (box: Box) => void
  /** Scales around a place of the frame, in pixels; around its middle when none is given. */
  readonly zoomBy: (factor: number, at?: Point) => void
  readonly panBy: (dx: number, dy: number) => void
  /** Brings a point into the middle. */
  readonly centre: (point: Point) => void
  /** Moves as little as brings a point into sight. */
  readonly reveal: (point: Point) => void
  /** Where a point of the layer is in the frame, in pixels. */
  readonly toFrame: (point: Point) => Point
  /** Whether the viewer has moved it since it was last fitted. */
  readonly wasMoved: () => boolean
  /** Whether a drag just ended, so that the click that follows is none. */
  readonly hasDragged: () => boolean
  readonly stop: () => void
}

const [LEAST, MOST, MOST_FITTED] = [0.08, 4, 1.15]
const MARGIN = 24

/** Where a drawing is seen from: where its origin is in the frame, how large it is drawn, and the frame, in pixels. */
export type View = Point & {
  readonly scale: number
  readonly isFitted: boolean
  readonly width: number
  readonly height: number
}

/** What a pan or zoom changes is told here; it happens many times a second, so that React has no part in it. */
export type Listener = (view: View) => void

/** Calls a listener now, and whenever something changes, until what is returned is called. */
export type Follow = (listener: Listener) => () => void

/** Where a drawing is seen from, and what changes that: gestures, and who calls what is returned. */
export function createPanZoom(frame: SVGSVGElement, layer: SVGGElement, listener: Listener): PanZoom {
  let [x, y, scale] = [0, 0, 1]
  let wasMoved = false
  // To ask for it after a change would have the whole drawing laid out again, for each event.
  let size = { width: frame.clientWidth, height: frame.clientHeight }
  const resizes = new ResizeObserver(() => {
    size = { width: frame.clientWidth, height: frame.clientHeight }
  })
  resizes.observe(frame)

  const apply = (isFitted = false): void => {
    layer.setAttribute('transform', `translate(${x} ${y}) scale(${scale})`)
    listener({ x, y, scale, isFitted, ...size })
  }
  const middle = (): Point => ({ x: frame.clientWidth / 2, y: frame.clientHeight / 2 })
  const zoomBy = (factor: number, at = middle()): void => {
    const next = Math.min(MOST, Math.max(LEAST, scale * factor))
    x = at.x - ((at.x - x) * next) / scale
    y = at.y - ((at.y - y) * next) / scale
    scale = next
    wasMoved = true
    apply()
  }
  const panBy = (dx: number, dy: number): void => {
    x += dx
    y += dy
    wasMoved = true
    apply()
  }
  const gestures = listenToGestures(frame, { panBy, zoomBy })

  const toFrame = (point: Point): Point => ({ x: point.x * scale + x, y: point.y * scale + y })
  const centre = (point: Point): void => {
    const [at, to] = [toFrame(point), middle()]
    panBy(to.x - at.x, to.y - at.y)
  }
  return {
    zoomBy,
    panBy,
    toFrame,
    centre,
    fit: (box) => {
      const [width, height] = [frame.clientWidth, frame.clientHeight]
      const wanted = Math.min((width - 2 * MARGIN) / box.width, (height - 2 * MARGIN) / box.height)
      scale = Math.min(MOST_FITTED, Math.max(LEAST, wanted))
      x = (width - box.width * scale) / 2 - box.x * scale
      y = (height - box.height * scale) / 2 - box.y * scale
      apply(true)
      wasMoved = false
    },
    reveal: (point) => {
      const at = toFrame(point)
      const [width, height] = [frame.clientWidth, frame.clientHeight]
      const edge = 56
      const dx = at.x < edge ? edge - at.x : at.x > width - edge ? width - edge - at.x : 0
      const dy = at.y < edge ? edge - at.y : at.y > height - edge ? height - edge - at.y : 0
      if (dx !== 0 || dy !== 0) panBy(dx, dy)
    },
    wasMoved: () => wasMoved,
    hasDragged: gestures.hasDragged,
    stop: () => {
      resizes.disconnect()
      gestures.stop()
    },
  }
}
