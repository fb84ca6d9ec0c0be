import { rememberTrace } from './preferences.ts'
import { readTraceId } from './read-omnibox.ts'
import type { createConsoleRouter } from './router.tsx'

/**
 * Remembers the traces that the viewer has looked at, for the omnibox. A link that is opened changes nothing that is kept
 * (console §4.0): a trace counts once the viewer has gone there, or on from there, within the console.
 */
export function rememberTraces(router: ReturnType<typeof createConsoleRouter>): void {
  let left: { readonly id: string; readonly name: string } | undefined
  router.subscribe('onBeforeNavigate', ({ fromLocation, toLocation }) => {
    const id = traceOf(fromLocation?.pathname)
    // To another address of the same trace is no way on.
    if (id === traceOf(toLocation.pathname)) return
    left = id === undefined ? undefined : { id, name: nameOfPage() }
  })
  router.subscribe('onResolved', () => {
    if (left !== undefined) rememberTrace(left.id, left.name)
    left = undefined
  })
}

function traceOf(path: string | undefined): string | undefined {
  return readTraceId(/^\/traces\/([^/]+)/.exec(path ?? '')?.[1] ?? '')
}

/** What the page calls itself, without what all pages do. */
function nameOfPage(): string {
  return document.title.replace(/ – Radiograph$/, '').replace(/ – Trace$/, '')
}
