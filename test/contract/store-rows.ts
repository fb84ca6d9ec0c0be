import { setImmediate } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import type { TraceHit } from '../../src/store/store.ts'
import type { ObsoleteRow, TraceRow } from '../../src/store/trace-row.ts'
import { call, document, newTenant, nextStamp, NOW_SECONDS, storedOf, traceId } from './spool-file.ts'
import type { Test, UnderTest } from './store.ts'
import { span, traceRow } from './trace-row.ts'

const EVERYTHING = { kind: 'trace-time', fromSeconds: 0, toSeconds: 2 ** 32 } as const

/** `writeRows`: which row holds. */
export function describeRows(test: Test, under: UnderTest): void {
  const found = (row: { readonly tenant: TraceRow['tenant'] }, limit = 10_000): Promise<readonly TraceHit[]> =>
    under.store.findTraces(row.tenant, { ...EVERYTHING, limit })
  const hit = ({ timeSeconds, id, version }: TraceRow): TraceHit => ({ timeSeconds, id, version })
  /** Asks before and after merges. */
  const expectFound = async (row: TraceRow, expected: readonly TraceRow[]): Promise<void> => {
    for (const merged of [false, true]) {
      if (merged) await under.settle()
      expect(await found(row)).toEqual(expected.map(hit))
      expect(await under.store.countTraces(row.tenant, EVERYTHING)).toBe(expected.length)
    }
  }

  describe('writeRows', () => {
    type Step = 'old' | 'new' | 'obsolete' | 'newest'
    const orders: readonly (readonly [title: string, steps: readonly Step[], holds: Step | undefined])[] = [
      ['a single row', ['old'], 'old'],
      ['the greater version, written later', ['old', 'new'], 'new'],
      ['the greater version, written first', ['new', 'old'], 'new'],
      ['the same row twice', ['old', 'old'], 'old'],
      ['nothing, when it is declared obsolete', ['old', 'new', 'obsolete'], undefined],
      ['nothing, when it was declared obsolete before it was written', ['obsolete', 'new', 'old'], undefined],
      ['nothing, when only that was ever written', ['obsolete'], undefined],
      ['a row with a greater version than the declaration', ['old', 'obsolete', 'newest'], 'newest'],
      ['a row with a greater version, written before the declaration', ['newest', 'obsolete', 'old'], 'newest'],
    ]
    for (const [title, steps, holds] of orders) {
      for (const together of [false, true]) {
        test(`what holds is ${title}${together ? ', all in one write' : ''}`, async () => {
          const row = traceRow()
          const versions = { old: row.version, new: nextStamp(), obsolete: nextStamp(), newest: nextStamp() }
          const rowOf = (step: Step): TraceRow => ({ ...row, version: versions[step] })
          const rows = steps.map(rowOf)
          if (together) {
            await under.store.writeRows(
              rows.filter(({ version }) => version !== versions.obsolete),
              rows.filter(({ version }) => version === versions.obsolete),
            )
          } else {
            for (const one of rows) {
              const isObsolete = one.version === versions.obsolete
              await (isObsolete ? under.store.writeRows([], [one]) : under.store.writeRows([one], []))
            }
          }
          await expectFound(row, holds === undefined ? [] : [rowOf(holds)])
        })
      }
    }

    test('a trace that moves to another time is found there alone', async () => {
      const before = traceRow()
      const after = { ...before, timeSeconds: NOW_SECONDS + 30 * 86_400, version: nextStamp() }
      await under.store.writeRows([before], [])
      await under.store.writeRows([after], [{ ...before, version: after.version }])
      await expectFound(before, [after])
    })

    test('one write without rows, or without anything, is none', async () => {
      await under.store.writeRows([], [])
      const row = traceRow()
      await under.store.writeRows([row], [])
      await under.store.writeRows([], [])
      await expectFound(row, [row])
    })

    test('2,000 rows in one write, of many days', async () => {
      const tenant = newTenant()
      const rows = Array.from({ length: 2_000 }, (_, at) =>
        traceRow({ tenant, timeSeconds: NOW_SECONDS - (at % 40) * 86_400 - at }),
      )
      await under.store.writeRows(rows, [])
      const expected = rows.toSorted((a, b) => b.timeSeconds - a.timeSeconds).map(hit)
      expect(await found({ tenant })).toEqual(expected)
      const replaced = rows.map((row) => ({ ...row, version: nextStamp() }))
      await under.store.writeRows(replaced, [])
      expect(await found({ tenant })).toEqual(replaced.toSorted((a, b) => b.timeSeconds - a.timeSeconds).map(hit))
      expect(await under.store.countTraces(tenant, EVERYTHING)).toBe(2_000)
    })

    test('may overlap inserts', async () => {
      const tenant = newTenant()
      const rows: TraceRow[] = []
      const calls = Array.from({ length: 200 }, () =>
        call(
          tenant,
          Array.from({ length: 20 }, () => document()),
        ),
      )
      let running = true
      const inserted = under.insert(...calls).finally(() => (running = false))
      do {
        const row = traceRow({ tenant })
        await under.store.writeRows([row], [])
        rows.push(row)
        await setImmediate()
      } while (running)
      await inserted
      expect((await found({ tenant })).map(({ id }) => id).toSorted()).toEqual(rows.map(({ id }) => id).toSorted())
      const last = calls.at(-1)
      const id = last?.rows[0]?.document.traceId ?? traceId()
      expect((await under.current(tenant, id))?.documents).toEqual(last && storedOf(last).slice(0, 1))
    })

    test('the rows of two accounts and two regions are apart', async () => {
      const { id } = traceRow()
      const [{ account: first }, { account: second }] = [newTenant(), newTenant()]
      const rows = [first, second].flatMap((account) =>
        ['us-east-1', 'eu-west-1'].map((region) => traceRow({ tenant: { account, region }, id })),
      )
      await under.store.writeRows(rows, [])
      const [gone] = rows
      if (gone !== undefined) await under.store.writeRows([], [{ ...gone, version: nextStamp() }])
      await under.settle()
      for (const row of rows) expect(await found(row)).toEqual(row === gone ? [] : [hit(row)])
    })

    test('a trace of 1,000 segments, and one of none', async () => {
      const many = traceRow({ spans: Array.from({ length: 1_000 }, (_, at) => span(at, at + 0.5)) })
      const none = traceRow({ tenant: many.tenant, spans: [] })
      await under.store.writeRows([many, none], [])
      expect(await found(many)).toHaveLength(2)
      const late = { kind: 'service', fromSeconds: NOW_SECONDS + 999, toSeconds: NOW_SECONDS + 2_000 } as const
      expect(await under.store.findTraces(many.tenant, { ...late, limit: 9 })).toEqual([hit(many)])
      for (const kind of ['event', 'service'] as const) {
        expect(await under.store.countTraces(many.tenant, { ...EVERYTHING, kind })).toBe(1)
      }
    })

    test('the first and the last second of time', async () => {
      const tenant = newTenant()
      const written = [2 ** 32 - 1, 0].map((timeSeconds) => traceRow({ tenant, timeSeconds }))
      await under.store.writeRows(written, [])
      await expectFound(traceRow({ tenant }), written)
    })
  })

  describe('a row that was declared obsolete', () => {
    test('many of them before those that hold: a page is full all the same', async () => {
      const tenant = newTenant()
      const gone = Array.from({ length: 300 }, (_, at) => traceRow({ tenant, timeSeconds: NOW_SECONDS + 1_000 + at }))
      const held = Array.from({ length: 7 }, (_, at) => traceRow({ tenant, timeSeconds: NOW_SECONDS - at }))
      await under.store.writeRows([...gone, ...held], [])
      const obsolete: readonly ObsoleteRow[] = gone.map((row) => ({ ...row, version: nextStamp() }))
      await under.store.writeRows([], obsolete)
      for (const merged of [false, true]) {
        if (merged) await under.settle()
        for (const limit of [1, 3, 7, 8]) expect(await found({ tenant }, limit)).toEqual(held.slice(0, limit).map(hit))
      }
    })

    test('may be answered to who looks at the traces anyway, with all that hold', async () => {
      const tenant = newTenant()
      const names = ['shop']
      const held = traceRow({ tenant, names, timeSeconds: NOW_SECONDS - 10 })
      const moved = traceRow({ tenant, names })
      await under.store.writeRows([held, moved], [])
      const after = { ...moved, timeSeconds: NOW_SECONDS - 5, version: nextStamp() }
      await under.store.writeRows([after], [{ ...moved, version: nextStamp() }])
      const query = { ...EVERYTHING, limit: 9, narrowing: { kind: 'name', name: 'shop' } } as const
      for (const merged of [false, true]) {
        if (merged) await under.settle()
        expect(await under.store.findTraces(tenant, query)).toEqual([hit(after), hit(held)])
        const all = await under.store.findTraces(tenant, { ...query, mayBeOutdated: true })
        const mayBe = [hit(moved), hit(after), hit(held)]
        expect(mayBe).toEqual(expect.arrayContaining([...all]))
        expect(all).toEqual(expect.arrayContaining([hit(after), hit(held)]))
      }
    })
  })
}
