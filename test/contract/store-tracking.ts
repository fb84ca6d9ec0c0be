import { describe, expect } from 'vitest'
import { readTraceId } from '../../src/model/ids.ts'
import type { TraceKey } from '../../src/store/store.ts'
import { call, document, entityId, newTenant, nextStamp, NOW_SECONDS, otlpCall, traceId } from './spool-file.ts'
import type { Test, UnderTest } from './store.ts'
import { traceRow } from './trace-row.ts'

const ascending = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b)

/** `track`, `newestEpoch` and `tracesSince`. */
export function describeTracking(test: Test, under: UnderTest): void {
  test('newestEpoch is the greatest time that an id says, of those up to a bound', async () => {
    const idOf = (epoch: number) => readTraceId(`1-${epoch.toString(16).padStart(8, '0')}-${'0'.repeat(24)}`)
    const stored = [1_000, 2_000].flatMap((epoch) => idOf(epoch) ?? [])
    await under.insert(...stored.map((id) => call(newTenant(), [document({ traceId: id })])))
    expect(await under.store.newestEpoch(2_500)).toBe(2_000)
    expect(await under.store.newestEpoch(1_999.5)).toBe(1_000)
    expect(await under.store.newestEpoch(999)).toBe(0)
    // Of the last one, all bytes to the end are zero.
    const even = idOf(0x900) ?? expect.fail('not an id')
    await under.insert(call(newTenant(), [document({ traceId: even })]))
    expect(await under.store.newestEpoch(2_500)).toBe(0x900)
  })

  describe('track', () => {
    test('tells of each trace its calls and the times of its rows; one that was never stored has no entry', async () => {
      const tenant = newTenant()
      const [both, documentsOnly, rowOnly, unknown] = [traceId(), traceId(), traceId(), traceId()]
      const first = call(tenant, [document({ traceId: both }), document({ traceId: both })])
      const second = call(tenant, [document({ traceId: both }), document({ traceId: documentsOnly })])
      await under.insert(first, second)
      await under.insert(first)
      await under.store.writeRows(
        [
          traceRow({ tenant, id: both }),
          traceRow({ tenant, id: both, timeSeconds: NOW_SECONDS + 1 }),
          traceRow({ tenant, id: both, timeSeconds: NOW_SECONDS + 1 }),
          traceRow({ tenant, id: rowOnly, timeSeconds: 2 ** 32 - 1 }),
        ],
        [],
      )
      for (const merged of [false, true]) {
        if (merged) await under.settle()
        const tracks = await under.store.track(tenant, [both, documentsOnly, rowOnly, unknown, both])
        const told = [both, documentsOnly, rowOnly, unknown].map((id) => {
          const track = tracks.get(id)
          return track && [ascending(track.calls), ascending(track.rowTimes)]
        })
        expect(told).toEqual([
          [
            [first.stamp, second.stamp],
            [NOW_SECONDS, NOW_SECONDS + 1],
          ],
          [[second.stamp], []],
          [[], [2 ** 32 - 1]],
          undefined,
        ])
      }
      expect((await under.store.track(tenant, [])).size).toBe(0)
      expect((await under.store.track(newTenant(), [both])).size).toBe(0)
    })

    test('may still name a time whose row is obsolete, and never leaves out one whose row holds again', async () => {
      const row = traceRow()
      const time = async (): Promise<readonly number[]> =>
        (await under.store.track(row.tenant, [row.id])).get(row.id)?.rowTimes ?? []
      await under.store.writeRows([row], [])
      await under.store.writeRows([], [{ ...row, version: nextStamp() }])
      expect([[], [NOW_SECONDS]]).toContainEqual(await time())
      await under.store.writeRows([{ ...row, version: nextStamp() }], [])
      expect(await time()).toEqual([NOW_SECONDS])
    })

    test('2,000 traces at a time', async () => {
      const tenant = newTenant()
      const documents = Array.from({ length: 2_000 }, () => document())
      const stored = call(tenant, documents)
      await under.insert(stored)
      const tracks = await under.store.track(
        tenant,
        documents.map((one) => one.traceId),
      )
      expect(tracks.size).toBe(2_000)
      expect([...tracks.values()].every(({ calls }) => calls.length === 1 && calls[0] === stored.stamp)).toBe(true)
    })

    test('a call whose copy was superseded and merged away counts', async () => {
      const tenant = newTenant()
      const entity = { traceId: traceId(), id: entityId() }
      const calls = [{}, { complete: false }].map((fields) => call(tenant, [document({ ...entity, ...fields })]))
      for (const one of calls) await under.insert(one)
      await under.settle()
      const track = (await under.store.track(tenant, [entity.traceId])).get(entity.traceId)
      expect(track && ascending(track.calls)).toEqual(calls.map(({ stamp }) => stamp))
    })
  })

  describe('tracesSince', () => {
    const since = async (stamp: number, limit = 10_000): Promise<readonly TraceKey[]> => {
      const keys: TraceKey[] = []
      for (;;) {
        const page = await under.store.tracesSince(stamp, limit, keys.at(-1))
        expect(page.length).toBeLessThanOrEqual(limit)
        keys.push(...page)
        if (page.length < limit) return keys
      }
    }
    const text = ({ tenant, id }: TraceKey): string => `${tenant.account}/${tenant.region}/${id}`

    test('names each trace that a call with a greater stamp has touched once, over all tenants and pages', async () => {
      const tenants = [newTenant(), { account: '111122223333', region: 'eu-west-1' }, newTenant()]
      const [old, touched] = [traceId(), traceId()]
      const before = call(
        tenants[0] ?? newTenant(),
        [old, touched].map((id) => document({ traceId: id })),
      )
      await under.insert(before)
      const fresh = tenants.map((tenant) =>
        call(tenant, [...Array.from({ length: 5 }, () => document()), document({ traceId: touched })]),
      )
      await under.insert(...fresh)
      await under.insert(...fresh, before)
      const expected = fresh.flatMap((one) =>
        one.rows.map(({ document: { traceId: id } }) => text({ tenant: one.tenant, id })),
      )
      for (const merged of [false, true]) {
        if (merged) await under.settle()
        for (const limit of [1, 4, 18, 19, 10_000]) {
          const found = (await since(before.stamp + 1, limit)).map(text)
          expect(found.toSorted()).toEqual(expected.toSorted())
        }
      }
      expect((await since(before.stamp - 1)).map(text)).toContain(text({ tenant: before.tenant, id: old }))
      expect(await since(fresh.at(-1)?.stamp ?? 0)).toEqual([])
    })

    test('also names a trace whose late copy was superseded and merged away', async () => {
      const tenant = newTenant()
      const entity = { traceId: traceId(), id: entityId() }
      const first = call(tenant, [document(entity)])
      await under.insert(first)
      await under.insert(call(tenant, [document({ ...entity, complete: false })]))
      await under.settle()
      expect((await since(first.stamp)).map(({ id }) => id)).toEqual([entity.traceId])
    })

    test('0 names everything there is', async () => {
      const one = call(newTenant(), [document()])
      await under.insert(one)
      const found = await since(0, 500)
      expect(new Set(found.map(text)).size).toBe(found.length)
      expect(found).toContainEqual({ tenant: one.tenant, id: one.rows[0]?.document.traceId })
    })
  })

  describe('OTLP texts', () => {
    test('belong to no trace, and are never found nor counted', async () => {
      const tenant = newTenant()
      // No id of a trace reads as this one (spec/ingest §2.2).
      const nothing = '1-00000000-000000000000000000000000'
      expect(readTraceId(nothing)).toBeUndefined()
      const before = nextStamp()
      await under.insert(otlpCall(tenant, ['T1Sabc', 'T1Udef']), call(tenant, [document()]))
      const ids = [traceId(0, 0)]
      expect(ids).toEqual([nothing])
      expect((await under.store.read(tenant, ids)).size).toBe(0)
      expect((await under.store.track(tenant, ids)).size).toBe(0)
      expect(await under.store.tracesSince(before, 10)).toHaveLength(1)
      const everything = { kind: 'trace-time', fromSeconds: 0, toSeconds: 2 ** 32 } as const
      expect(await under.store.countTraces(tenant, everything)).toBe(0)
    })
  })
}
