import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Figure } from './budget.ts'

const CONSOLE = fileURLToPath(new URL('../../dist/console/', import.meta.url))

/** What the built console weighs, packed with gzip. */
export function measureSizes(): readonly Figure[] {
  const names = readdirSync(`${CONSOLE}assets`).filter((name) => !/\.(?:br|gz)$/.test(name))
  const kilobytes = new Map(
    names.map((name) => [name, gzipSync(readFileSync(`${CONSOLE}assets/${name}`)).length / 1e3]),
  )
  const sum = (chosen: readonly string[]) => chosen.reduce((total, name) => total + (kilobytes.get(name) ?? 0), 0)
  const most = (chosen: readonly string[]) => Math.max(0, ...chosen.map((name) => kilobytes.get(name) ?? 0))
  const page = readFileSync(`${CONSOLE}index.html`, 'utf8')
  const entry = [...page.matchAll(/assets\/([^"]+\.js)"/g)].map((match) => match[1] ?? '')
  const scripts = names.filter((name) => name.endsWith('.js'))
  const lazy = scripts.filter((name) => !entry.includes(name))
  const editor = lazy.filter((name) => name.startsWith('edit-filter'))
  const worker = lazy.filter((name) => name.startsWith('layout-worker'))
  const others = lazy.filter((name) => !editor.includes(name) && !worker.includes(name))
  const rest = names.filter((name) => !/\.(?:js|css)$/.test(name))
  const figure = (what: string, budget: number, value: number) =>
    ({ what, unit: 'kB', budget, values: [value] }) as const
  return [
    { ...figure('entry script and what it imports', 200, sum(entry)), failAbove: 215 },
    figure('largest script of a page', 60, most(others)),
    figure('editor of filters', 120, sum(editor)),
    figure('layout worker', 22, sum(worker)),
    figure('all scripts', 600, sum(scripts)),
    figure('all styles', 30, sum(names.filter((name) => name.endsWith('.css')))),
    { ...figure('fonts and pictures', 0, sum(rest)), failAbove: 0 },
  ]
}
