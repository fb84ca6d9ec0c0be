import { describe, expect } from 'vitest'
import type { IncomingDocument } from '../../src/model/document.ts'
import { call, document, entityId, newTenant, NOW_SECONDS, storedOf, traceId } from './spool-file.ts'
import type { Test, UnderTest } from './store.ts'

/** `insert` and `read`. */
export function describeDocuments(test: Test, under: UnderTest): void {
  describe('read', () => {
    test('a trace that was never stored has no entry, the others have', async () => {
      const tenant = newTenant()
      const stored = call(tenant, [document()])
      const id = stored.rows[0]?.document.traceId ?? traceId()
      await under.insert(stored)
      expect([...(await under.store.read(tenant, [traceId(), id, traceId()])).keys()]).toEqual([id])
      expect((await under.store.read(tenant, [])).size).toBe(0)
    })

    test('an id that is asked for twice is answered once', async () => {
      const stored = call(newTenant(), [document()])
      const id = stored.rows[0]?.document.traceId ?? traceId()
      await under.insert(stored)
      const found = await under.store.read(stored.tenant, [id, id])
      expect(found.get(id)?.documents).toEqual(storedOf(stored))
    })

    test('a file that is inserted twice changes nothing', async () => {
      const tenant = newTenant()
      const id = traceId()
      const stored = call(tenant, [
        document({ traceId: id }),
        document({ traceId: id, kind: 'subsegment', complete: false }),
      ])
      for (const _ of [1, 2, 3]) {
        await under.insert(stored)
        expect(await under.current(tenant, id)).toEqual({ calls: 1, documents: storedOf(stored) })
      }
      await under.settle()
      expect(await under.current(tenant, id)).toEqual({ calls: 1, documents: storedOf(stored) })
    })

    test('a segment and a subsegment with one id are two entities', async () => {
      const shared = { traceId: traceId(), id: entityId() }
      const stored = call(newTenant(), [document(shared), document({ ...shared, kind: 'subsegment' })])
      await under.insert(stored)
      await under.settle()
      expect((await under.current(stored.tenant, shared.traceId))?.documents).toEqual(storedOf(stored))
    })

    test('the documents of one trace come together, however far apart they start', async () => {
      const id = traceId()
      const starts = [0, 59, 3_600, 86_400, 30 * 86_400].map((ago) => NOW_SECONDS - ago)
      const stored = call(
        newTenant(),
        starts.map((startTime) => document({ traceId: id, startTime })),
      )
      await under.insert(stored)
      expect((await under.current(stored.tenant, id))?.documents).toEqual(storedOf(stored))
    })

    test('the answer belongs to the caller', async () => {
      const stored = call(newTenant(), [document()])
      const id = stored.rows[0]?.document.traceId ?? traceId()
      await under.insert(stored)
      const [first] = (await under.store.read(stored.tenant, [id])).get(id)?.documents ?? []
      Object.assign(first ?? {}, { raw: 'changed', complete: false })
      expect((await under.current(stored.tenant, id))?.documents).toEqual(storedOf(stored))
    })

    test('a trace of 2,000 documents in forty calls is whole', async () => {
      const tenant = newTenant()
      const id = traceId()
      const calls = Array.from({ length: 40 }, () =>
        call(
          tenant,
          Array.from({ length: 50 }, () => document({ traceId: id, kind: 'subsegment', name: 'work' })),
        ),
      )
      await under.insert(...calls.slice(20))
      await under.insert(...calls.slice(0, 20))
      expect(await under.current(tenant, id)).toEqual({ calls: 40, documents: calls.flatMap(storedOf) })
    })
  })

  describe('which copy of an entity stays', () => {
    const copies: readonly [string, readonly Partial<IncomingDocument>[], number][] = [
      ['complete after in progress', [{ complete: false }, { complete: true }], 1],
      ['in progress after complete', [{ complete: true }, { complete: false }], 0],
      ['the later of two in progress', [{ complete: false }, { complete: false }], 1],
      ['the later of two complete', [{ complete: true }, { complete: true }], 1],
      ['a later start does not matter', [{ startTime: NOW_SECONDS + 1 }, { startTime: NOW_SECONDS - 1 }], 1],
      ['complete, in another hour', [{ startTime: NOW_SECONDS - 4000, complete: true }, { complete: false }], 0],
    ]
    for (const [title, fields, winner] of copies) {
      test(`${title}, whichever comes first, before and after merges`, async () => {
        for (const order of [(list: number[]) => list, (list: number[]) => list.toReversed()]) {
          const tenant = newTenant()
          const id = traceId()
          const entity = entityId()
          const calls = fields.map((field) => call(tenant, [document({ traceId: id, id: entity, ...field })]))
          for (const position of order([0, 1])) await under.insert(...calls.slice(position, position + 1))
          const expected = { calls: 2, documents: calls.slice(winner, winner + 1).flatMap(storedOf) }
          expect(await under.current(tenant, id)).toEqual(expected)
          await under.settle()
          expect(await under.current(tenant, id)).toEqual(expected)
        }
      })
    }
  })

  describe('calls', () => {
    test('are those that brought a document, not the documents, also across replays and merges', async () => {
      const tenant = newTenant()
      const id = traceId()
      const entity = entityId()
      const open = call(tenant, [document({ traceId: id, id: entity, complete: false })])
      const closed = call(tenant, [document({ traceId: id, id: entity }), document({ traceId: id })])
      const counted = async () => (await under.current(tenant, id))?.calls
      await under.insert(open)
      expect(await counted()).toBe(1)
      await under.insert(open, closed)
      expect(await counted()).toBe(2)
      await under.settle()
      expect(await counted()).toBe(2)
      // The winner is there already; the call that brings an older copy counts all the same.
      await under.insert(call(tenant, [document({ traceId: id, id: entity, complete: false })]))
      await under.insert(open)
      await under.settle()
      expect(await counted()).toBe(3)
    })

    test('a call with documents of two traces counts for both, and for no other', async () => {
      const tenant = newTenant()
      const [a, b, c] = [traceId(), traceId(), traceId()]
      await under.insert(call(tenant, [document({ traceId: a }), document({ traceId: b })]))
      await under.insert(call(tenant, [document({ traceId: b }), document({ traceId: c })]))
      const found = await under.store.read(tenant, [a, b, c])
      expect([a, b, c].map((id) => found.get(id)?.calls.length)).toEqual([1, 2, 1])
    })
  })

  describe('tenants', () => {
    test('the same trace and entity in two accounts and two regions are four', async () => {
      const id = traceId()
      const entity = entityId()
      const [{ account: first }, { account: second }] = [newTenant(), newTenant()]
      const calls = [first, second].flatMap((account) =>
        ['us-east-1', 'eu-west-1'].map((region) => call({ account, region }, [document({ traceId: id, id: entity })])),
      )
      await under.insert(...calls)
      await under.settle()
      for (const one of calls) {
        expect(await under.current(one.tenant, id)).toEqual({ calls: 1, documents: storedOf(one) })
      }
    })

    const names = [
      "' OR 1=1 --",
      "x'); DROP TABLE documents; --",
      '\\',
      "\\'",
      '{account:String}',
      'a\tb\nc\r',
      '[1]',
      '🩻 ',
    ]
    test('tenants named like SQL are only names', async () => {
      const calls = names.map((region) => call({ account: region, region }, [document()]))
      await under.insert(...calls)
      for (const one of calls) {
        const id = one.rows[0]?.document.traceId ?? traceId()
        expect(await under.current(one.tenant, id)).toEqual({ calls: 1, documents: storedOf(one) })
      }
    })
  })

  describe('text', () => {
    const texts: readonly [string, string][] = [
      ['quotes and backslashes', String.raw`{"a":"\"'\\' \\\\ '); --"}`],
      ['escapes as they were written', String.raw`{"a":"\u0000\u2028\ud83d\n"}`],
      ['control characters', '{"a":"\0\u0001\t\r\n\u007f\ufeff"}'],
      ['other scripts, emoji, line separators', '{"ключ":"日本語 🩻 é\u2028\u2029"}'],
      ['numbers as they were written', '{"n":1.0,"m":12345678901234567890,"e":1E400,"z":-0}'],
      ['nothing', ''],
      ['places of a statement', '{account:String} {buckets:Array(UInt32)}'],
      ['300 KB', `{"a":"${'é'.repeat(150_000)}"}`],
    ]
    for (const [title, text] of texts) {
      test(`the raw text comes back as it was: ${title}`, async () => {
        const stored = call(newTenant(), [document({ raw: text, name: text.slice(0, 200) })])
        const id = stored.rows[0]?.document.traceId ?? traceId()
        await under.insert(stored)
        expect((await under.current(stored.tenant, id))?.documents).toEqual(storedOf(stored))
      })
    }
  })
}
