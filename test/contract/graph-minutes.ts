import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  emptyGraph,
  edgeAt,
  mergeInto,
  nodeAt,
  type GraphAccumulator,
} from '../../src/model/graph/graph-accumulator.ts'
import { addToHistogram } from '../../src/model/graph/histogram.ts'
import { finishGraph } from '../../src/model/graph/service-graph.ts'
import { nodeKey, nodeOf } from '../../src/model/node.ts'
import type { Tenant } from '../../src/model/tenant.ts'
import type { GraphMinutes, KeptMinute, MinuteRange } from '../../src/store/graph-minutes.ts'
import type { TraceStore } from '../../src/store/store.ts'
import { newTenant, nextStamp, NOW_SECONDS } from './spool-file.ts'
import { span, traceRow } from './trace-row.ts'

/** An engine with the minutes beside its store. */
export type MinutesUnderTest = {
  /** On the data that is there. */
  readonly open: () => Promise<{ readonly store: TraceStore; readonly minutes: GraphMinutes }>
  /** Makes the engine merge now. */
  readonly settle?: () => Promise<void>
  readonly close: () => Promise<void>
}

/** The start of the minute that all is about. */
const MINUTE = Math.ceil(NOW_SECONDS / 300) * 300
const AT = MINUTE - NOW_SECONDS
const hour: MinuteRange = { fromSeconds: MINUTE - 1_800, toSeconds: MINUTE + 1_800 }

/** The contract of `GraphMinutes`; all engines run it, each test with a tenant of its own. */
export function describeGraphMinutes(name: string, start: () => Promise<MinutesUnderTest>): void {
  describe(`kept minutes: ${name}`, () => {
    let under: MinutesUnderTest
    let store: TraceStore
    let minutes: GraphMinutes
    beforeAll(async () => {
      under = await start()
      const opened = await under.open()
      store = opened.store
      minutes = opened.minutes
    }, 60_000)
    afterAll(async () => {
      await store?.[Symbol.asyncDispose]()
      await under?.close()
    })

    const touched = async (tenant: Tenant, range = hour) =>
      (await minutes.touched(tenant, range)).map(({ startSeconds, isCurrent, isLong }) => {
        return `${(startSeconds - MINUTE) / 60}${isCurrent ? ' current' : ''}${isLong ? ' long' : ''}`
      })
    /** Keeps a minute as whoever counts it would. */
    const keep = async (tenant: Tenant, minute: number, graph: GraphAccumulator, more: Partial<KeptMinute> = {}) => {
      const startSeconds = MINUTE + minute * 60
      const [state] = await minutes.touched(tenant, { fromSeconds: startSeconds, toSeconds: startSeconds + 60 })
      const touches = state?.touches ?? '0'
      await minutes.replace({ tenant, startSeconds, version: nextStamp(), touches, isExact: true, graph, ...more })
    }

    describe('a row touches the minutes', () => {
      it.each([
        {
          row: { spans: [span(AT, AT + 59)] },
          expected: ['-1', '0'],
          reason: 'of a segment, and a microsecond before',
        },
        {
          row: { spans: [span(AT + 1, AT + 121)] },
          expected: ['0', '1', '2'],
          reason: 'between its start and its end',
        },
        { row: { spans: [span(AT + 1), span(AT + 200, AT + 210)] }, expected: ['0', '1', '2', '3'], reason: 'of all' },
        {
          row: { spans: [span(AT + 1, AT + 2)], lastEndUs: (MINUTE + 119) * 1e6 },
          expected: ['0', '1'],
          reason: 'of a call that outlives its segment',
        },
      ])('$reason', async ({ row, expected }) => {
        const tenant = newTenant()
        await store.writeRows([traceRow({ tenant, ...row })], [])
        expect(await touched(tenant)).toEqual(expected)
        expect(await touched(newTenant())).toEqual([])
      })

      it('but an obsolete row touches none', async () => {
        const tenant = newTenant()
        const { id, timeSeconds } = traceRow()
        await store.writeRows([], [{ tenant, id, timeSeconds, version: nextStamp() }])
        expect(await touched(tenant)).toEqual([])
      })

      it('a trace that goes on for days makes them all long, and none of them current', async () => {
        const tenant = newTenant()
        await store.writeRows([traceRow({ tenant, spans: [span(AT + 1, AT + 2)] })], [])
        await keep(tenant, 0, emptyGraph())
        expect(await touched(tenant)).toEqual(['0 current'])
        await store.writeRows([traceRow({ tenant, spans: [span(AT - 86_400, AT + 90)] })], [])
        expect(await touched(tenant, { fromSeconds: MINUTE - 60, toSeconds: MINUTE + 600 })).toEqual([
          '-1 long',
          '0 long',
          '1 long',
        ])
      })
    })

    it('a minute is current until it is touched again', async () => {
      const tenant = newTenant()
      const row = () => traceRow({ tenant, spans: [span(AT + 1, AT + 61)] })
      await store.writeRows([row()], [])
      await keep(tenant, 0, emptyGraph())
      expect(await touched(tenant)).toEqual(['0 current', '1'])
      await keep(tenant, 1, emptyGraph(), { isExact: false })
      expect(await touched(tenant)).toEqual(['0 current', '1'])
      await store.writeRows([row()], [])
      expect(await touched(tenant)).toEqual(['0', '1'])
      await under.settle?.()
      await keep(tenant, 0, emptyGraph())
      await keep(tenant, 1, emptyGraph())
      await under.settle?.()
      expect(await touched(tenant)).toEqual(['0 current', '1 current'])
    })

    it('a minute that was touched while it was counted is not current', async () => {
      const tenant = newTenant()
      await store.writeRows([traceRow({ tenant, spans: [span(AT + 1)] })], [])
      const [state] = await minutes.touched(tenant, hour)
      await store.writeRows([traceRow({ tenant, spans: [span(AT + 1)] })], [])
      await keep(tenant, 0, emptyGraph(), { touches: state?.touches ?? '' })
      expect(await touched(tenant)).toEqual(['0'])
    })

    it('minutes are stale from their touch until they are kept, the newest first', async () => {
      const tenants = [newTenant(), newTenant()]
      for (const [place, tenant] of tenants.entries()) {
        await store.writeRows([traceRow({ tenant, spans: [span(AT + 1 + 60 * place), span(AT + 301)] })], [])
      }
      const stale = async () =>
        (await minutes.stale(1_000_000))
          .filter(({ tenant }) => tenants.some(({ account }) => account === tenant.account))
          .map(({ startSeconds }) => (startSeconds - MINUTE) / 60)
      expect(await stale()).toEqual([5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0])
      await keep(tenants[0] ?? newTenant(), 3, emptyGraph())
      await keep(tenants[1] ?? newTenant(), 4, emptyGraph(), { isExact: false })
      expect(await stale()).toEqual([5, 5, 4, 3, 2, 2, 1, 1, 0])
      expect(await minutes.stale(2)).toHaveLength(2)
    })

    describe('reading', () => {
      it('gives what was kept, by periods, and merged', async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(graph, { maxLength: 4 }), async (graphs) => {
            const tenant = newTenant()
            for (const [minute, one] of graphs.entries()) await keep(tenant, minute, one)
            const expected = new Map<number, GraphAccumulator>()
            for (const [minute, one] of graphs.entries())
              if (one.nodes.size > 0) expected.set(MINUTE + minute * 60, one)
            const read = (period?: number) => minutes.read(tenant, [hour], period)
            expect(await read(60)).toEqual(expected)
            const all = [...expected.values()].reduce(mergeInto, emptyGraph())
            expect(await read(300)).toEqual(all.nodes.size === 0 ? new Map() : new Map([[MINUTE, all]]))
            expect((await read()).get(0) ?? emptyGraph()).toEqual(all)
          }),
          { numRuns: 25 },
        )
      })

      it('only of the ranges that are asked for', async () => {
        const tenant = newTenant()
        for (const minute of [0, 1, 2, 3, 4]) await keep(tenant, minute, graphOf(`minute ${minute}`))
        const names = async (...ranges: readonly (readonly [from: number, to: number])[]) => {
          const asked = ranges.map(([from, to]) => ({ fromSeconds: MINUTE + from * 60, toSeconds: MINUTE + to * 60 }))
          const read = (await minutes.read(tenant, asked)).get(0) ?? emptyGraph()
          return finishGraph(read).nodes.map(({ service }) => service.name)
        }
        expect(await names([1, 2])).toEqual(['minute 1'])
        expect(await names([0, 2], [4, 9])).toEqual(['minute 0', 'minute 1', 'minute 4'])
        expect(await names([5, 9])).toEqual([])
        expect(await names()).toEqual([])
      })

      it('gives the newest version, whole, and nothing of those before', async () => {
        const tenant = newTenant()
        await keep(tenant, 0, mergeInto(graphOf('a'), graphOf('b')))
        await keep(tenant, 0, mergeInto(graphOf('b'), graphOf('c')))
        await keep(tenant, 0, graphOf('late'), { version: 1 })
        const names = async () =>
          finishGraph((await minutes.read(tenant, [hour])).get(0) ?? emptyGraph()).nodes.map(
            ({ service, requests }) => [service.name, requests.ok],
          )
        expect(await names()).toEqual([
          ['b', 1],
          ['c', 1],
        ])
        await under.settle?.()
        expect(await names()).toHaveLength(2)
        await keep(tenant, 0, emptyGraph())
        expect(await names()).toEqual([])
      })

      it('of another tenant gives nothing', async () => {
        const tenant = newTenant()
        await keep(tenant, 0, graphOf('mine'))
        expect(await minutes.read({ ...tenant, region: 'eu-west-1' }, [hour])).toEqual(new Map())
      })
    })

    it('what is cleared is gone, and stale', async () => {
      const tenant = newTenant()
      await store.writeRows([traceRow({ tenant, spans: [span(AT + 1)] })], [])
      await keep(tenant, 0, graphOf('gone'))
      await minutes.clear()
      expect(await minutes.read(tenant, [hour])).toEqual(new Map())
      expect(await touched(tenant)).toEqual(['0'])
    })
  })
}

function graphOf(name: string): GraphAccumulator {
  const graph = emptyGraph()
  nodeAt(graph, nodeOf(name, undefined, undefined)).requests.ok = 1
  return graph
}

const count = fc.oneof(fc.nat({ max: 9 }), fc.nat())
const histogram = fc.oneof(
  fc.array(fc.nat({ max: 400 }), { maxLength: 5 }),
  fc.array(fc.nat({ max: 100_000 }), { minLength: 110, maxLength: 130 }),
)
const service = fc.record({
  name: fc.constantFrom('a', 'b', 'ü "\\\' \0 half \ud800'),
  type: fc.constantFrom(undefined, '', 'AWS::SQS::Queue'),
  account: fc.constantFrom(undefined, '123456789012'),
})
const counted = fc.record({
  service,
  to: service,
  kind: fc.constantFrom('node', 'call', 'link'),
  ok: count,
  fault: count,
  total: fc.oneof(fc.nat(), fc.constant(Number.MAX_SAFE_INTEGER)),
  times: histogram,
  others: histogram,
  flag: fc.boolean(),
  start: fc.option(fc.nat({ max: 1_000 })),
  alias: fc.option(service),
})

/** Any accumulator, with little of meaning. */
const graph = fc.array(counted, { maxLength: 6 }).map((all) => {
  const made = emptyGraph()
  const node = (of: (typeof all)[number]['service']) => nodeAt(made, nodeOf(of.name, of.type, of.account))
  for (const { service: from, to, kind, ok, fault, total, times, others, flag, start, alias } of all) {
    const counts =
      kind === 'node' ? node(from) : edgeAt(made, node(from).key, node(to).key, kind === 'call' ? 'call' : 'link')
    const calls = 'requests' in counts ? counts.requests : counts.calls
    Object.assign(calls, { ok, fault, throttle: 1, error: 2, totalResponseUs: total })
    for (const ms of times) addToHistogram(calls.responseTimes, ms)
    for (const ms of others) addToHistogram('durations' in counts ? counts.durations : counts.eventAges, ms)
    if (start !== null) Object.assign(counts, { startSeconds: start, endSeconds: start + 5 })
    if ('requests' in counts) Object.assign(counts, { hasSegments: flag, isRoot: !flag })
    else if (alias !== null) {
      const named = nodeOf(alias.name, alias.type, alias.account)
      counts.aliases.set(nodeKey(named), named)
    }
  }
  return made
})
