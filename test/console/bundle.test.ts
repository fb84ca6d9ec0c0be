import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const CONSOLE = fileURLToPath(new URL('../../dist/console/', import.meta.url))
const KB = 1000

const names = readdirSync(`${CONSOLE}assets`).filter((name) => !/\.(?:br|gz)$/.test(name))
const packedBytes = new Map(names.map((name) => [name, gzipSync(readFileSync(`${CONSOLE}assets/${name}`)).length]))
const sum = (chosen: readonly string[]): number =>
  chosen.reduce((bytes, name) => bytes + (packedBytes.get(name) ?? 0), 0)
const scripts = names.filter((name) => name.endsWith('.js'))
/** What the page names is loaded before anything is seen. */
const entry = [...readFileSync(`${CONSOLE}index.html`, 'utf8').matchAll(/assets\/([^"]+\.js)"/g)].map(
  (match) => match[1] ?? '',
)

test.each<[string, readonly string[], number]>([
  ['the script that every visit waits for', entry, 215 * KB],
  ['all scripts', scripts, 600 * KB],
  ['all styles', names.filter((name) => name.endsWith('.css')), 30 * KB],
  ['the largest of the others', [largestOf(scripts.filter((name) => !entry.includes(name)))], 120 * KB],
  ['fonts and pictures', names.filter((name) => !/\.(?:js|css)$/.test(name)), 1],
])('%s, packed (console §4.13)', (what, chosen, mostBytes) => {
  const bytes = sum(chosen)
  console.log(`${what}: ${(bytes / KB).toFixed(1)} kB of ${mostBytes / KB} kB`)
  expect(bytes).toBeLessThan(mostBytes)
  if (mostBytes > KB) expect(bytes, 'what was looked at').toBeGreaterThan(0)
})

function largestOf(candidates: readonly string[]): string {
  return candidates.toSorted((a, b) => (packedBytes.get(b) ?? 0) - (packedBytes.get(a) ?? 0))[0] ?? ''
}
