import { useSyncExternalStore } from 'react'

/** The value of a custom property of `frame/tokens.css`: what a canvas, which knows none, draws with. */
export type Tokens = (name: `--${string}`) => string

const known = new Map<string, Tokens>()
const FORCED = '(forced-colors: active)'

/** The tokens of the theme that the page is in. The function is another one when the theme is. */
export function useTokens(): Tokens {
  return tokensOf(useSyncExternalStore(onThemeChange, nameOfTheme))
}

function nameOfTheme(): string {
  return window.matchMedia(FORCED).matches ? 'forced' : (document.documentElement.dataset['theme'] ?? '')
}

function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  const forced = window.matchMedia(FORCED)
  forced.addEventListener('change', changed)
  return () => {
    observer.disconnect()
    forced.removeEventListener('change', changed)
  }
}

/** Each theme is read once: style is not computed again for each thing that is drawn. */
function tokensOf(theme: string): Tokens {
  const cached = known.get(theme)
  if (cached !== undefined) return cached
  const values = new Map<string, string>()
  const style = getComputedStyle(document.documentElement)
  const tokens: Tokens = (name) => {
    if (theme === 'forced') return systemColour(name)
    const value = values.get(name) ?? style.getPropertyValue(name).trim()
    values.set(name, value)
    return value
  }
  // A style is live: what is read after the next change of theme would be that one's.
  for (const name of style) if (name.startsWith('--')) tokens(`--${name.slice(2)}`)
  known.set(theme, tokens)
  return tokens
}

/** Where the viewer's own colours are forced, shapes and borders carry everything. */
function systemColour(name: string): string {
  if (name === '--bg' || name === '--panel' || name === '--raised' || name === '--on-accent') return 'Canvas'
  return name === '--accent' || name === '--focus' || name === '--selected' ? 'Highlight' : 'CanvasText'
}
