import { describe, expect, test } from 'vitest'
import { emptyGraph, nodeAt } from '../model/graph/graph-accumulator.ts'
import { nodeOf } from '../model/node.ts'
import type { Tenant } from '../model/tenant.ts'
import type { MinuteRange, TouchedMinute } from '../store/graph-minutes.ts'
import { createMemoryGraphMinutes } from '../store/memory/memory-graph-minutes.ts'
import { createKeptGraphs } from './kept-graphs.ts'

const tenant: Tenant = { account: '000000000000', region: 'us-east-1' }
/** The number of a minute that starts an hour. */
const HOUR = 28_333_380

/** Minutes with one request each, and which ranges are read of them. */
async function keptMinutes(count: number, maxValues?: number) {
  const minutes = createMemoryGraphMinutes()
  for (let minute = 0; minute < count; minute++) {
    const graph = emptyGraph()
    nodeAt(graph, nodeOf('web', undefined, undefined)).requests.ok = 1
    const startSeconds = (HOUR + minute) * 60
    await minutes.replace({ tenant, startSeconds, version: 1, touches: '1', isExact: true, graph })
  }
  const read: string[] = []
  const watched: typeof minutes = {
    ...minutes,
    async read(of, ranges, ...rest) {
      for (const { fromSeconds, toSeconds } of ranges) read.push(`${fromSeconds / 60 - HOUR}-${toSeconds / 60 - HOUR}`)
      return minutes.read(of, ranges, ...rest)
    },
  }
  const readKept = createKeptGraphs(watched, maxValues)
  /** How many requests there are in these minutes, and what was read for it. */
  const ask = async (parts: readonly (readonly [from: number, to: number])[], touches = '1', of = tenant) => {
    read.length = 0
    const ranges = parts.map(([from, to]): MinuteRange => {
      return { fromSeconds: (HOUR + from) * 60, toSeconds: (HOUR + to) * 60 }
    })
    const touched = ranges.flatMap(({ fromSeconds, toSeconds }): TouchedMinute[] =>
      Array.from({ length: (toSeconds - fromSeconds) / 60 }, (_, at) => {
        return { startSeconds: fromSeconds + at * 60, touches, isCurrent: true, isLong: false }
      }),
    )
    const { nodes } = await readKept(of, ranges, touched)
    return [[...nodes.values()][0]?.requests.ok ?? 0, read.toSorted().join(' ')]
  }
  return { ask }
}

describe('what is kept is read in hours, tens of minutes, and minutes', () => {
  test.each<{ reason: string; parts: [number, number][]; requests: number; read: string }>([
    { reason: 'an hour', parts: [[0, 60]], requests: 60, read: '0-60' },
    { reason: 'from one hour to the next', parts: [[48, 71]], requests: 23, read: '48-49 49-50 50-60 60-70 70-71' },
    {
      reason: 'ranges with a gap',
      parts: [
        [0, 9],
        [10, 20],
      ],
      requests: 19,
      read: '0-1 1-2 10-20 2-3 3-4 4-5 5-6 6-7 7-8 8-9',
    },
    { reason: 'nothing', parts: [], requests: 0, read: '' },
  ])('$reason', async ({ parts, requests, read }) => {
    const { ask } = await keptMinutes(120)
    expect(await ask(parts)).toEqual([requests, read])
    expect(await ask(parts), 'and remembered').toEqual([requests, ''])
  })

  test('again, when it was touched, or is of somebody else', async () => {
    const { ask } = await keptMinutes(60)
    expect(await ask([[0, 60]])).toEqual([60, '0-60'])
    expect(await ask([[0, 60]], '2')).toEqual([60, '0-60'])
    expect(await ask([[0, 60]], '1', { ...tenant, region: 'eu-west-1' })).toEqual([0, '0-60'])
    expect(await ask([[10, 20]])).toEqual([10, '10-20'])
  })

  test('again, when it was not used for long and there was much else', async () => {
    const { ask } = await keptMinutes(60, 30)
    for (const [from, read] of [
      [0, '0-10'],
      [10, '10-20'],
      [0, ''],
      [20, '20-30'],
      [10, '10-20'],
    ] as const) {
      expect(await ask([[from, from + 10]])).toEqual([10, read])
    }
  })
})
