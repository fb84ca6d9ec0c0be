import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { operations } from '../src/wire/xray/shapes.generated.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const rows = readFileSync(join(ROOT, 'docs/compatibility.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
const named = rows.map(([, name = '']) => name.replaceAll('`', ''))

test('docs/compatibility.md has each operation once', () => {
  expect(named.toSorted()).toEqual(Object.keys(operations).toSorted())
})

test.each(rows)('%s%s has four cells, and tests that are there', (...cells) => {
  expect(cells).toHaveLength(6)
  expect(cells.slice(1, 5)).not.toContain('')
  const tests = [...(cells[4] ?? '').matchAll(/`([^`]+)`/g)].map(([, path = '']) => path)
  expect(tests.length).toBeGreaterThan(0)
  for (const path of tests) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true])
})
