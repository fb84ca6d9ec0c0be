import { describe, expect } from 'vitest'
import type { Narrowing } from '../../src/filter/narrowing.ts'
import type { TraceId } from '../../src/model/ids.ts'
import type { Tenant } from '../../src/model/tenant.ts'
import type { FindTraces, TraceHit, TracePosition, WindowKind } from '../../src/store/store.ts'
import type { TraceRow } from '../../src/store/trace-row.ts'
import { newTenant, nextStamp, NOW_SECONDS, traceId } from './spool-file.ts'
import type { Test, UnderTest } from './store.ts'
import { a, like, name, TABLES, term, url } from './narrowing-tables.ts'
import { span, traceRow } from './trace-row.ts'

/** Texts that a statement, a column, a place for a value or a pattern could trip over. */
const HOSTILE: readonly string[] = [
  "it's \\ \\' \\n {x:String} {narrow0:String} %s $1 ' OR 1=1 --",
  '"double" `back` \\"',
  '\\',
  '\\\\',
  '\\N',
  '\\0',
  'tab\tnewline\nreturn\rfeed\fbell\u0007\b\v',
  'a\0b',
  '\0',
  '🙂 ünïcödé \u2028 \uffff \ufffd',
  '%',
  '_%*?[a-z]',
  "['a','b']",
  '{x:String}',
  ' ',
  '',
]

const KINDS: readonly WindowKind[] = ['trace-time', 'event', 'service']

/** `findTraces` with a narrowing. */
export function describeNarrowing(test: Test, under: UnderTest): void {
  const find = (tenant: Tenant, query: Partial<FindTraces>): Promise<readonly TraceHit[]> =>
    under.store.findTraces(tenant, { kind: 'trace-time', fromSeconds: 0, toSeconds: 2 ** 32, limit: 10_000, ...query })
  const write = (rows: readonly TraceRow[]): Promise<void> => under.store.writeRows(rows, [])
  const beforeAndAfterMerges = async (ask: () => Promise<void>): Promise<void> => {
    await ask()
    await under.settle()
    await ask()
  }

  describe('a narrowing', () => {
    for (const [title, { rows, questions }] of Object.entries(TABLES)) {
      test(`of ${title}`, async () => {
        const tenant = newTenant()
        const titles = new Map<TraceId, string>()
        const written = Object.entries(rows).map(([own, fields]) => {
          const row = traceRow({ tenant, ...fields })
          titles.set(row.id, own)
          return row
        })
        await write(written)
        await beforeAndAfterMerges(async () => {
          for (const [narrowing, found] of questions) {
            const hits = await find(tenant, { narrowing })
            const titlesFound = hits.map(({ id }) => titles.get(id) ?? '').toSorted()
            expect(titlesFound, JSON.stringify(narrowing)).toEqual(found.toSorted())
          }
        })
      })
    }

    test('finds any text as it is, and nothing else by it', async () => {
      const tenant = newTenant()
      const rows = HOSTILE.map((text) =>
        traceRow({ tenant, names: [text, 'all'], terms: [`u${text}`, a(text), 'all'], urls: [`<${text}>`, 'all'] }),
      )
      const others = ['plain', "''", 'x:String'].map((text) =>
        traceRow({ tenant, names: [text], terms: [`u${text}`, a(text)], urls: [text] }),
      )
      await write([...rows, ...others])
      const idsOf = async (narrowing: Narrowing): Promise<readonly string[]> =>
        (await find(tenant, { narrowing })).map(({ id }) => id)
      await beforeAndAfterMerges(async () => {
        for (const [at, text] of HOSTILE.entries()) {
          const own = [rows[at]?.id]
          const shown = JSON.stringify(text)
          expect(await idsOf(name(text)), shown).toEqual(own)
          expect(await idsOf(term(`u${text}`)), shown).toEqual(own)
          expect(await idsOf(term(a(text))), shown).toEqual(own)
          expect(await idsOf(url(`<${text}>`)), shown).toEqual(own)
          expect(await idsOf({ kind: 'term-like', start: `u${text}`, text: '' }), shown).toContain(own[0])
          const containing = [...HOSTILE, 'plain', "''", 'x:String'].filter((other) => other.includes(text)).length
          expect(await idsOf({ kind: 'term-like', start: 'u', text }), shown).toHaveLength(
            text === '' ? HOSTILE.length + 3 : containing,
          )
          expect(await idsOf({ kind: 'all', terms: [name(text), like(text), url(`<${text}>`)] }), shown).toEqual(own)
        }
        expect(await idsOf({ kind: 'any', terms: HOSTILE.map(name) })).toHaveLength(HOSTILE.length)
        expect(await idsOf({ kind: 'all', terms: [name('all'), term('all'), url('all')] })).toHaveLength(HOSTILE.length)
      })
    })

    test('never rules out by half a character, which no engine keeps', async () => {
      const halves = ['\ud83d', '\ude42', 'a\ud83d', '\ude42b']
      for (const text of ['a🙂b', 'a\ud83d', '\ude42b', '\ud83d', '\ude42']) {
        const row = traceRow({ names: [text], terms: [`u${text}`], urls: [text] })
        await write([row])
        const isFound = async (narrowing: Narrowing): Promise<boolean> =>
          (await find(row.tenant, { narrowing })).length === 1
        for (const half of [...halves, text]) {
          const shown = JSON.stringify([text, half])
          if (text === half) expect(await isFound({ kind: 'all', terms: [name(half), term(`u${half}`)] })).toBe(true)
          if (!text.includes(half)) continue
          expect(await isFound({ kind: 'term-like', start: 'u', text: half }), shown).toBe(true)
          expect(await isFound(url(half)), shown).toBe(true)
        }
        expect(await isFound({ kind: 'all', terms: [term('ux'), url('\ud83d')] })).toBe(false)
      }
    })

    test('a text of 60,000 characters, and 256 conditions', async () => {
      const long = `${"'\\".repeat(30_000)}end`
      const rows = [long, `${long}x`].map((text, at) => traceRow({ names: [text], terms: [`u${at}`], urls: [text] }))
      await write(rows)
      for (const row of rows) {
        const hits = await find(row.tenant, { narrowing: { kind: 'all', terms: [name(long), url(long)] } })
        expect(hits).toHaveLength(row === rows[0] ? 1 : 0)
        const many = Array.from({ length: 255 }, (_, at) => like(`${"'\\".repeat(10)}${at}`))
        const wanted: Narrowing = { kind: 'any', terms: [...many, term('u1')] }
        expect(await find(row.tenant, { narrowing: wanted })).toHaveLength(row === rows[0] ? 0 : 1)
      }
    })

    test('64 levels deep', async () => {
      const row = traceRow({ terms: ['a'] })
      await write([row])
      let narrowing = term('a')
      for (let depth = 0; depth < 128; depth++) {
        narrowing = {
          kind: depth % 2 === 0 ? 'any' : 'all',
          terms: [narrowing, depth % 2 === 0 ? term('x') : term('a')],
        }
      }
      expect(await find(row.tenant, { narrowing })).toHaveLength(1)
    })
  })

  describe('a narrowing is about the version that holds', () => {
    const orders = [
      ['written in order', ['old', 'new']],
      ['written the other way round', ['new', 'old']],
    ] as const
    for (const [title, order] of orders) {
      test(`alone: ${title}`, async () => {
        const old = traceRow({ names: ['then'], terms: ['was'], urls: ['before'] })
        const rows = { old, new: { ...old, version: nextStamp(), names: ['now'], terms: ['is'], urls: ['after'] } }
        for (const one of order) await write([rows[one]])
        await beforeAndAfterMerges(async () => {
          for (const gone of [name('then'), term('was'), url('before')]) {
            expect(await find(old.tenant, { narrowing: gone }), JSON.stringify(gone)).toEqual([])
          }
          for (const present of [name('now'), term('is'), url('after'), { kind: 'no-term', term: 'was' } as const]) {
            expect((await find(old.tenant, { narrowing: present })).map(({ version }) => version)).toEqual([
              rows.new.version,
            ])
          }
          const mixed: Narrowing = { kind: 'all', terms: [name('then'), term('is')] }
          expect(await find(old.tenant, { narrowing: mixed })).toEqual([])
        })
      })
    }

    test('not one that was declared obsolete', async () => {
      const row = traceRow({ terms: ['a'] })
      await write([row])
      await under.store.writeRows([], [{ ...row, version: nextStamp() }])
      await beforeAndAfterMerges(async () => {
        expect(await find(row.tenant, { narrowing: term('a') })).toEqual([])
        expect(await find(row.tenant, { narrowing: { kind: 'no-term', term: 'a' } })).toEqual([])
      })
    })
  })

  describe('pages of a narrowing', () => {
    const pagesOf = async (tenant: Tenant, query: Partial<FindTraces>, limit: number): Promise<readonly TraceId[]> => {
      const ids: TraceId[] = []
      for (let after: TracePosition | undefined; ;) {
        const page = await find(tenant, { ...query, limit, ...(after === undefined ? {} : { after }) })
        ids.push(...page.map(({ id }) => id))
        after = page.at(-1)
        if (page.length < limit) return ids
      }
    }

    for (const kind of KINDS) {
      test(`are full, in order, without gaps: ${kind}`, async () => {
        const tenant = newTenant()
        const rows = Array.from({ length: 90 }, (_, at) =>
          traceRow({
            tenant,
            id: traceId(0x9000_0000 + ((at * 37) % 90)),
            timeSeconds: NOW_SECONDS + (at % 11),
            terms: [`n${at % 3}`],
            names: [`${at % 5}`],
          }),
        )
        await write(rows)
        // Some lose the term, some gain it, in versions that are not merged yet.
        const changed = rows
          .filter((_, at) => at % 7 === 0)
          .map((row) => ({ ...row, version: nextStamp(), terms: row.terms.includes('n1') ? [] : ['n1'] }))
        await write(changed)
        const now = rows.map((row) => changed.find(({ id }) => id === row.id) ?? row)
        const narrowing: Narrowing = { kind: 'all', terms: [term('n1'), { kind: 'any', terms: ['1', '2'].map(name) }] }
        const expected = now
          .filter(({ terms, names }) => terms.includes('n1') && (names.includes('1') || names.includes('2')))
          .toSorted((x, y) => y.timeSeconds - x.timeSeconds || (x.id > y.id ? -1 : 1))
          .map(({ id }) => id)
        expect(expected.length).toBeGreaterThan(8)
        await beforeAndAfterMerges(async () => {
          for (const limit of [1, 2, 5, 12, 100])
            expect(await pagesOf(tenant, { kind, narrowing }, limit)).toEqual(expected)
        })
      })
    }

    test('one hit far behind 3,000 rows that lost what is looked for', async () => {
      const tenant = newTenant()
      const lost = Array.from({ length: 3_000 }, (_, at) =>
        traceRow({ tenant, timeSeconds: NOW_SECONDS + at, terms: ['a'] }),
      )
      const kept = traceRow({ tenant, timeSeconds: NOW_SECONDS - 5, terms: ['a'] })
      await write([...lost, kept])
      await write(lost.map((row) => ({ ...row, version: nextStamp(), terms: [] })))
      await beforeAndAfterMerges(async () => {
        for (const limit of [1, 2]) {
          expect((await find(tenant, { narrowing: term('a'), limit })).map(({ id }) => id)).toEqual([kept.id])
        }
      })
    })

    test('in a window: both must hold, of the same version', async () => {
      const old = traceRow({ spans: [span(0, 1)], terms: ['a'] })
      await write([old, { ...old, version: nextStamp(), spans: [span(1_000, 1_001)], terms: ['b'] }])
      await beforeAndAfterMerges(async () => {
        for (const kind of ['event', 'service'] as const) {
          const early = { kind, fromSeconds: NOW_SECONDS, toSeconds: NOW_SECONDS + 10 }
          const late = { kind, fromSeconds: NOW_SECONDS + 1_000, toSeconds: NOW_SECONDS + 1_010 }
          for (const letter of ['a', 'b']) {
            expect(await find(old.tenant, { ...early, narrowing: term(letter) })).toEqual([])
            expect(await find(old.tenant, { ...late, narrowing: term(letter) })).toHaveLength(letter === 'b' ? 1 : 0)
          }
        }
      })
    })
  })
}
