import { create } from 'zustand'

/** The traces that were marked, in that order. They stay marked when another search is made. */
export const useMarked = create<{ readonly ids: readonly string[] }>(() => ({ ids: [] }))

/** Marks a trace, or no longer. */
export function toggleMark(id: string): void {
  useMarked.setState(({ ids }) => ({ ids: ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id] }))
}

/** Marks nothing any more. */
export function clearMarks(): void {
  useMarked.setState({ ids: [] })
}
