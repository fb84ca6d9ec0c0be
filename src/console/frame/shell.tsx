import { useQuery } from '@tanstack/react-query'
import { Outlet, useRouterState, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { statusQuery } from '../data/queries.ts'
import { Bar } from './bar.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { PanelSlot } from './panel-slot.ts'
import { Rail } from './rail.tsx'
import { badParameters } from './search-params.ts'
import styles from './shell.module.css'
import { LoadingState } from './states.tsx'
import { announce, notify, Toasts } from './toasts.tsx'
import { useFrameKeys } from './use-frame-keys.ts'
import { listenToKeys } from './use-shortcuts.ts'

const WelcomePage = lazy(async () => ({ default: (await import('./welcome-page.tsx')).WelcomePage }))

/** What stands around every page. */
export function Shell() {
  const [slot, setSlot] = useState<HTMLElement | null>(null)
  const main = useRef<HTMLElement>(null)
  const { embed } = useSearch({ strict: false })
  const isBare = embed === '1'
  const newVersion = useNewVersion()
  useEffect(() => listenToKeys(document), [])
  useFrameKeys()
  useNewsOfPage()
  return (
    <PanelSlot value={slot}>
      <div className={styles['shell']} data-shell="">
        <a
          href="#main"
          className={styles['skip']}
          onClick={(event) => {
            // Addresses are relative to where the console is, not to this page.
            event.preventDefault()
            main.current?.focus()
          }}
        >
          Skip to the page
        </a>
        {isBare ? undefined : <Rail newVersion={newVersion} />}
        <div className={styles['column']}>
          {isBare ? undefined : <Bar newVersion={newVersion} />}
          <ConnectionBanner />
          <div className={styles['page']}>
            <main ref={main} id="main" className={styles['main']} tabIndex={-1}>
              <PageOrWelcome />
            </main>
            <div ref={setSlot} className={styles['slot']} />
          </div>
        </div>
      </div>
      <Toasts />
    </PanelSlot>
  )
}

/** The page; instead of those that list what there is, the welcome when there never was anything. */
function PageOrWelcome() {
  const { data: status } = useQuery(statusQuery())
  const path = useRouterState({ select: (state) => state.location.pathname })
  // Once it is there it decides itself when to go: it leads to what came.
  const [isWelcoming, setWelcoming] = useState(false)
  const isFirst = status?.hasData === false && (path === '/map' || path === '/traces')
  if (!isFirst && !(isWelcoming && (path === '/map' || path === '/traces'))) return <Outlet />
  return (
    <Suspense fallback={<LoadingState label="Loading" />}>
      <WelcomePage
        onStart={() => {
          setWelcoming(true)
        }}
        onEnd={() => {
          setWelcoming(false)
        }}
      />
    </Suspense>
  )
}

/** The version that the server has now, when it is not the one that this page came with. */
function useNewVersion(): string | undefined {
  const version = useQuery(statusQuery()).data?.version
  const [first, setFirst] = useState<string>()
  if (first === undefined && version !== undefined) setFirst(version)
  return version === undefined || first === undefined || version === first ? undefined : version
}

/** Tells screen readers which page came, and everybody what of an address was not understood. */
function useNewsOfPage(): void {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname })
  const isFirst = useRef(true)
  useEffect(() => {
    if (path === undefined) return
    if (!isFirst.current) announce(document.title)
    isFirst.current = false
  }, [path])
  const bad = useRouterState({
    select: (state) => badParameters(state.location.pathname, new Map(new URLSearchParams(state.location.searchStr))),
  })
  useEffect(() => {
    for (const name of bad === '' ? [] : bad.split(' ')) {
      notify(`“${name}” in the address is not understood, and left out`)
    }
  }, [bad])
}
