import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { FilterExpr, ResolvedExpr } from '../../../src/filter/ast.ts'
import { rootCauseJson } from '../../../src/filter/cause-views.ts'
import { compileFilter } from '../../../src/filter/evaluate.ts'
import { parseFilter } from '../../../src/filter/parse-filter.ts'
import { printFilter } from '../../../src/filter/print-filter.ts'
import { resolveGroups } from '../../../src/filter/resolve-groups.ts'
import { traceFacts, type TraceFacts } from '../../../src/filter/trace-facts.ts'
import { assemble } from '../../../src/model/assemble.ts'
import type { TraceSummary } from '../../../src/model/summary.ts'
import { indexTrace } from '../../../src/model/trace-index.ts'
import { createDocumentReader } from '../../../src/wire/xray/read-document.ts'
import { readSegmentDocument } from '../../../src/wire/xray/read-segment-document.ts'
import { defaultReaderOptions } from '../../../src/wire/xray/reader-options.ts'
import { writeSummary } from '../../../src/wire/xray/write-summary.ts'
import { createStory } from '../../fixtures/story.ts'

const isRewriting = process.env['REWRITE'] === '1'
const NOW = 1_700_000_100
const SLOW_SECONDS = 2
const readDocuments = createDocumentReader(defaultReaderOptions)

/** The cast: the six traces of the story, those of `test/golden/traces`, and those beside this file. */
const cast: ReadonlyMap<string, TraceFacts> = new Map([
  ...createStory(4, NOW)
    .all()
    .map(({ title, documents }): [string, TraceFacts] => [`story ${title}`, factsOf(documents, NOW)]),
  ...tracesIn('../traces/', 'traces'),
  ...tracesIn('./', 'filters'),
])

const GROUPS: ReadonlyMap<string, string> = new Map([
  ['high_response_time', 'responsetime > 2.9'],
  ['arn:aws:xray:us-east-2:123456789012:group/g1/UID', 'service("web") { fault } OR error'],
])

/** An expression, its printed form, and the traces it selects; what is behind `#` says why. */
type Case = { readonly comment: string; readonly expression: string; readonly printed: string; readonly matches: string }

const file = new URL('cases.txt', import.meta.url)
const cases = readCases(readFileSync(file, 'utf8'))

describe('filter expressions and the traces they select', () => {
  test('are there', () => {
    expect(cases.length).toBeGreaterThanOrEqual(185)
    expect(cast.size).toBeGreaterThanOrEqual(22)
    expect(new Set(cases.map(({ expression }) => expression)).size).toBe(cases.length)
  })

  if (isRewriting) {
    test('are written again', () => {
      const blocks = cases.map((written) => ({ ...written, ...answerTo(written.expression) })).map(writeCase)
      writeFileSync(file, `${blocks.join('\n\n')}\n`)
    })
  }

  test.each(cases)('$expression', ({ expression, printed, matches }) => {
    const expected = isRewriting ? answerTo(expression) : { printed, matches }
    expect(answerTo(expression)).toEqual(expected)
  })
})

describe('what filters see is what summaries say', () => {
  const answers: readonly [string, (summary: TraceSummary) => boolean][] = [
    ['fault', ({ hasFault }) => hasFault],
    ['error', ({ hasError }) => hasError],
    ['ok', ({ hasFault, hasError }) => !hasFault && !hasError],
    ['throttle', ({ hasThrottle }) => hasThrottle],
    ['partial', ({ isPartial }) => isPartial],
    ['duration >= 2', ({ duration }) => duration >= 2],
    ['responsetime', ({ responseTime }) => responseTime !== undefined],
    ['http.status = 200', ({ http }) => http.status === 200],
    ['http.url', ({ http }) => http.url !== undefined],
    ['user', ({ users }) => users.length > 0],
    ['account.id', ({ serviceIds }) => serviceIds.some(({ accountId }) => accountId !== undefined)],
    ['service(id(type: "client"))', ({ serviceIds }) => serviceIds.some(({ type }) => type === 'client')],
    ['service("web")', ({ serviceIds }) => serviceIds.some(({ name, type }) => name === 'web' && type !== 'client')],
    ['rootcause.error.service', ({ errorRootCauses }) => errorRootCauses.length > 0],
  ]

  test.each(answers)('%s', (expression, answer) => {
    const holds = compileFilter(resolved(parsed(expression)))
    for (const [name, facts] of cast) expect(holds(facts), name).toBe(answer(facts.summary()))
  })

  test('of root causes, in the spelling of AWS', () => {
    const expected: unknown[] = []
    const seen: unknown[] = []
    for (const facts of cast.values()) {
      const summary = facts.summary()
      const wire = writeSummary(summary)
      expected.push(wire.FaultRootCauses, wire.ErrorRootCauses, wire.ResponseTimeRootCauses)
      seen.push(
        summary.faultRootCauses.map(rootCauseJson),
        summary.errorRootCauses.map(rootCauseJson),
        summary.responseTimeRootCauses.map(rootCauseJson),
      )
    }
    expect(seen).toEqual(expected)
    expect(seen.flat().length).toBeGreaterThan(10)
  })
})

function answerTo(expression: string): Pick<Case, 'printed' | 'matches'> {
  const expr = parsed(expression)
  const holds = compileFilter(resolved(expr))
  const names = [...cast].filter(([, facts]) => holds(facts)).map(([name]) => name)
  return { printed: printFilter(expr), matches: described(names) }
}

function resolved(expr: FilterExpr): ResolvedExpr {
  const read = resolveGroups(expr, (by, value) => {
    if (by === 'name' && value === 'Default') return 'everything'
    const group = GROUPS.get(value)
    return group === undefined ? undefined : parsed(group)
  })
  if (!read.ok) throw new Error(read.error.message)
  return read.value
}

function described(names: readonly string[]): string {
  const others = [...cast.keys()].filter((name) => !names.includes(name))
  if (names.length === 0) return 'none'
  if (others.length === 0) return 'all'
  return names.length <= others.length ? names.join(', ') : `all but ${others.join(', ')}`
}

function parsed(expression: string): FilterExpr {
  const read = parseFilter(expression)
  if (!read.ok) throw new Error(read.error.message)
  return read.value
}

function readCases(text: string): readonly Case[] {
  return text
    .trimEnd()
    .split(/\n\n+/)
    .map((block) => {
      const lines = block.split('\n')
      const [expression, printed = '', matches = ''] = lines.filter((line) => !line.startsWith('#'))
      if (expression === undefined) throw new Error(`no expression: ${block}`)
      const comment = lines.filter((line) => line.startsWith('#')).join('\n')
      return { comment, expression, printed: printed.replace('  = ', ''), matches: matches.replace('  > ', '') }
    })
}

function writeCase({ comment, expression, printed, matches }: Case): string {
  return [...(comment === '' ? [] : [comment]), expression, `  = ${printed}`, `  > ${matches}`].join('\n')
}

function tracesIn(folder: string, label: string): readonly [string, TraceFacts][] {
  const url = new URL(folder, import.meta.url)
  return readdirSync(url)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => {
      const trace = JSON.parse(readFileSync(new URL(name, url), 'utf8')) as {
        readonly now: number
        readonly documents: readonly unknown[]
      }
      return [`${label} ${name.replace('.json', '')}`, factsOf(trace.documents, trace.now)]
    })
}

function factsOf(documents: readonly unknown[], now: number): TraceFacts {
  const accepted = documents
    .flatMap((document) => readDocuments(JSON.stringify(document), now))
    .map((read) => {
      if (!read.ok) throw new Error(`not accepted: ${JSON.stringify(read.rejection)}`)
      return readSegmentDocument(read.value.raw)
    })
  const [first] = accepted
  if (first === undefined) throw new Error('no documents')
  const received = accepted.map((document, position) => ({ document, received: position }))
  const index = indexTrace(assemble(first.traceId, accepted.length, received))
  return traceFacts(index, { nowSeconds: now, slowSeconds: SLOW_SECONDS })
}
