import { useSyncExternalStore } from 'react'

type Width = { readonly subscribe: (listener: () => void) => () => void; readonly isNarrow: () => boolean }

/** Asked of the browser once for each width: lists ask at every step of scrolling. */
const widths = new Map<number, Width>()

/** Whether the page is at most so many CSS pixels wide. */
export function useNarrow(pixels: number): boolean {
  const { subscribe, isNarrow } = widthOf(pixels)
  return useSyncExternalStore(subscribe, isNarrow)
}

function widthOf(pixels: number): Width {
  const known = widths.get(pixels)
  if (known !== undefined) return known
  const media = matchMedia(`(max-width: ${pixels}px)`)
  const width: Width = {
    isNarrow: () => media.matches,
    subscribe: (listener) => {
      media.addEventListener('change', listener)
      return () => {
        media.removeEventListener('change', listener)
      }
    },
  }
  widths.set(pixels, width)
  return width
}
