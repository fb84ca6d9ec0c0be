import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** Draws into a canvas of so many CSS pixels; one of those is `ratio` device pixels, which is what the context counts. */
export type Draw = (context: CanvasRenderingContext2D, width: number, height: number, ratio: number) => void

/**
 * A canvas as large as CSS makes it, drawn again when that or `draw` changes, once a frame at most. `draw` must be the
 * same function as long as it would draw the same.
 */
export function useCanvas(draw: Draw): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [size, setSize] = useState({ width: 0, height: 0, ratio: 1 })
  useLayoutEffect(() => {
    const { current } = canvas
    if (current === null) return
    const measure = (): void => {
      const next = { width: current.clientWidth, height: current.clientHeight, ratio: window.devicePixelRatio }
      setSize((size) =>
        size.width === next.width && size.height === next.height && size.ratio === next.ratio ? size : next,
      )
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(current)
    return () => {
      observer.disconnect()
    }
  }, [])
  useEffect(() => {
    const { current } = canvas
    const context = current?.getContext('2d')
    if (current === null || context === null || context === undefined || size.width === 0) return
    const frame = requestAnimationFrame(() => {
      const [width, height] = [Math.round(size.width * size.ratio), Math.round(size.height * size.ratio)]
      // Setting a size clears a canvas, and costs more than clearing it.
      if (current.width !== width) current.width = width
      if (current.height !== height) current.height = height
      context.setTransform(1, 0, 0, 1, 0, 0)
      context.clearRect(0, 0, width, height)
      draw(context, size.width, size.height, size.ratio)
    })
    return () => {
      cancelAnimationFrame(frame)
    }
  }, [draw, size])
  return canvas
}
