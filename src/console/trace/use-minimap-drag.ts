import { useRef, useState, type KeyboardEvent, type MouseEvent, type PointerEvent } from 'react'
import { isWhole, panBy, type Zoom } from './zoom.ts'

/** How close to an end a pointer takes hold of it, in CSS pixels. */
const GRIP = 12
/** A shorter drag is a click. */
const LEAST_DRAG = 4
const STEP = 0.01

type Held =
  | { readonly kind: 'new'; readonly startX: number }
  | { readonly kind: 'edge'; readonly edge: 'from' | 'to' }
  | { readonly kind: 'window'; readonly startX: number; readonly zoom: Zoom }

/** How pointers and keys choose the part of a trace that is drawn. `drawing` is a part that is being chosen. */
export function useMinimapDrag(whole: Zoom, zoom: Zoom, onZoom: (zoom: Zoom) => void) {
  const held = useRef<Held>(undefined)
  const [drawing, setDrawing] = useState<Zoom>()
  const span = whole.toUs - whole.fromUs
  const usAt = (event: PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect()
    return whole.fromUs + Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * span
  }
  const move = (event: PointerEvent): void => {
    const { current } = held
    const box = event.currentTarget.getBoundingClientRect()
    if (current?.kind === 'edge') onZoom(withEdge(zoom, current.edge, usAt(event), whole))
    if (current?.kind === 'window') {
      const by = ((event.clientX - current.startX) / box.width) * span
      onZoom(panBy(current.zoom, by / (current.zoom.toUs - current.zoom.fromUs), whole))
    }
    if (current?.kind !== 'new') return
    const startUs = whole.fromUs + ((current.startX - box.left) / box.width) * span
    setDrawing(Math.abs(event.clientX - current.startX) < LEAST_DRAG ? undefined : between(startUs, usAt(event), whole))
  }
  return {
    drawing,
    area: {
      onPointerDown: (event: PointerEvent): void => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        held.current = take(event, whole, zoom)
      },
      onPointerMove: move,
      onPointerUp: (): void => {
        held.current = undefined
        if (drawing !== undefined) onZoom(drawing)
        setDrawing(undefined)
      },
      onPointerCancel: (): void => {
        held.current = undefined
        setDrawing(undefined)
      },
      onDoubleClick: (event: MouseEvent): void => {
        event.preventDefault()
        onZoom(whole)
      },
    },
    onKey: (edge: 'from' | 'to', event: KeyboardEvent): void => {
      const us = edge === 'from' ? zoom.fromUs : zoom.toUs
      const next = nextEdge(event, us, whole)
      if (next === undefined) return
      event.preventDefault()
      event.stopPropagation()
      onZoom(withEdge(zoom, edge, next, whole))
    },
  }
}

/** What a pointer has taken hold of. */
function take(event: PointerEvent, whole: Zoom, zoom: Zoom): Held {
  const box = event.currentTarget.getBoundingClientRect()
  const xOf = (us: number) => box.left + ((us - whole.fromUs) / (whole.toUs - whole.fromUs)) * box.width
  const [from, to] = [xOf(zoom.fromUs), xOf(zoom.toUs)]
  if (isWhole(zoom, whole)) return { kind: 'new', startX: event.clientX }
  // Of two ends in one place, the one that can still be moved there.
  const edge = Math.abs(event.clientX - from) <= Math.abs(event.clientX - to) ? 'from' : 'to'
  // Of a narrow part the middle is still there to be moved.
  const grip = Math.min(GRIP, Math.max(3, (to - from) / 4))
  const away = event.clientX - (edge === 'from' ? from : to)
  const isOutside = edge === 'from' ? away < 0 : away > 0
  if (Math.abs(away) <= (isOutside ? GRIP : grip)) return { kind: 'edge', edge }
  if (event.clientX > from && event.clientX < to) return { kind: 'window', startX: event.clientX, zoom }
  return { kind: 'new', startX: event.clientX }
}

function nextEdge(event: KeyboardEvent, us: number, whole: Zoom): number | undefined {
  const step = (whole.toUs - whole.fromUs) * STEP * (event.shiftKey ? 10 : 1)
  switch (event.key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return us - step
    case 'ArrowRight':
    case 'ArrowUp':
      return us + step
    case 'PageDown':
      return us - 10 * step
    case 'PageUp':
      return us + 10 * step
    case 'Home':
      return whole.fromUs
    case 'End':
      return whole.toUs
    default:
      return undefined
  }
}

/** Nothing is told apart below this; a part is never shorter than a thousandth of the whole. */
function leastOf(whole: Zoom): number {
  return Math.max(10, (whole.toUs - whole.fromUs) / 1_000)
}

/** With one end elsewhere, but not beyond the other end. */
function withEdge(zoom: Zoom, edge: 'from' | 'to', us: number, whole: Zoom): Zoom {
  const least = Math.min(leastOf(whole), zoom.toUs - zoom.fromUs)
  return edge === 'from'
    ? { ...zoom, fromUs: Math.round(Math.max(whole.fromUs, Math.min(us, zoom.toUs - least))) }
    : { ...zoom, toUs: Math.round(Math.min(whole.toUs, Math.max(us, zoom.fromUs + least))) }
}

function between(a: number, b: number, whole: Zoom): Zoom {
  const from = Math.round(Math.min(a, b))
  return { fromUs: from, toUs: Math.round(Math.max(a, b, from + leastOf(whole))) }
}
