import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useRouterState, useSearch } from '@tanstack/react-router'
import { addressOf } from '../data/ask.ts'
import { freezeWindow, shiftWindow, windowOf, writeWindow, zoomWindow } from '../data/time-window.ts'
import { carrySearch } from './carry-search.ts'
import { copyText } from './copy-text.ts'
import { PAGES } from './pages.ts'
import { usePreferences } from './preferences.ts'
import { refresh } from './refresh.ts'
import { parseSearch, stringifySearch, type CommonSearch } from './search-params.ts'
import { settleUrl } from './settle-url.ts'
import { announce, notify } from './toasts.tsx'
import { usePageTime } from './use-page-time.ts'
import { useShortcuts } from './use-shortcuts.ts'
import { sayWindow, windowZone } from '../words/say-window.ts'

/** The keys that do the same on every page (console §4.14, "anywhere"). */
export function useFrameKeys(): void {
  const queries = useQueryClient()
  const { window, look, hasTime } = usePageTime()
  const copyLink = useCopyLink()
  const change = (label: string, changed: typeof shiftWindow, direction: -1 | 1) => ({
    label,
    run: () => {
      const next = changed(window, direction, Date.now())
      if (next === window) {
        announce('The time stays as it is')
        return
      }
      look(next)
      const { zone } = usePreferences.getState()
      announce(`${sayWindow(next, zone)} ${windowZone(next, zone, Date.now())}`)
    },
  })
  usePageKeys()
  const timeKeys = {
    '[': change('Earlier by half', shiftWindow, -1),
    ']': change('Later by half', shiftWindow, 1),
    '{': change('Twice as long a time', zoomWindow, 1),
    '}': change('Half as long a time', zoomWindow, -1),
  }
  useShortcuts('Anywhere', {
    ...(hasTime ? timeKeys : {}),
    r: {
      label: 'Ask again for the newest',
      run: () => {
        refresh()
        void queries.invalidateQueries()
        announce('Asking again')
      },
    },
    '.': { label: 'Copy a link to this, with fixed times', run: () => void copyLink() },
  })
}

function usePageKeys(): void {
  const navigate = useNavigate()
  const search = useSearch({ strict: false })
  const keys = PAGES.map(({ to, label, key }) => {
    const run = (): void => {
      void navigate({ to, search: carrySearch(search) })
    }
    return [`g ${key}`, { label: `Go to ${label}`, run }] as const
  })
  useShortcuts('Anywhere', Object.fromEntries(keys))
}

/**
 * Copies a link to what the page shows. A relative time becomes what it is now: who opens it later shall see the same.
 * The time of a list that led to a trace is no part of the trace's link.
 */
function useCopyLink(): () => Promise<void> {
  const pathname = useRouterState({ select: (state) => state.location.pathname })
  const { hasTime } = usePageTime()
  return async () => {
    await settleUrl()
    // The router takes over what a page writes into its URL in a transition, so a little later.
    const seen: CommonSearch = parseSearch(document.location.search)
    const window = windowOf(seen.t)
    const frozen = hasTime ? { ...seen, t: writeWindow(freezeWindow(window, Date.now())) } : { ...seen, t: undefined }
    const link = `${addressOf(pathname)}${stringifySearch(frozen)}`
    if (!(await copyText(link))) notify('The browser does not let this page copy')
    else if (hasTime && window.kind === 'last') notify('Link copied. Its time is fixed: it will show the same later')
    else notify('Link copied')
  }
}
