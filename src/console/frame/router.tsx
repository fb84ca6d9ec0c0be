import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { LoadingPage } from './loading-page.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import { PageError } from './page-error.tsx'
import { readTraceId } from './read-omnibox.ts'
import { Shell } from './shell.tsx'
import {
  parseSearch,
  readCommonSearch,
  readMapSearch,
  readTracesSearch,
  readTraceSearch,
  stringifySearch,
} from './search-params.ts'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readCommonSearch,
  beforeLoad: ({ search }) => {
    redirect({ to: '/map', search, replace: true, throw: true })
  },
})

const map = createRoute({
  getParentRoute: () => root,
  path: '/map',
  validateSearch: readMapSearch,
  component: lazyRouteComponent(() => import('../map/map-page.tsx'), 'MapPage'),
})

const traces = createRoute({
  getParentRoute: () => root,
  path: '/traces',
  validateSearch: readTracesSearch,
  component: lazyRouteComponent(() => import('../traces/traces-page.tsx'), 'TracesPage'),
})

const trace = createRoute({
  getParentRoute: () => root,
  path: '/traces/$id',
  validateSearch: readTraceSearch,
  beforeLoad: ({ params, search }) => {
    // One address for each trace, however its id was written.
    const id = readTraceId(params.id) ?? params.id
    if (id !== params.id) redirect({ to: '/traces/$id', params: { id }, search, replace: true, throw: true })
  },
  component: lazyRouteComponent(() => import('../trace/trace-page.tsx'), 'TracePage'),
})

const rawTrace = createRoute({
  getParentRoute: () => root,
  path: '/traces/$id/raw',
  validateSearch: readTraceSearch,
  beforeLoad: ({ params, search }) => {
    redirect({ to: '/traces/$id', params, search: { ...search, as: 'raw' }, replace: true, throw: true })
  },
})

const tree = root.addChildren([home, map, traces, trace, rawTrace])

/** The pages of the console, under the path that the server serves them at, such as `/` or `/tracing/`. */
export function createConsoleRouter(basepath: string) {
  return createRouter({
    routeTree: tree,
    basepath,
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultErrorComponent: PageError,
    defaultPendingComponent: LoadingPage,
    defaultPendingMs: 150,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>
  }
}
