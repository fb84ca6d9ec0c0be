import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nodeKey, nodeOf } from '../node.ts'
import { emptyDetector, MAX_ACTIVE, MAX_NODES, type DetectorState } from './detector-state.ts'
import type { InsightChange } from './insight.ts'
import { emptyMinute, type InsightMinute } from './insight-minute.ts'
import { closeAll, step } from './step.ts'

/** Requests and faults of a node in a minute. */
type Load = readonly [requests: number, faults: number]

const START = 1_800_000_000
const EDGES = [
  ['web', 'api'],
  ['api', 'orders'],
  ['api', 'stock'],
] as const
const idOf = (startSeconds: number, key: string): string => `${(startSeconds - START) / 60} ${key}`
const keyOf = (name: string): string => nodeKey(nodeOf(name, 'T', undefined))
const atMinute = (seconds: number): number => (seconds - START) / 60

function minuteOf(
  minute: number,
  loads: Readonly<Record<string, Load>>,
  edges: readonly (readonly [string, string])[] = EDGES,
): InsightMinute {
  const nodes = Object.entries(loads).map(([name, [requests, faults]]) => {
    return { key: keyOf(name), service: nodeOf(name, 'T', undefined), requests, faults, errors: 0 }
  })
  const [requests, faults] = Object.values(loads)[0] ?? [0, 0]
  return {
    startSeconds: START + minute * 60,
    nodes: nodes.filter((node) => node.requests > 0),
    edges: edges.map(([from, to]) => ({ from: keyOf(from), to: keyOf(to) })),
    clients: { requests, faults, errors: requests > faults ? 1 : 0 },
  }
}

/** Runs through minutes, each of which is what `loads` says of it. */
function fold(
  minutes: number,
  loads: (minute: number) => Readonly<Record<string, Load>>,
  edges?: readonly (readonly [string, string])[],
): { readonly state: DetectorState; readonly changes: readonly InsightChange[] } {
  let state = emptyDetector
  const changes: InsightChange[] = []
  for (let minute = 0; minute < minutes; minute++) {
    const after = step(state, minuteOf(minute, loads(minute), edges), idOf)
    state = after.state
    changes.push(...after.changes)
  }
  return { state, changes }
}

/** By minute: what events there were, and of what. */
const told = (changes: readonly InsightChange[]): readonly string[] =>
  changes.map(({ insight, event }) => `${atMinute(event.timeSeconds)} ${event.kind} ${insight.rootCause.name}`)

const calm: Load = [100, 0]
const bad: Load = [100, 50]

describe('an anomaly', () => {
  test.each<{ faults: readonly number[]; events: readonly string[]; reason: string }>([
    { faults: [], events: [], reason: 'without faults nothing is wrong' },
    { faults: [4], events: [], reason: 'four faults are too few to say anything' },
    { faults: [1, 1, 1, 1, 1, 1, 1, 1], events: [], reason: 'as many as were to be expected' },
    {
      faults: [50],
      events: ['23 opened api', '35 closed api'],
      reason: 'a minute is in five windows, of which three do',
    },
    { faults: [0, 50], events: ['24 opened api', '36 closed api'], reason: 'the same, a minute later' },
    {
      faults: Array<number>(20).fill(50),
      events: ['23 opened api', '25 share api', '40 periodic api', '42 share api', '44 share api', '54 closed api'],
      reason: 'it is told again after fifteen minutes, and when the share has moved by twenty points',
    },
  ])('of $faults faults a minute from minute 20 on: $reason', ({ faults, events }) => {
    const { changes } = fold(60, (minute) => ({ api: [100, faults[minute - 20] ?? 0] }))
    expect(told(changes)).toEqual(events)
  })

  test('begins with the first anomalous minute and ends with the last one', () => {
    const { changes } = fold(60, (minute) => ({ api: [100, minute >= 20 && minute < 30 ? 50 : 0] }))
    const [opened, closed] = [changes[0]?.insight, changes.at(-1)?.insight]
    expect(opened).toMatchObject({ state: 'ACTIVE', startSeconds: START + 20 * 60, openedSeconds: START + 23 * 60 })
    expect(opened?.id).toBe(idOf(START + 20 * 60, keyOf('api')))
    expect(opened).not.toHaveProperty('endSeconds')
    // The window of five minutes has too many faults up to the 34th.
    expect(closed).toMatchObject({ state: 'CLOSED', endSeconds: START + 34 * 60, updatedSeconds: START + 44 * 60 })
  })

  test('needs three runs one after the other', () => {
    // Windows are over at 20 and 21, then the flood of requests hides the faults, then they are over again for two.
    const requests = (minute: number): number => (minute === 22 ? 100_000 : 100)
    const { changes } = fold(40, (minute) => ({ api: [requests(minute), minute === 20 ? 30 : 0] }))
    expect(changes).toEqual([])
  })

  test('says what it is measured by', () => {
    const { changes } = fold(30, (minute) => ({ api: [100, minute >= 20 ? 50 : 1] }))
    expect(changes[0]?.insight).toMatchObject({
      // Two minutes with a fault each, three with fifty; one in a hundred is 5 of 500, and three deviations are 6.67.
      evidence: { requests: 500, faults: 152, expectedFaults: 13 },
      clientImpact: { requests: 300, faults: 150, errors: 3 },
      rootCauseImpact: { requests: 300, faults: 150, errors: 0 },
      summary: 'Fault rate of api (T) rose to 30% (expected at most 3%). Root cause: api (T).',
    })
  })

  test('is one again while it goes on, and does not become normal for lasting', () => {
    const { changes, state } = fold(24 * 60, (minute) => ({ api: [100, minute >= 60 ? 30 : 0] }))
    expect(changes.filter(({ event }) => event.kind === 'opened')).toHaveLength(1)
    expect(changes.filter(({ event }) => event.kind === 'closed')).toHaveLength(0)
    expect(state.nodes[0]?.rate).toBeLessThan(0.01)
  })

  test('becomes what is to be expected where it crept in', () => {
    const creeping = (minute: number): number => Math.floor(minute / 60)
    const { changes } = fold(24 * 60, (minute) => ({ api: [100, creeping(minute)] }))
    expect(changes).toEqual([])
  })

  test('is no anomaly where nobody calls any more', () => {
    const { changes } = fold(60, (minute) => (minute < 25 ? { api: [100, minute >= 20 ? 50 : 0] } : {}))
    expect(told(changes).at(-1)).toBe('39 closed api')
  })
})

describe('an insight', () => {
  const failing = (names: readonly string[], from: number, until: number) => (minute: number) =>
    Object.fromEntries(
      ['web', 'api', 'orders', 'stock', 'other'].map((name) => {
        return [name, names.includes(name) && minute >= from && minute < until ? bad : calm] as const
      }),
    )

  test.each<{ names: readonly string[]; events: readonly string[]; reason: string }>([
    { names: ['web', 'api', 'orders'], events: ['23 opened orders', '54 closed orders'], reason: 'what all depend on' },
    { names: ['web', 'api'], events: ['23 opened api', '54 closed api'], reason: 'the one further downstream' },
    {
      names: ['web', 'orders'],
      events: ['23 opened web', '23 opened orders', '54 closed web', '54 closed orders'],
      reason: 'nothing anomalous connects them',
    },
    { names: ['other'], events: ['23 opened other', '54 closed other'], reason: 'it is by itself' },
  ])('of $names has as its root cause: $reason', ({ names, events }) => {
    const { changes } = fold(60, failing(names, 20, 40))
    expect(told(changes).filter((event) => /opened|closed/.test(event))).toEqual(events)
  })

  test('has the root cause with most faults, of those with nothing below them', () => {
    const { changes } = fold(30, (minute) => {
      const isBad = minute >= 20
      return {
        web: calm,
        api: isBad ? [100, 60] : calm,
        orders: isBad ? [100, 20] : calm,
        stock: isBad ? [100, 40] : calm,
      }
    })
    expect(changes[0]?.insight.rootCause.name).toBe('stock')
    expect(changes[0]?.insight.topServices.map(({ name }) => name)).toEqual(['api', 'stock', 'orders'])
  })

  test('takes in nodes that become anomalous later, and says when the cause is another one', () => {
    const { changes } = fold(40, (minute) => ({
      ...failing(['api'], 20, 60)(minute),
      ...(minute >= 26 ? { orders: [100, 80] as const } : {}),
    }))
    expect(told(changes).slice(0, 3)).toEqual(['23 opened api', '25 share api', '29 root-cause orders'])
    const last = changes[2]
    expect(last?.event.summary).toBe(
      'Root cause is now orders (T). Fault rate of api (T) is 50% (expected at most 3%).',
    )
    expect(last?.insight.services.map(({ name }) => name)).toEqual(['api', 'orders'])
    // Of the new cause, too, since the start: nine minutes, of which three had faults.
    expect(last?.event.rootCauseImpact).toEqual({ requests: 900, faults: 240, errors: 0 })
  })

  test('says when another service is affected most', () => {
    const { changes } = fold(60, (minute) => ({
      ...failing(['api'], 20, 60)(minute),
      ...(minute >= 24 ? { web: [1_000, 900] as const } : {}),
    }))
    expect(told(changes)).toContain('27 top-service api')
  })

  test('is joined to the earlier one when something anomalous connects them', () => {
    const { changes, state } = fold(50, (minute) => ({
      ...failing(['web'], 20, 60)(minute),
      ...(minute >= 23 ? { orders: [100, 50] as const } : {}),
      ...(minute >= 30 ? { api: [100, 50] as const } : {}),
    }))
    const events = told(changes).filter((event) => !event.includes('share'))
    expect(events).toEqual([
      '23 opened web',
      '26 opened orders',
      '33 joined orders',
      '33 root-cause orders',
      '48 periodic orders',
    ])
    expect(state.insights).toHaveLength(1)
    expect(changes.find(({ event }) => event.kind === 'joined')?.insight).toMatchObject({
      state: 'CLOSED',
      endSeconds: START + 32 * 60,
    })
  })

  test('has a root cause in a cycle', () => {
    const cycle = [
      ['web', 'api'],
      ['api', 'web'],
    ] as const
    const { changes } = fold(30, failing(['web', 'api'], 20, 40), cycle)
    expect(told(changes)[0]).toMatch(/23 opened (web|api)/)
  })

  test('is closed when nobody watches any more', () => {
    const { state } = fold(30, failing(['api'], 20, 40))
    const changes = closeAll(state)
    expect(told(changes)).toEqual(['30 closed api'])
    expect(changes[0]?.insight).toMatchObject({ state: 'CLOSED', endSeconds: START + 30 * 60 })
    expect(changes[0]?.insight.rootCauseImpact).toMatchObject({ faults: 500 })
  })
})

describe('the state', () => {
  const random = fc.array(fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 })), { minLength: 1, maxLength: 120 })
  const loadsOf = (load: Load | undefined) => ({ api: calm, orders: [60, Math.min(60, load?.[1] ?? 0)] as const })

  test('is plain JSON, and goes on from there as if nothing had been', () => {
    fc.assert(
      fc.property(random, fc.nat({ max: 119 }), (loads, cut) => {
        const whole = fold(loads.length, (minute) => loadsOf(loads[minute]))
        const first = fold(Math.min(cut, loads.length), (minute) => loadsOf(loads[minute]))
        let state = JSON.parse(JSON.stringify(first.state)) as DetectorState
        const changes = [...first.changes]
        for (let minute = Math.min(cut, loads.length); minute < loads.length; minute++) {
          const after = step(state, minuteOf(minute, loadsOf(loads[minute])), idOf)
          state = JSON.parse(JSON.stringify(after.state)) as DetectorState
          changes.push(...after.changes)
        }
        expect(changes).toEqual(whole.changes)
        expect(state).toEqual(JSON.parse(JSON.stringify(whole.state)))
      }),
      { numRuns: 50 },
    )
  })

  test('takes each minute once, and those that are missing as empty', () => {
    const { state } = fold(30, (minute) => ({ api: [100, minute >= 20 ? 50 : 0] }))
    expect(step(state, minuteOf(29, { api: [100, 100] }), idOf)).toEqual({ state, changes: [] })
    let stepped = state
    const changes: InsightChange[] = []
    for (let minute = 30; minute <= 90; minute++) {
      const after = step(stepped, minute === 90 ? minuteOf(90, { api: calm }) : emptyMinute(START + minute * 60), idOf)
      stepped = after.state
      changes.push(...after.changes)
    }
    const jumped = step(state, minuteOf(90, { api: calm }), idOf)
    expect(jumped.changes).toEqual(changes)
    expect(told(changes).at(-1)).toBe('44 closed api')
  })

  test('forgets nodes after a day, and edges after an hour', () => {
    const { state } = fold(5, () => ({ web: calm, api: calm }))
    expect([state.nodes.length, state.edges.length]).toEqual([2, 1])
    const hour = step(state, emptyMinute(START + 90 * 60), idOf).state
    expect([hour.nodes.length, hour.edges.length]).toEqual([2, 0])
    expect(step(state, emptyMinute(START + 25 * 3_600), idOf).state.nodes).toEqual([])
  })

  test('is bounded when every request has a service of its own', () => {
    const flood = (minute: number) =>
      Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`${minute}-${at}`, [1, 1] as const]))
    const { state } = fold(10, (minute) => ({ api: [100, 0], ...flood(minute) }))
    expect(state.nodes).toHaveLength(MAX_NODES)
    expect(state.nodes.some(({ service }) => service.name === 'api')).toBe(true)
  })

  test('is bounded when everything fails by itself', () => {
    const names = Array.from({ length: MAX_ACTIVE + 50 }, (_, at) => `s${at}`)
    const loads = (minute: number) =>
      Object.fromEntries(names.map((name, at) => [name, minute >= 20 && (at >= 50 || minute < 40) ? bad : calm]))
    const { state, changes } = fold(70, loads)
    const opened = changes.filter(({ event }) => event.kind === 'opened')
    expect(state.insights).toHaveLength(MAX_ACTIVE)
    // Those that wait are opened once there is room.
    expect(opened).toHaveLength(MAX_ACTIVE + 50)
    expect(new Set(opened.map(({ insight }) => insight.id)).size).toBe(opened.length)
  })

  test.each(['__proto__', 'constructor', 'toString', ''])('knows a service of the name %j', (name) => {
    const loads = (minute: number) => Object.fromEntries([[name, [100, minute >= 20 ? 50 : 0] as const]])
    const { changes } = fold(30, loads)
    expect(changes[0]?.insight.rootCause.name).toBe(name)
  })
})
