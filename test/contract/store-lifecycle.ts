import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { StoreOpenError } from '../../src/store/store.ts'
import { call, document, newTenant, otlpCall, spoolBytes, storedOf, traceId, writeSpoolFile } from './spool-file.ts'
import type { Test, UnderTest } from './store.ts'
import { traceRow } from './trace-row.ts'

/** Opening and closing, around the tests that need the store open. */
export function describeLifecycle(test: Test, under: UnderTest, whileOpen: () => void): void {
  const anyWindow = { kind: 'trace-time', fromSeconds: 0, toSeconds: 2 ** 32, limit: 10 } as const

  describe('before it is open', () => {
    test('every method rejects before open, and check answers that it is not well', async () => {
      const path = await writeSpoolFile(under.directory, [call(newTenant(), [document()])])
      await expect(under.store.insert(path)).rejects.toThrow('not open')
      await expect(under.store.read(newTenant(), [traceId()])).rejects.toThrow('not open')
      await expect(under.store.findTraces(newTenant(), anyWindow)).rejects.toThrow('not open')
      await expect(under.store.countTraces(newTenant(), anyWindow)).rejects.toThrow('not open')
      await expect(under.store.track(newTenant(), [traceId()])).rejects.toThrow('not open')
      await expect(under.store.tracesSince(0, 1)).rejects.toThrow('not open')
      await expect(under.store.writeRows([traceRow()], [])).rejects.toThrow('not open')
      await expect(under.store.lastStamp()).rejects.toThrow('not open')
      expect(await under.store.check()).toMatchObject({ ok: false, error: { message: 'the store is not open' } })
    })
  })

  describe('open', () => {
    test('a new store opens, and is well', async () => {
      await under.store.open()
      expect(await under.store.check()).toEqual({ ok: true })
    })

    test('opening twice is an error, and leaves the store as it was', async () => {
      await expect(under.store.open()).rejects.toThrow()
      expect(await under.store.check()).toEqual({ ok: true })
    })

    test('lastStamp is 0 in an empty store, and then the greatest stamp', async () => {
      expect(await under.store.lastStamp()).toBe(0)
      const one = call(newTenant(), [document(), document({ complete: false })])
      await under.insert(one)
      expect(await under.store.lastStamp()).toBe(one.stamp + 1)
      // In progress and later: the greater `version` of a complete document must not hide the greater stamp.
      const two = call(newTenant(), [document({ complete: false })])
      await under.insert(two)
      await under.insert(one)
      expect(await under.store.lastStamp()).toBe(two.stamp)
      const [row, obsolete] = [traceRow(), traceRow()]
      await under.store.writeRows([row], [])
      expect(await under.store.lastStamp()).toBe(row.version)
      await under.store.writeRows([], [obsolete])
      expect(await under.store.lastStamp()).toBe(obsolete.version)
      const otlp = otlpCall(newTenant(), ['T1Sabc', 'T1Udef'])
      await under.insert(otlp)
      expect(await under.store.lastStamp()).toBe(otlp.stamp + 1)
    })
  })

  whileOpen()

  describe('insert', () => {
    test('a file that does not exist is an error, and the next insert works', async () => {
      await expect(under.store.insert(join(under.directory, 'missing.rows'))).rejects.toThrow()
      const good = call(newTenant(), [document()])
      await under.insert(good)
      const id = good.rows[0]?.document.traceId ?? traceId()
      expect(await under.current(good.tenant, id)).toEqual({ calls: 1, documents: storedOf(good) })
    })

    test('a file that ends within a row is an error; the whole file is then stored, once', async () => {
      const tenant = newTenant()
      const id = traceId()
      const calls = [call(tenant, [document({ traceId: id })]), call(tenant, [document({ traceId: id })])]
      const path = join(under.directory, 'torn.rows')
      const whole = spoolBytes(calls)
      await writeFile(path, whole.subarray(0, whole.length - 5))
      await expect(under.store.insert(path)).rejects.toThrow()
      await writeFile(path, whole)
      await under.store.insert(path)
      expect(await under.current(tenant, id)).toEqual({ calls: 2, documents: calls.flatMap(storedOf) })
    })

    test('reads answer while a large insert runs', async () => {
      const tenant = newTenant()
      const before = call(tenant, [document()])
      const id = before.rows[0]?.document.traceId ?? traceId()
      await under.insert(before)
      const large = Array.from({ length: 200 }, () =>
        call(
          newTenant(),
          Array.from({ length: 50 }, () => document({ raw: `{"x":"${'y'.repeat(1000)}"}` })),
        ),
      )
      let running = true
      const inserted = under.insert(...large).finally(() => (running = false))
      let reads = 0
      do {
        expect(await under.current(tenant, id)).toEqual({ calls: 1, documents: storedOf(before) })
        reads += 1
        // A store that answers at once would otherwise never let the insert go on.
        await setImmediate()
      } while (running)
      await inserted
      expect(reads).toBeGreaterThan(0)
      const [last] = large.slice(-1)
      const ids = last?.rows.map(({ document: one }) => one.traceId) ?? []
      expect((await under.store.read(last?.tenant ?? tenant, ids)).size).toBe(50)
    })

    test('stamps and times up to 2^51 are exact', async () => {
      const tenant = newTenant()
      const id = traceId(2 ** 31 + 5)
      const startTime = 2 ** 31 + 5.000001
      const stamped = call(tenant, [document({ traceId: id, startTime })], 2 ** 51 - 1)
      await under.insert(stamped)
      expect(await under.current(tenant, id)).toEqual({ calls: 1, documents: storedOf(stamped) })
      expect(await under.store.lastStamp()).toBe(2 ** 51 - 1)
    })
  })

  describe('signals', () => {
    test('a read whose signal has aborted rejects', async () => {
      const signal = AbortSignal.abort()
      await expect(under.store.read(newTenant(), [traceId()], signal)).rejects.toMatchObject({ name: 'AbortError' })
      await expect(under.store.countTraces(newTenant(), anyWindow, signal)).rejects.toMatchObject({
        name: 'AbortError',
      })
      await expect(under.store.findTraces(newTenant(), anyWindow, signal)).rejects.toMatchObject({
        name: 'AbortError',
      })
    })

    test('a read that is aborted while it runs settles, and the next one works', async () => {
      const controller = new AbortController()
      const read = under.store.findTraces(newTenant(), anyWindow, controller.signal)
      controller.abort()
      await Promise.allSettled([read])
      expect(await under.store.findTraces(newTenant(), anyWindow)).toEqual([])
    })
  })

  describe('closing', () => {
    test('what was stored is there after closing and opening again', async () => {
      const kept = call(newTenant(), [document({ complete: false }), document()])
      await under.insert(kept)
      const rows = [traceRow({ tenant: kept.tenant }), traceRow({ tenant: kept.tenant })]
      await under.store.writeRows(rows, [])
      const last = await under.store.lastStamp()
      await under.reopen()
      for (const [at, { document: one }] of kept.rows.entries()) {
        const documents = storedOf(kept).slice(at, at + 1)
        expect(await under.current(kept.tenant, one.traceId)).toEqual({ calls: 1, documents })
      }
      expect(await under.store.findTraces(kept.tenant, anyWindow)).toEqual(
        rows.map(({ timeSeconds, id, version }) => ({ timeSeconds, id, version })).toReversed(),
      )
      expect(await under.store.lastStamp()).toBe(last)
    })

    test('data of a newer program is refused, and the message says what to do', async () => {
      await under.engine.setNewerSchema?.(true)
      const error: unknown = await under.reopen().catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(StoreOpenError)
      expect(String(error)).toMatch(/newer Radiograph .* run that version/)
      expect(String(error)).not.toContain('\n')
      await under.engine.setNewerSchema?.(false)
      await under.reopen()
      expect(await under.store.check()).toEqual({ ok: true })
    })

    test('a closed store is not well, and rejects', async () => {
      await under.store[Symbol.asyncDispose]()
      expect(await under.store.check()).toMatchObject({ ok: false })
      await expect(under.store.lastStamp()).rejects.toThrow('not open')
    })
  })
}
