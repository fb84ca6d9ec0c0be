import { describe, expect } from 'vitest'
import type { Tenant } from '../../src/model/tenant.ts'
import type { CountedText, CountTexts } from '../../src/store/store.ts'
import { newTenant, nextStamp, NOW_SECONDS } from './spool-file.ts'
import type { Test, UnderTest } from './store.ts'
import { traceRow } from './trace-row.ts'

const HOUR = { fromSeconds: NOW_SECONDS - 3_600, toSeconds: NOW_SECONDS + 1 }

/** `countTexts`: which texts there are, how many traces have them, in which order. */
export function describeCompletion(test: Test, under: UnderTest): void {
  const count = (tenant: Tenant, query: Partial<CountTexts> = {}): Promise<readonly CountedText[]> =>
    under.store.countTexts(tenant, { ...HOUR, of: 'names', startsWith: [''], limit: 100, ...query })
  const pairs = (counted: readonly CountedText[]): readonly (readonly [string, number])[] =>
    counted.map(({ text, traces }) => [text, traces])

  describe('countTexts', () => {
    test('counts traces, the most first, then by bytes', async () => {
      const tenant = newTenant()
      const names = [['b', 'a'], ['a', 'ä', '\u{1f600}', '\uffee'], ['b', 'c', 'B'], ['a']]
      await under.store.writeRows(
        names.map((some) => traceRow({ tenant, names: some })),
        [],
      )
      const all = [
        ['a', 3],
        ['b', 2],
        ['B', 1],
        ['c', 1],
        ['ä', 1],
        ['\uffee', 1],
        ['\u{1f600}', 1],
      ]
      for (const merged of [false, true]) {
        if (merged) await under.settle()
        expect(pairs(await count(tenant))).toEqual(all)
        expect(pairs(await count(tenant, { limit: 3 }))).toEqual(all.slice(0, 3))
      }
    })

    test('only what begins with one of the texts, exactly as they are written', async () => {
      const tenant = newTenant()
      const names = ['web', 'Web', 'web-2', 'api', '%', "a'b\\c", 'tab\there', '{x:String}']
      await under.store.writeRows([traceRow({ tenant, names })], [])
      const named = async (...startsWith: readonly string[]): Promise<readonly string[]> =>
        (await count(tenant, { startsWith })).map(({ text }) => text)
      expect(await named('web')).toEqual(['web', 'web-2'])
      expect(await named('W', 'ap')).toEqual(['Web', 'api'])
      expect(await named('%')).toEqual(['%'])
      expect(await named("a'b\\")).toEqual(["a'b\\c"])
      expect(await named('tab\t')).toEqual(['tab\there'])
      expect(await named('{x:')).toEqual(['{x:String}'])
      expect(await named('none')).toEqual([])
    })

    test('of terms, whole or as far as a character', async () => {
      const tenant = newTenant()
      const terms = [
        ['atenant\0sacme', 'atenant\0sinitech', 'atier\0n1', 'ualice'],
        ['atenant\0sacme', 'aflag\0btrue'],
      ]
      await under.store.writeRows(
        terms.map((some) => traceRow({ tenant, terms: some })),
        [],
      )
      expect(pairs(await count(tenant, { of: 'terms', startsWith: ['at'], before: '\0' }))).toEqual([
        ['atenant', 2],
        ['atier', 1],
      ])
      expect(pairs(await count(tenant, { of: 'terms', startsWith: [''], before: '\0' }))).toHaveLength(3)
      const values = ['s', 'n', 'b'].map((type) => `atenant\0${type}`)
      expect(pairs(await count(tenant, { of: 'terms', startsWith: values }))).toEqual([
        ['atenant\0sacme', 2],
        ['atenant\0sinitech', 1],
      ])
    })

    test('of URLs, each of its own', async () => {
      const tenant = newTenant()
      const urls = [[], ['https://a/1', 'https://a/2'], ['https://a/2', 'http://b/']]
      await under.store.writeRows(
        urls.map((some) => traceRow({ tenant, urls: some })),
        [],
      )
      expect(pairs(await count(tenant, { of: 'urls' }))).toEqual([
        ['https://a/2', 2],
        ['http://b/', 1],
        ['https://a/1', 1],
      ])
      expect(pairs(await count(tenant, { of: 'urls', startsWith: ['https:'] }))).toHaveLength(2)
    })

    test('of the rows that hold, in the window, of the tenant', async () => {
      const tenant = newTenant()
      const old = traceRow({ tenant, names: ['was'] })
      const moved = traceRow({ tenant, names: ['moved'] })
      const row = (timeSeconds: number, name: string) => traceRow({ tenant, timeSeconds, names: [name] })
      await under.store.writeRows([old, moved, row(HOUR.fromSeconds - 1, 'before'), row(HOUR.fromSeconds, 'first')], [])
      await under.store.writeRows(
        [{ ...old, version: nextStamp(), names: ['is'] }, row(HOUR.toSeconds, 'after'), traceRow({ names: ['other'] })],
        [{ ...moved, version: nextStamp() }],
      )
      for (const merged of [false, true]) {
        if (merged) await under.settle()
        expect(pairs(await count(tenant))).toEqual([
          ['first', 1],
          ['is', 1],
        ])
        const ever = { fromSeconds: -1e300, toSeconds: 1e300 }
        expect((await count(tenant, ever)).map(({ text }) => text)).toEqual(['after', 'before', 'first', 'is'])
      }
    })
  })
}
