/** A page whose code cannot be loaded is tried again at most so often. */
const AGAIN_MS = 30_000
const KEY = 'radiograph.reloaded'

/**
 * Reloads the document when a part of the console cannot be loaded: the server has been updated, and old parts are gone.
 * What fails again right after is shown as an error.
 */
export function reloadWhenPartsAreGone(): void {
  window.addEventListener('vite:preloadError', (event) => {
    try {
      const last = Number(sessionStorage.getItem(KEY) ?? '0')
      if (Date.now() - last < AGAIN_MS) return
      sessionStorage.setItem(KEY, String(Date.now()))
    } catch {
      // Where nothing can be kept, it might reload for ever.
      return
    }
    event.preventDefault()
    window.location.reload()
  })
}
