import { describe, expect } from 'vitest'
import type { IncomingDocument, StoredDocument } from '../../src/model/document.ts'
import { call, document, newTenant, NOW_SECONDS, storedOf } from './spool-file.ts'
import type { Test, UnderTest } from './store.ts'

const HOUR_SECONDS = 3_600

/** The times of documents, as `read` answers them. */
export function describeTimes(test: Test, under: UnderTest): void {
  describe('times of documents', () => {
    type Times = Pick<StoredDocument, 'startUs' | 'endUs'>
    const [nowUs, edgeUs] = [NOW_SECONDS * 1e6, 2 ** 53 - 1]
    const times: readonly (readonly [title: string, fields: Partial<IncomingDocument>, expected: Times])[] = [
      [
        'microseconds are kept',
        { startTime: NOW_SECONDS + 0.000001, endTime: NOW_SECONDS + 0.999999 },
        { startUs: nowUs + 1, endUs: nowUs + 999_999 },
      ],
      [
        'one without an end has none',
        { complete: false, startTime: NOW_SECONDS + HOUR_SECONDS },
        { startUs: nowUs + 3_600e6 },
      ],
      [
        'one that ends before it starts, and at the epoch',
        { startTime: 0.5, endTime: 0 },
        { startUs: 500_000, endUs: 0 },
      ],
      ['one before the epoch', { startTime: -5, endTime: -4 }, { startUs: -5e6, endUs: -4e6 }],
      [
        'one at the ends of what is counted exactly',
        { kind: 'subsegment', startTime: -1e300, endTime: 1e300 },
        { startUs: -edgeUs, endUs: edgeUs },
      ],
      [
        'a subsegment that is filed under its receipt, since its start is far off, has its own start',
        { kind: 'subsegment', startTime: 1, endTime: 2 },
        { startUs: 1e6, endUs: 2e6 },
      ],
    ]
    for (const [title, fields, expected] of times) {
      test(title, async () => {
        const { endTime: _, ...base } = document()
        const stored = call(newTenant(), [{ ...base, ...fields }])
        await under.insert(stored)
        const found = (await under.current(stored.tenant, base.traceId))?.documents
        expect(found?.map(({ startUs, endUs }) => ({ startUs, endUs }))).toEqual([{ endUs: undefined, ...expected }])
        expect(found?.map((one) => 'endUs' in one)).toEqual(['endUs' in expected])
      })
    }

    test('2,000 traces at a time, of many hours, each has those of its own', async () => {
      const tenant = newTenant()
      const stored = call(
        tenant,
        Array.from({ length: 2_000 }, (_, at) => document({ startTime: NOW_SECONDS - (at % 40) * HOUR_SECONDS })),
      )
      await under.insert(stored)
      const ids = stored.rows.map(({ document: { traceId: id } }) => id)
      const found = await under.store.read(tenant, ids)
      expect(ids.flatMap((id) => found.get(id)?.documents ?? [])).toEqual(storedOf(stored))
    })
  })
}
