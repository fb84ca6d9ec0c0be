import { useEffect, type RefObject } from 'react'

/** The root of what stands around every page; what tells news is outside of it, and stays heard. */
const SHELL = '[data-shell]'

/**
 * While the window is as the media query says, everything but this element cannot be reached: it is covered, and neither
 * Tab nor a screen reader shall get lost in it.
 */
export function useInertRest(element: RefObject<HTMLElement | null>, media: string): void {
  useEffect(() => {
    const query = window.matchMedia(media)
    let release: (() => void) | undefined
    const follow = (): void => {
      release?.()
      release = query.matches && element.current !== null ? makeInert(element.current) : undefined
    }
    follow()
    query.addEventListener('change', follow)
    return () => {
      query.removeEventListener('change', follow)
      release?.()
    }
  }, [element, media])
}

/** Makes all of the shell inert but for the way to the element. Returns how to undo it. */
function makeInert(kept: HTMLElement): () => void {
  const shell = kept.closest(SHELL)
  const changed: HTMLElement[] = []
  for (let at: Element | null = kept; at !== null && at !== shell; at = at.parentElement) {
    for (const sibling of at.parentElement?.children ?? []) {
      if (sibling === at || !(sibling instanceof HTMLElement) || sibling.inert) continue
      sibling.inert = true
      changed.push(sibling)
    }
  }
  return () => {
    for (const one of changed) one.inert = false
  }
}
