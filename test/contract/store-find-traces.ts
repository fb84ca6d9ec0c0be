import { describe, expect } from 'vitest'
import type { TraceId } from '../../src/model/ids.ts'
import type { Tenant } from '../../src/model/tenant.ts'
import type { FindTraces, TracePosition } from '../../src/store/store.ts'
import { call, document, entityId, newTenant, NOW_SECONDS, traceId } from './spool-file.ts'
import type { Test, UnderTest } from './store.ts'

const DAY_SECONDS = 86_400
const EVERYTHING = { fromSeconds: 0, toSeconds: 2 ** 32, limit: 10_000 }

/** `findTraces`: the window, the order, the pages, and the time of a trace. */
export function describeFindTraces(test: Test, under: UnderTest): void {
  const find = (tenant: Tenant, query: Partial<FindTraces> = {}): Promise<readonly TracePosition[]> =>
    under.store.findTraces(tenant, { ...EVERYTHING, ...query })

  describe('findTraces', () => {
    test('answers by time descending, then id descending', async () => {
      const tenant = newTenant()
      const times = [5, 1, 3, 3, 3, 2].map((seconds) => NOW_SECONDS + seconds)
      const ids = times.map((seconds) => traceId(seconds))
      await under.insert(
        ...ids.map((id, position) => call(tenant, [document({ traceId: id, startTime: times[position] ?? 0 })])),
      )
      const expected = ids
        .map((id, position) => ({ timeSeconds: times[position] ?? 0, id }))
        .toSorted((a, b) => b.timeSeconds - a.timeSeconds || (a.id > b.id ? -1 : 1))
      expect(await find(tenant)).toEqual(expected)
      expect(await find(tenant, { limit: 4 })).toEqual(expected.slice(0, 4))
    })

    test('the window holds its first second, and not its last', async () => {
      const tenant = newTenant()
      const ids = [0, 1, 2, 3].map((seconds) => traceId(NOW_SECONDS + seconds))
      await under.insert(
        call(
          tenant,
          ids.map((id, seconds) => document({ traceId: id, startTime: NOW_SECONDS + seconds })),
        ),
      )
      const windows: readonly [number, number, number[]][] = [
        [1, 3, [2, 1]],
        [1, 1, []],
        [3, 1, []],
        [0.5, 2.5, [2, 1]],
        [3, 4, [3]],
        [4, 9, []],
        [-9, 0, []],
      ]
      for (const [from, to, seconds] of windows) {
        const found = await find(tenant, { fromSeconds: NOW_SECONDS + from, toSeconds: NOW_SECONDS + to })
        expect(
          found.map(({ timeSeconds }) => timeSeconds - NOW_SECONDS),
          `${from} to ${to}`,
        ).toEqual(seconds)
      }
    })

    test('pages meet without gap or repeat, also where many traces have one time', async () => {
      const tenant = newTenant()
      const documents = Array.from({ length: 25 }, (_, position) => {
        const startTime = NOW_SECONDS + (position % 3)
        return document({ traceId: traceId(startTime), startTime })
      })
      await under.insert(call(tenant, documents))
      const pages: (readonly TracePosition[])[] = []
      for (let after: TracePosition | undefined; ; after = pages.at(-1)?.at(-1)) {
        const page = await find(tenant, { limit: 4, ...(after === undefined ? {} : { after }) })
        pages.push(page)
        if (page.length < 4) break
      }
      expect(pages.map((page) => page.length)).toEqual([4, 4, 4, 4, 4, 4, 1])
      expect(pages.flat()).toEqual(await find(tenant))
    })

    test('a page may begin after a trace that is not there', async () => {
      const tenant = newTenant()
      const id = traceId()
      await under.insert(call(tenant, [document({ traceId: id })]))
      const behind = `${id.slice(0, -1)}${id.endsWith('f') ? 'e' : 'f'}` as TraceId
      const expected = behind > id ? [{ timeSeconds: NOW_SECONDS, id }] : []
      expect(await find(tenant, { after: { timeSeconds: NOW_SECONDS, id: behind } })).toEqual(expected)
      expect(await find(tenant, { after: { timeSeconds: NOW_SECONDS + 1, id: behind } })).toHaveLength(1)
      expect(await find(tenant, { after: { timeSeconds: NOW_SECONDS - 1, id: behind } })).toEqual([])
    })
  })

  describe('the time of a trace', () => {
    const week = 7 * DAY_SECONDS
    const epochs: readonly [title: string, epoch: number, start: number, time: number][] = [
      ['the epoch of its id, a little before the start', -3, 0.25, -3],
      ['the epoch of its id, a little after the start', 60, 0.25, 60],
      ['the epoch of its id, seven days before', -week, 0, -week],
      ['the epoch of its id, seven days after', week, 0, week],
      ['the start, when the epoch is a microsecond further back', -week, 0.000001, 0],
      ['the start, when the epoch is a second further ahead', week + 1, 0, 0],
      ['the start rounded down, when the id is random', 500 * DAY_SECONDS, 59.999999, 59],
      ['the start rounded down, when the id is from long ago', 1 - NOW_SECONDS, 1.5, 1],
    ]
    for (const [title, epoch, start, time] of epochs) {
      test(`is ${title}`, async () => {
        const tenant = newTenant()
        const id = traceId(NOW_SECONDS + epoch)
        await under.insert(call(tenant, [document({ traceId: id, startTime: NOW_SECONDS + start })]))
        const expected = [{ timeSeconds: NOW_SECONDS + time, id }]
        expect(await find(tenant)).toEqual(expected)
        const second = { fromSeconds: NOW_SECONDS + time, toSeconds: NOW_SECONDS + time + 1 }
        expect(await find(tenant, second)).toEqual(expected)
        expect(await find(tenant, { ...second, fromSeconds: NOW_SECONDS + time + 1, toSeconds: 2 ** 32 })).toEqual([])
        expect(await find(tenant, { fromSeconds: 0, toSeconds: NOW_SECONDS + time })).toEqual([])
      })
    }

    const random = () => traceId(0xdead_beef)
    const timeOf = async (tenant: Tenant) => (await find(tenant)).map(({ timeSeconds }) => timeSeconds - NOW_SECONDS)

    test('goes by the first of its segments', async () => {
      const tenant = newTenant()
      const id = random()
      for (const [start, time] of [
        [100, 100],
        [-4000, -4000],
        [50, -4000],
      ] as const) {
        await under.insert(call(tenant, [document({ traceId: id, startTime: NOW_SECONDS + start })]))
        expect(await timeOf(tenant)).toEqual([time])
      }
    })

    test('goes by its subsegments as long as it has no segment', async () => {
      const tenant = newTenant()
      const id = random()
      const subsegment = (start: number) =>
        document({ traceId: id, kind: 'subsegment', startTime: NOW_SECONDS + start })
      await under.insert(call(tenant, [subsegment(20), subsegment(10)]))
      expect(await timeOf(tenant)).toEqual([10])
      await under.insert(call(tenant, [document({ traceId: id, startTime: NOW_SECONDS + 5000 })]))
      expect(await timeOf(tenant)).toEqual([5000])
      await under.insert(call(tenant, [subsegment(-10)]))
      expect(await timeOf(tenant)).toEqual([5000])
    })

    test('still counts the start of a copy that was superseded and merged away', async () => {
      const tenant = newTenant()
      const entity = { traceId: random(), id: entityId() }
      await under.insert(call(tenant, [document({ ...entity, complete: false, startTime: NOW_SECONDS - 30 })]))
      await under.insert(call(tenant, [document({ ...entity, startTime: NOW_SECONDS + 30 })]))
      expect(await timeOf(tenant)).toEqual([-30])
      await under.settle()
      expect(await timeOf(tenant)).toEqual([-30])
    })

    const implausible = [-1e15, -1, 0, 1e-6, NOW_SECONDS - 40 * DAY_SECONDS, NOW_SECONDS + 3 * DAY_SECONDS, 1e15]
    for (const startTime of implausible) {
      test(`of an orphan that claims to start at ${startTime} is its receipt`, async () => {
        const tenant = newTenant()
        const id = random()
        const stored = call(
          tenant,
          [document({ traceId: id, kind: 'subsegment', startTime })],
          (NOW_SECONDS + 77) * 1e6 + Math.floor(Math.random() * 1e6),
        )
        await under.insert(stored)
        await under.settle()
        expect(await timeOf(tenant)).toEqual([77])
        expect((await under.current(tenant, id))?.documents).toHaveLength(1)
      })
    }
  })
}
