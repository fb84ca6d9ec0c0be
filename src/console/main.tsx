import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueries } from './data/create-queries.ts'
import { applyTheme } from './frame/apply-theme.ts'
import { followOtherTabs } from './frame/preferences.ts'
import { readOldLink } from './frame/read-old-link.ts'
import { rememberTraces } from './frame/remember-traces.ts'
import { reloadWhenPartsAreGone } from './frame/reload-once.ts'
import { createConsoleRouter } from './frame/router.tsx'
import './frame/tokens.css'
import './frame/base.css'

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no element for the console')

applyTheme()
followOtherTabs()
reloadWhenPartsAreGone()

const base = new URL(document.baseURI).pathname
const { pathname, search, hash } = window.location
const path = pathname.startsWith(base) ? `/${pathname.slice(base.length)}` : pathname
const moved = readOldLink({ path, search, hash })
if (moved !== undefined) window.history.replaceState(undefined, '', base + moved.slice(1))

const queries = createQueries()
const router = createConsoleRouter(base)
rememberTraces(router)
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
