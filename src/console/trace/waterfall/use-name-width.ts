import { useState } from 'react'

/** Of the window, up to where names need no more. */
const SHARE = 0.34
/** The least width of each of the two columns, in CSS pixels. */
export const LEAST_NAME = 160
export const MOST_NAME = 720

/** The width of the column of names: what suits the window, until it is dragged. */
export function useNameWidth(): readonly [number, (width: number) => void] {
  const [width, setWidth] = useState(() => clamped(Math.min(460, Math.max(200, window.innerWidth * SHARE))))
  return [
    width,
    (wanted) => {
      setWidth(clamped(wanted))
    },
  ]
}

function clamped(width: number): number {
  return Math.round(Math.min(MOST_NAME, Math.max(LEAST_NAME, width)))
}
