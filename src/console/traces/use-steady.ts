import { useCallback, useLayoutEffect, useRef } from 'react'

/** A function that stays the same and does what the last one given does: who gets it need not be drawn again. */
export function useSteady<Args extends readonly unknown[]>(run: (...args: Args) => void): (...args: Args) => void {
  const latest = useRef(run)
  useLayoutEffect(() => {
    latest.current = run
  })
  return useCallback((...args: Args) => {
    latest.current(...args)
  }, [])
}
