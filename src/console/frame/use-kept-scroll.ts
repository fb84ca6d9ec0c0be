import { useRouterState } from '@tanstack/react-router'
import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react'
import { keptScroll, keepScroll } from './kept-scroll.ts'

/** How long a list must rest before its place is remembered. */
const REST_MS = 150

/**
 * Remembers where a list is scrolled to, for this entry of the history, and brings it there again after Back, Forward and
 * a reload (console §4.17, check 3). Rows may come piece by piece: the list goes as far as it can at each piece, until it
 * is there or the viewer moves it. Another question begins at the top.
 *
 * `question` says what the list shows, `count` how many rows it has by now, `name` which list of the page it is.
 */
export function useKeptScroll(
  scroller: RefObject<HTMLElement | null>,
  name: string,
  question: string,
  count: number,
): void {
  const entry = useRouterState({ select: ({ location }) => location.state.__TSR_key ?? '' })
  const key = `${entry} ${name}`
  const latestKey = useRef(key)
  const wanted = useRef<number | undefined>(undefined)
  const asked = useRef<string | undefined>(undefined)

  useEffect(() => {
    latestKey.current = key
  }, [key])

  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null || count === 0) return
    if (asked.current !== question) {
      asked.current = question
      wanted.current = keptScroll(key) ?? 0
    }
    if (wanted.current === undefined) return
    element.scrollTop = wanted.current
    if (Math.abs(element.scrollTop - wanted.current) <= 1) wanted.current = undefined
  }, [scroller, key, question, count])

  const isThere = count > 0
  useEffect(() => {
    const element = scroller.current
    if (element === null || !isThere) return
    let timer: ReturnType<typeof setTimeout> | undefined
    // Not at each step: reading where it is makes the browser lay everything out at once.
    const remember = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        if (wanted.current === undefined) keepScroll(latestKey.current, element.scrollTop)
      }, REST_MS)
    }
    const takeOver = (): void => {
      wanted.current = undefined
    }
    const own = ['wheel', 'pointerdown', 'keydown'] as const
    element.addEventListener('scroll', remember, { passive: true })
    for (const kind of own) element.addEventListener(kind, takeOver, { passive: true })
    return () => {
      clearTimeout(timer)
      element.removeEventListener('scroll', remember)
      for (const kind of own) element.removeEventListener(kind, takeOver)
    }
  }, [scroller, isThere])
}
