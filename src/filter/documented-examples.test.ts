import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { EXTENDED_WORDS, WORDS } from './keywords.ts'
import { parseEntitySelector, parseExtendedFilter, parseFilter } from './parse-filter.ts'
import { printFilter } from './print-filter.ts'
import { resolveGroups } from './resolve-groups.ts'
import { tokenize } from './tokenize.ts'

const page = readFileSync(new URL('../../docs/filter-expressions.md', import.meta.url), 'utf8')

/** The rows of all tables whose first column has this title: the code in the first cell, and the second cell. */
function rowsUnder(title: string): readonly (readonly [string, string])[] {
  const tables = page.split('\n\n').filter((block) => block.trimStart().startsWith(`| ${title} |`))
  return tables.flatMap((table) =>
    [...table.matchAll(/^\| `([^`]*)` \| (.*) \|$/gm)].map((row) => [row[1] ?? '', row[2] ?? ''] as const),
  )
}

const expressions = rowsUnder('expression').map(([expression]) => expression)

describe('docs/filter-expressions.md', () => {
  test.each(expressions)('%s', (expression) => {
    const read = parseFilter(expression)
    expect(read.ok ? parseFilter(printFilter(read.value)) : read.error.message).toEqual(read)
  })

  test('has an example of every keyword', () => {
    const used = new Set(
      [...expressions, ...rowsUnder('entity selector').map(([selector]) => selector)]
        .flatMap((expression) => [...tokenize(expression)])
        .flatMap((token) => (token.kind === 'word' ? [token.word] : [])),
    )
    expect([...WORDS].filter((word) => !used.has(word))).toEqual([])
    expect(expressions.length).toBeGreaterThanOrEqual(65)
  })

  test.each(rowsUnder('entity selector'))('%s selects %s', (selector) => {
    expect(parseEntitySelector(selector).ok).toBe(true)
  })

  test.each(rowsUnder('extended expression'))('%s is extended', (expression) => {
    const read = parseExtendedFilter(expression)
    expect(read.ok ? parseExtendedFilter(printFilter(read.value)) : read.error.message).toEqual(read)
    expect(parseFilter(expression).ok).toBe(false)
  })

  test('has an example of every extended keyword', () => {
    const text = rowsUnder('extended expression').join('\n').toLowerCase()
    expect([...EXTENDED_WORDS, 'metadata.', 'metadata['].filter((word) => !text.includes(word))).toEqual([])
  })

  test.each(rowsUnder('mistake'))('%s is answered with %s', (expression, answer) => {
    const read = parseFilter(expression)
    const resolved = read.ok ? resolveGroups(read.value, () => undefined) : read
    expect(resolved.ok ? 'no error' : `\`${resolved.error.message}\``).toBe(answer)
  })
})
