import { describe, expect } from 'vitest'
import type { TraceId } from '../../src/model/ids.ts'
import type { Tenant } from '../../src/model/tenant.ts'
import type { FindTraces, TraceHit, TracePosition, WindowKind } from '../../src/store/store.ts'
import type { TraceRow } from '../../src/store/trace-row.ts'
import { newTenant, nextStamp, NOW_SECONDS, traceId } from './spool-file.ts'
import type { Test, UnderTest } from './store.ts'
import { span, traceRow } from './trace-row.ts'

const KINDS: readonly WindowKind[] = ['trace-time', 'event', 'service', 'activity']

/** `findTraces` and `countTraces`: windows of each kind, the order, the pages. */
export function describeWindows(test: Test, under: UnderTest): void {
  const find = (tenant: Tenant, query: Partial<FindTraces> = {}): Promise<readonly TraceHit[]> =>
    under.store.findTraces(tenant, {
      kind: 'trace-time',
      fromSeconds: 0,
      toSeconds: 2 ** 32,
      limit: 10_000,
      ...query,
    })

  describe('findTraces', () => {
    for (const kind of KINDS) {
      test(`answers by time descending, then id descending, a page at a time: ${kind}`, async () => {
        const tenant = newTenant()
        const times = [5, 1, 3, 3, 3, 2, 3, 3, 1].map((seconds) => NOW_SECONDS + seconds)
        const rows = times.map((timeSeconds, at) =>
          traceRow({ tenant, timeSeconds, id: traceId(0x9000_0000 + ((at * 7) % 9)), spans: [span(0, 1)] }),
        )
        await under.store.writeRows(rows.slice(3), [])
        await under.store.writeRows(rows.slice(0, 5), [])
        const expected = rows
          .toSorted((a, b) => b.timeSeconds - a.timeSeconds || (a.id > b.id ? -1 : 1))
          .map(({ id }) => id)
        for (const limit of [1, 2, 4, 9, 10]) {
          const pages: (readonly TraceHit[])[] = []
          for (let after: TracePosition | undefined; ; after = pages.at(-1)?.at(-1)) {
            const page = await find(tenant, { kind, limit, ...(after === undefined ? {} : { after }) })
            pages.push(page)
            if (page.length < limit) break
          }
          expect(pages.flat().map(({ id }) => id)).toEqual(expected)
        }
        expect(await under.store.countTraces(tenant, { kind, fromSeconds: 0, toSeconds: 2 ** 32 })).toBe(9)
      })
    }

    test('a page may begin after a trace that is not there', async () => {
      const row = traceRow({ id: '1-6b000000-000000000000000000000008' as TraceId })
      await under.store.writeRows([row], [])
      const after = (timeSeconds: number, digit: string): Promise<readonly TraceHit[]> =>
        find(row.tenant, { after: { timeSeconds, id: `${row.id.slice(0, -1)}${digit}` as TraceId } })
      expect(await after(NOW_SECONDS, '9')).toHaveLength(1)
      expect(await after(NOW_SECONDS, '8')).toEqual([])
      expect(await after(NOW_SECONDS, '7')).toEqual([])
      expect(await after(NOW_SECONDS + 1, '0')).toHaveLength(1)
      expect(await after(NOW_SECONDS - 1, 'f')).toEqual([])
    })

    test('traces of other tenants are not found', async () => {
      await under.store.writeRows([traceRow()], [])
      for (const kind of KINDS) expect(await find(newTenant(), { kind })).toEqual([])
    })
  })

  describe('windows', () => {
    /**
     * Windows of the trace at second 0 with a segment from 0.25 to 10, one from 20 to 30, one open since 40, and a call
     * that ended at 60.
     */
    const windows: readonly (readonly [WindowKind, from: number, to: number, found: boolean, event?: number])[] = [
      ['trace-time', 0, 1, true],
      ['trace-time', -1, 0, false],
      ['trace-time', 0, 0, false],
      ['trace-time', 0.5, 1, false],
      ['trace-time', -0.5, 0.5, true],
      ['trace-time', 1, 100, false],
      ['event', 0, 0.25, false],
      ['event', 0, 0.250001, true, 0.25],
      ['event', 0.25, 0.3, true, 0.25],
      ['event', 0.3, 9, true],
      ['event', 9, 10, true],
      ['event', 10, 11, true, 10],
      ['event', 10.000001, 20, false],
      ['event', 9, 20.5, true, 20],
      ['event', 9, 25, true, 20],
      ['event', 30, 31, true, 30],
      ['event', 30.000001, 40, false],
      ['event', 40, 40.000001, true, 40],
      ['event', 41, 50, false],
      ['event', -100, 100, true, 40],
      ['activity', 0, 0.25, false],
      ['activity', 0, 0.250001, true],
      ['activity', 10.000001, 20, true],
      ['activity', 40, 40.000001, true],
      ['activity', 40.000001, 50, true],
      ['activity', 60, 61, true],
      ['activity', 60.000001, 70, false],
      ['service', 0, 10, false],
      ['service', 10, 10.5, true],
      ['service', 10.000001, 30, false],
      ['service', 11, 30.000001, true],
      ['service', 40, 50, false],
      ['service', -1e9, 1e10, true],
    ]
    for (const [kind, from, to, isFound, event] of windows) {
      test(`${kind} ${from} to ${to} ${isFound ? 'has' : 'does not have'} the trace`, async () => {
        const lastEndUs = (NOW_SECONDS + 60) * 1e6
        const row = traceRow({ spans: [span(0.25, 10), span(20, 30), span(40)], lastEndUs })
        await under.store.writeRows([row], [])
        const window = { kind, fromSeconds: NOW_SECONDS + from, toSeconds: NOW_SECONDS + to }
        const hits = await find(row.tenant, window)
        expect(hits).toEqual(
          isFound
            ? [
                {
                  timeSeconds: row.timeSeconds,
                  id: row.id,
                  version: row.version,
                  ...(event === undefined ? {} : { matchedEventSeconds: NOW_SECONDS + event }),
                },
              ]
            : [],
        )
        expect(await under.store.countTraces(row.tenant, window)).toBe(isFound ? 1 : 0)
      })
    }

    test('a segment that ends before it starts was active at its start, and ended at its end', async () => {
      const row = traceRow({ spans: [span(10, 5)] })
      await under.store.writeRows([row], [])
      const count = async (kind: WindowKind, from: number): Promise<number> =>
        under.store.countTraces(row.tenant, {
          kind,
          fromSeconds: NOW_SECONDS + from,
          toSeconds: NOW_SECONDS + from + 1,
        })
      expect([await count('event', 10), await count('event', 7), await count('service', 5)]).toEqual([1, 0, 1])
    })

    test('an event at the epoch itself, and before it', async () => {
      const row = traceRow({ timeSeconds: 0, spans: [{ startUs: -5e6, endUs: 0 }] })
      await under.store.writeRows([row], [])
      const event = async (from: number, to: number): Promise<number | undefined> =>
        (await find(row.tenant, { kind: 'event', fromSeconds: from, toSeconds: to }))[0]?.matchedEventSeconds
      expect([await event(-1, 1), await event(-9, -1), await event(-3, -1)]).toEqual([0, -5, undefined])
    })

    test('times at the ends of what a row can hold, and windows beyond', async () => {
      const tenant = newTenant()
      const edge = 2 ** 53 - 1
      const rows = [-edge, 0, edge].map((us) => traceRow({ tenant, spans: [{ startUs: us, endUs: us }] }))
      await under.store.writeRows(rows, [])
      for (const kind of ['event', 'service'] as const) {
        for (const far of [1e300, Number.MAX_VALUE, 2 ** 53]) {
          expect(await under.store.countTraces(tenant, { kind, fromSeconds: -far, toSeconds: far })).toBe(3)
        }
      }
    })

    for (const kind of ['event', 'service'] as const) {
      test(`a version that is not in the window any more is not found by its old one: ${kind}`, async () => {
        const tenant = newTenant()
        const inside = { spans: [span(0, 1)] }
        const outside = { spans: [span(1_000, 1_001)] }
        const moved = Array.from({ length: 5 }, () => traceRow({ tenant, ...inside }))
        const kept = Array.from({ length: 4 }, () => traceRow({ tenant, timeSeconds: NOW_SECONDS - 60, ...inside }))
        const again = (row: TraceRow): TraceRow => ({ ...row, version: nextStamp(), ...outside })
        await under.store.writeRows([...moved, ...kept], [])
        await under.store.writeRows(moved.map(again), [])
        const window = { kind, fromSeconds: NOW_SECONDS, toSeconds: NOW_SECONDS + 10 }
        const expected = kept.map(({ id }) => id).toReversed()
        for (const merged of [false, true]) {
          if (merged) await under.settle()
          for (const limit of [1, 2, 4, 100]) {
            const ids = (await find(tenant, { ...window, limit })).map(({ id }) => id)
            expect(ids).toEqual(expected.slice(0, limit))
          }
          expect(await under.store.countTraces(tenant, window)).toBe(4)
        }
        expect(await under.store.countTraces(tenant, { ...window, toSeconds: NOW_SECONDS + 2_000 })).toBe(9)
      })
    }
  })
}
