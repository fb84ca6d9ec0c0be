import { useEffect, useState, type RefObject } from 'react'

/** How wide what scrolls in an element is, in CSS pixels; 0 until it is known. */
export function useGridWidth(scroller: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const observer = new ResizeObserver(() => {
      setWidth(element.scrollWidth)
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
    }
  }, [scroller])
  return width
}
