import {
  useEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
} from 'react'
import { announce } from '../frame/toasts.tsx'
import { useShortcuts } from '../frame/use-shortcuts.ts'
import type { FlameCanvasProps } from './flame-canvas-props.ts'
import { LANE } from './flame-paint.ts'
import { sayFrame } from './flame-words.ts'
import { frameAt, frameBeside } from './model/flame-layout.ts'
import { panBy, zoomBy, zoomTo, type Zoom } from './zoom.ts'

/** A shorter drag is a click. */
const LEAST_DRAG = 4
const ARROWS: ReadonlySet<string> = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'])

/** Pointer, wheel and keys of a flame graph. `current` is the frame that the keyboard is at, -1 for none. */
export function useFlameInput(props: FlameCanvasProps, scroller: RefObject<HTMLDivElement | null>) {
  const { model, layout, zoom, whole, onZoom, onTell, onSelect } = props
  const [at, setAt] = useState<{ readonly layout: typeof layout; readonly frame: number }>()
  const current = at?.layout === layout ? at.frame : -1
  useZoomWheel(props, scroller)
  useZoomKeys(props)
  const hit = (event: MouseEvent<HTMLDivElement>): number => {
    const box = event.currentTarget.getBoundingClientRect()
    const usPerPixel = (zoom.toUs - zoom.fromUs) / event.currentTarget.clientWidth
    const row = Math.floor((event.clientY - box.top + event.currentTarget.scrollTop) / LANE)
    return frameAt(layout, row, zoom.fromUs + (event.clientX - box.left) * usPerPixel, usPerPixel)
  }
  const zoomOnto = (frame: number): void => {
    onZoom(zoomTo(layout.from[frame] ?? 0, layout.to[frame] ?? 0, whole))
  }
  const goTo = (frame: number): void => {
    setAt({ layout, frame })
    onTell(frame)
    announce(sayFrame(model, layout, frame))
    const [from, to] = [layout.from[frame] ?? 0, layout.to[frame] ?? 0]
    if (to < zoom.fromUs || from > zoom.toUs) zoomOnto(frame)
    scrollToLane(scroller.current, layout.lane[frame] ?? 0)
  }
  return {
    current,
    on: {
      ...usePointer(props, hit, zoomOnto, (frame) => {
        setAt({ layout, frame })
      }),
      onPointerLeave: (): void => {
        onTell(current)
      },
      onKeyDown: (event: KeyboardEvent): void => {
        if (event.altKey || event.ctrlKey || event.metaKey) return
        if (ARROWS.has(event.key)) {
          event.preventDefault()
          goTo(current === -1 ? 0 : frameBeside(layout, current, event.key))
        } else if (event.key === 'Enter' && current !== -1) {
          event.preventDefault()
          if (event.shiftKey) zoomOnto(current)
          else onSelect(layout.node[current] ?? -1)
        }
      },
    },
  }
}

/** Hovering tells, a click shows details, a drag moves, a double click zooms. */
function usePointer(
  { layout, zoom, whole, onZoom, onTell, onSelect }: FlameCanvasProps,
  hit: (event: MouseEvent<HTMLDivElement>) => number,
  zoomOnto: (frame: number) => void,
  onPress: (frame: number) => void,
) {
  const press = useRef<{ readonly x: number; readonly zoom: Zoom; isDrag: boolean }>(undefined)
  return {
    onPointerDown: (event: PointerEvent<HTMLDivElement>): void => {
      if (event.button === 0) press.current = { x: event.clientX, zoom, isDrag: false }
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>): void => {
      const held = press.current
      if (held === undefined || (event.buttons & 1) === 0) {
        press.current = undefined
        onTell(hit(event))
        return
      }
      const by = event.clientX - held.x
      if (!held.isDrag && Math.abs(by) < LEAST_DRAG) return
      held.isDrag = true
      event.currentTarget.setPointerCapture(event.pointerId)
      onZoom(panBy(held.zoom, -by / event.currentTarget.clientWidth, whole))
    },
    onPointerUp: (event: PointerEvent<HTMLDivElement>): void => {
      const held = press.current
      press.current = undefined
      const frame = held === undefined || held.isDrag ? -1 : hit(event)
      if (frame === -1) return
      onPress(frame)
      onSelect(layout.node[frame] ?? -1)
    },
    onDoubleClick: (event: MouseEvent<HTMLDivElement>): void => {
      const frame = hit(event)
      if (frame === -1) onZoom(whole)
      else zoomOnto(frame)
    },
  }
}

function scrollToLane(scroller: HTMLDivElement | null, lane: number): void {
  if (scroller === null) return
  const [top, bottom] = [lane * LANE, (lane + 1) * LANE]
  if (top < scroller.scrollTop) scroller.scrollTo({ top })
  else if (bottom > scroller.scrollTop + scroller.clientHeight)
    scroller.scrollTo({ top: bottom - scroller.clientHeight })
}

/** With Ctrl or ⌘ the wheel zooms around the pointer, with Shift it moves; else it scrolls. */
function useZoomWheel({ zoom, whole, onZoom }: FlameCanvasProps, scroller: RefObject<HTMLDivElement | null>): void {
  const latest = useRef({ zoom, whole, onZoom })
  useEffect(() => {
    latest.current = { zoom, whole, onZoom }
  })
  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const onWheel = (event: WheelEvent): void => {
      const now = latest.current
      const box = element.getBoundingClientRect()
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault()
        const share = (event.clientX - box.left) / element.clientWidth
        const anchor = now.zoom.fromUs + share * (now.zoom.toUs - now.zoom.fromUs)
        now.onZoom(zoomBy(now.zoom, Math.exp(-event.deltaY * 0.003), anchor, now.whole))
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault()
        now.onZoom(panBy(now.zoom, (event.deltaX || event.deltaY) / element.clientWidth, now.whole))
      }
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => {
      element.removeEventListener('wheel', onWheel)
    }
  }, [scroller])
}

/** The keys that the waterfall has for the same. */
function useZoomKeys({ zoom, whole, onZoom }: FlameCanvasProps): void {
  const middle = (zoom.fromUs + zoom.toUs) / 2
  const run = (label: string, next: () => Zoom) => ({
    label,
    run: () => {
      onZoom(next())
    },
  })
  useShortcuts('Flame graph', {
    w: run('Zoom in', () => zoomBy(zoom, 1.5, middle, whole)),
    s: run('Zoom out', () => zoomBy(zoom, 1 / 1.5, middle, whole)),
    a: run('To the left', () => panBy(zoom, -0.2, whole)),
    d: run('To the right', () => panBy(zoom, 0.2, whole)),
    0: run('All of it', () => whole),
  })
}
