import { describe, expect } from 'vitest'
import { currentDocuments } from '../../src/model/current-documents.ts'
import type { IncomingDocument, StoredDocument } from '../../src/model/document.ts'
import type { TraceId } from '../../src/model/ids.ts'
import type { Tenant } from '../../src/model/tenant.ts'
import type { StoredOutline } from '../../src/store/store.ts'
import { call, document, entityId, newTenant, NOW_SECONDS, outlinesOf, traceId } from './spool-file.ts'
import type { Test, UnderTest } from './store.ts'

const HOUR_SECONDS = 3_600
const NOW_HOUR = NOW_SECONDS / HOUR_SECONDS

/** What both ways to read say of a document. */
function identity({ kind, id, complete, received }: Omit<StoredDocument, 'raw'>): Omit<StoredDocument, 'raw'> {
  return { kind, id, complete, received }
}

/** `readOutlines`. */
export function describeOutlines(test: Test, under: UnderTest): void {
  /** The current copy of each entity in outline, in the order of receipt. */
  const outlines = async (tenant: Tenant, id: TraceId): Promise<readonly StoredOutline[] | undefined> => {
    const trace = (await under.store.readOutlines(tenant, [id])).get(id)
    return trace && currentDocuments(trace.documents)
  }

  describe('readOutlines', () => {
    test('answers the documents that read answers, with times, hour and outline, and without the text', async () => {
      const tenant = newTenant()
      const id = traceId()
      const shared = entityId()
      const calls = [
        call(tenant, [
          document({ traceId: id, id: shared, complete: false }),
          document({ traceId: id, id: shared, kind: 'subsegment', startTime: NOW_SECONDS - HOUR_SECONDS }),
        ]),
        call(tenant, [document({ traceId: id, id: shared }), document({ traceId: id })]),
      ]
      await under.insert(...calls)
      await under.insert(...calls)
      for (const merged of [false, true]) {
        if (merged) await under.settle()
        const read = (await under.store.read(tenant, [id])).get(id)
        const outlined = (await under.store.readOutlines(tenant, [id])).get(id)
        expect(outlined?.id).toBe(id)
        expect(new Set(outlined?.calls)).toEqual(new Set(calls.map(({ stamp }) => stamp)))
        expect(currentDocuments(outlined?.documents ?? [])).toEqual(calls.flatMap(outlinesOf).slice(1))
        expect(currentDocuments(outlined?.documents ?? []).map(identity)).toEqual(
          currentDocuments(read?.documents ?? []).map(identity),
        )
        expect(outlined?.documents.filter((one) => 'raw' in one)).toEqual([])
      }
    })

    test('a trace that was never stored has no entry; one that is asked for twice is answered once', async () => {
      const tenant = newTenant()
      const stored = call(tenant, [document()])
      const id = stored.rows[0]?.document.traceId ?? traceId()
      expect((await under.store.readOutlines(tenant, [id])).size).toBe(0)
      await under.insert(stored)
      const found = await under.store.readOutlines(tenant, [traceId(), id, id, traceId()])
      expect([...found]).toEqual([[id, { id, calls: [stored.stamp], documents: outlinesOf(stored) }]])
      expect((await under.store.readOutlines(tenant, [])).size).toBe(0)
    })

    test('sees every insert that resolved before', async () => {
      const tenant = newTenant()
      const id = traceId()
      const expected: StoredOutline[] = []
      for (const _ of [1, 2, 3]) {
        const stored = call(tenant, [document({ traceId: id })])
        await under.insert(stored)
        expected.push(...outlinesOf(stored))
        expect(await outlines(tenant, id)).toEqual(expected)
      }
    })

    test('the same trace and entity in two accounts and two regions are four', async () => {
      const entity = { traceId: traceId(), id: entityId() }
      const [{ account: first }, { account: second }] = [newTenant(), newTenant()]
      const calls = [first, second].flatMap((account) =>
        ['us-east-1', 'eu-west-1'].map((region) => call({ account, region }, [document(entity)])),
      )
      await under.insert(...calls)
      await under.settle()
      for (const one of calls) expect(await outlines(one.tenant, entity.traceId)).toEqual(outlinesOf(one))
      expect(await outlines(newTenant(), entity.traceId)).toBeUndefined()
    })

    test('the answer belongs to the caller', async () => {
      const stored = call(newTenant(), [document()])
      const id = stored.rows[0]?.document.traceId ?? traceId()
      await under.insert(stored)
      const [first] = (await under.store.readOutlines(stored.tenant, [id])).get(id)?.documents ?? []
      Object.assign(first ?? {}, { outline: 'changed', startUs: 0 })
      expect(await outlines(stored.tenant, id)).toEqual(outlinesOf(stored))
    })

    test('2,000 traces at a time, of many hours', async () => {
      const tenant = newTenant()
      const stored = call(
        tenant,
        Array.from({ length: 2_000 }, (_, at) => document({ startTime: NOW_SECONDS - (at % 40) * HOUR_SECONDS })),
      )
      await under.insert(stored)
      const ids = stored.rows.map(({ document: { traceId: id } }) => id)
      const found = await under.store.readOutlines(tenant, ids)
      expect(ids.flatMap((id) => found.get(id)?.documents ?? [])).toEqual(outlinesOf(stored))
    })
  })

  describe('times in outline', () => {
    type Times = Pick<StoredOutline, 'startUs' | 'endUs' | 'bucket'>
    const [nowUs, edgeUs] = [NOW_SECONDS * 1e6, 2 ** 53 - 1]
    const times: readonly (readonly [title: string, fields: Partial<IncomingDocument>, expected: Times])[] = [
      [
        'microseconds are kept',
        { startTime: NOW_SECONDS + 0.000001, endTime: NOW_SECONDS + 0.999999 },
        { startUs: nowUs + 1, endUs: nowUs + 999_999, bucket: NOW_HOUR },
      ],
      [
        'one without an end has none',
        { complete: false, startTime: NOW_SECONDS + HOUR_SECONDS },
        { startUs: nowUs + 3_600e6, bucket: NOW_HOUR + 1 },
      ],
      [
        'one that ends before it starts, and at the epoch',
        { startTime: 0.5, endTime: 0 },
        { startUs: 500_000, endUs: 0, bucket: 0 },
      ],
      ['one before the epoch', { startTime: -5, endTime: -4 }, { startUs: -5e6, endUs: -4e6, bucket: 0 }],
      [
        'one at the ends of what is counted exactly',
        { kind: 'subsegment', startTime: -1e300, endTime: 1e300 },
        { startUs: -edgeUs, endUs: edgeUs, bucket: NOW_HOUR },
      ],
      [
        'a subsegment whose start is far off is under the hour of its receipt, with its own start',
        { kind: 'subsegment', startTime: 1, endTime: 2 },
        { startUs: 1e6, endUs: 2e6, bucket: NOW_HOUR },
      ],
    ]
    for (const [title, fields, expected] of times) {
      test(title, async () => {
        const { endTime: _, ...base } = document()
        const stored = call(newTenant(), [{ ...base, ...fields }])
        await under.insert(stored)
        const found = await outlines(stored.tenant, base.traceId)
        expect(found?.map(({ startUs, endUs, bucket }) => ({ startUs, endUs, bucket }))).toEqual([
          { endUs: undefined, ...expected },
        ])
        expect(found?.map((one) => 'endUs' in one)).toEqual(['endUs' in expected])
      })
    }
  })

  describe('the outline', () => {
    const texts: readonly [string, string][] = [
      ['quotes and backslashes', String.raw`{"a":"\"'\\' \\\\ '); --"}`],
      ['escapes as they were written', String.raw`{"a":"\u0000\u2028\ud83d\n"}`],
      ['control characters', '{"a":"\0\u0001\t\r\n\u007f\ufeff"}'],
      ['other scripts, emoji, line separators', '{"ключ":"日本語 🩻 é\u2028\u2029"}'],
      ['numbers as they were written', '[1.0,12345678901234567890,1E400,-0]'],
      ['places of a statement', '{account:String} {buckets:Array(UInt32)}'],
      ['nothing', ''],
      ['300 KB', `{"a":"${'é'.repeat(150_000)}"}`],
    ]
    for (const [title, outline] of texts) {
      test(`comes back as it was: ${title}`, async () => {
        const stored = call(newTenant(), [document({ outline }), document({ outline })])
        await under.insert(stored)
        for (const [at, { document: one }] of stored.rows.entries()) {
          expect(await outlines(stored.tenant, one.traceId)).toEqual(outlinesOf(stored).slice(at, at + 1))
        }
      })
    }
  })
}
