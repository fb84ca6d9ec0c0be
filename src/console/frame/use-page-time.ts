import { useNavigate, useRouterState, useSearch } from '@tanstack/react-router'
import { windowOf, writeWindow, DEFAULT_WINDOW, type TimeWindow } from '../data/time-window.ts'

/** The time that the page looks at, as its URL says it, and how to look at another. */
export function usePageTime(): {
  readonly window: TimeWindow
  readonly look: (window: TimeWindow) => void
  /** Whether the page looks at a time at all: a trace has its own. */
  readonly hasTime: boolean
} {
  const { t } = useSearch({ strict: false })
  const navigate = useNavigate()
  const look = (window: TimeWindow): void => {
    const text = writeWindow(window)
    void navigate({ to: '.', search: (before) => ({ ...before, t: text === DEFAULT_WINDOW ? undefined : text }) })
  }
  const hasTime = useRouterState({ select: (state) => !state.location.pathname.startsWith('/traces/') })
  return { window: windowOf(t), look, hasTime }
}
