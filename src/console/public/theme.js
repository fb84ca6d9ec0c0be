// Before the first paint, so that nothing flashes. frame/apply-theme.ts does the same from then on.
const dark = matchMedia('(prefers-color-scheme: dark)').matches
let kept = {}
try {
  kept = JSON.parse(localStorage.getItem('radiograph.preferences')) ?? {}
} catch {
  // Nothing was kept that can be read.
}
const { theme, density } = kept
document.documentElement.dataset.theme = theme === 'dark' || theme === 'light' ? theme : dark ? 'dark' : 'light'
document.documentElement.dataset.density = density === 'compact' ? 'compact' : 'comfortable'
