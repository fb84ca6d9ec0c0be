import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** The console: static files that the server sends under any prefix, so every address in them is relative. */
export default defineConfig({
  root: path('src/console'),
  base: './',
  oxc: { jsx: { runtime: 'automatic' } },
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: {
    outDir: path('dist/console'),
    emptyOutDir: true,
    target: 'es2022',
    // A strict policy lets nothing in that is part of the page itself.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
  },
})
