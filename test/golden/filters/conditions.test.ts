import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { FilterExpr } from '../../../src/filter/ast.ts'
import { narrow } from '../../../src/filter/narrowing.ts'
import { parseFilter } from '../../../src/filter/parse-filter.ts'
import { resolveGroups } from '../../../src/filter/resolve-groups.ts'
import { conditionOf } from '../../../src/store/sql/narrowing.ts'

const isRewriting = process.env['REWRITE'] === '1'
const file = new URL('conditions.txt', import.meta.url)

/** The expressions of `cases.txt`, in their order. */
const expressions = blocksOf(readFileSync(new URL('cases.txt', import.meta.url), 'utf8')).map(([expression = '']) => {
  return expression
})
if (isRewriting) writeFileSync(file, `${expressions.map(blockOf).join('\n\n')}\n`)
const written = new Map(
  (existsSync(file) ? blocksOf(readFileSync(file, 'utf8')) : []).map((lines) => [lines[0], lines.join('\n')]),
)

describe('the conditions on rows that filter expressions become', () => {
  test('are there, and most of them narrow', () => {
    expect([...written.keys()]).toEqual(expressions)
    const narrowing = expressions.filter((expression) => conditionOfText(expression).sql !== '1')
    expect(narrowing.length).toBeGreaterThan(expressions.length / 2)
  })

  test.each(expressions)('%s', (expression) => {
    expect(blockOf(expression)).toBe(written.get(expression))
  })

  test('hold nothing of what was written: all of it is bound', () => {
    const placesAlone = /^(?:[a-zA-Z_0-9 ,.()[\]>=<+-]|'(?:s|Rs)?'|\{narrow\d+:(?:String|Int64|Float64)\})*$/
    for (const expression of expressions) expect(conditionOfText(expression).sql).toMatch(placesAlone)
  })
})

/** The expression, its condition, and the values of the places in it. */
function blockOf(expression: string): string {
  const { sql, params } = conditionOfText(expression)
  const places = Object.entries(params).map(([place, value]) => `  $ ${place} = ${JSON.stringify(value)}`)
  return [expression, `  : ${sql}`, ...places].join('\n')
}

function conditionOfText(expression: string): ReturnType<typeof conditionOf> {
  const group = parsed('service("web") { fault } OR error')
  const resolved = resolveGroups(parsed(expression), (_, value) => (value === 'Default' ? 'everything' : group))
  if (!resolved.ok) throw new Error(resolved.error.message)
  return conditionOf(narrow(resolved.value))
}

function parsed(expression: string): FilterExpr {
  const read = parseFilter(expression)
  if (!read.ok) throw new Error(read.error.message)
  return read.value
}

/** The lines of each block, without comments. */
function blocksOf(text: string): readonly (readonly string[])[] {
  const blocks = text.trimEnd().split(/\n\n+/)
  return blocks.map((block) => block.split('\n').filter((line) => !line.startsWith('#')))
}
