import { useSyncExternalStore } from 'react'

const NARROW = '(max-width: 700px)'

/** Whether the page is so narrow that a map reads better from top to bottom. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = window.matchMedia(NARROW)
      query.addEventListener('change', changed)
      return () => {
        query.removeEventListener('change', changed)
      }
    },
    () => window.matchMedia(NARROW).matches,
  )
}
