import { usePreferences } from './preferences.ts'

/** Keeps the theme and density of the document as the viewer or the system wants them, from now on. */
export function applyTheme(): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)')
  const apply = (): void => {
    const { theme, density } = usePreferences.getState()
    const { dataset } = document.documentElement
    dataset['theme'] = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme
    dataset['density'] = density
  }
  apply()
  dark.addEventListener('change', apply)
  usePreferences.subscribe(apply)
}
