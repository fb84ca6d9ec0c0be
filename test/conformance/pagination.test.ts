import { setTimeout as pause } from 'node:timers/promises'
import { paginateGetTraceSummaries, PutTraceSegmentsCommand } from '@aws-sdk/client-xray'
import { beforeAll, describe, expect, test } from 'vitest'
import { newId, newTraceId, segment, type SegmentFields } from '../fixtures/segments.ts'
import { sharedServer } from '../fixtures/shared-server.ts'

const COUNT = 2_000
/** The traces began in these seconds, so that many share one. */
const SECONDS = 100
const START = Math.floor(Date.now() / 1000) - 1_800
/** One more second, in which the last of them end. */
const WINDOW = { StartTime: new Date(START * 1_000), EndTime: new Date((START + SECONDS + 1) * 1_000) }

const { client } = await sharedServer()

/** The traces that are there before anybody asks, by their numbers. */
const ids = Array.from({ length: COUNT }, (_, number) => newTraceId(START + ((number * 7) % SECONDS)))

beforeAll(async () => {
  await put(ids.map(whole))
}, 60_000)

async function put(documents: readonly SegmentFields[]): Promise<void> {
  for (let from = 0; from < documents.length; from += 50) {
    const TraceSegmentDocuments = documents.slice(from, from + 50).map((one) => JSON.stringify(one))
    const answer = await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments }))
    expect(answer.UnprocessedTraceSegments).toEqual([])
  }
}

const secondOf = (id: string): number => Number.parseInt(id.slice(2, 10), 16)

/** A trace of one segment, of which every other thing says something else. */
function whole(id: string, number: number): SegmentFields {
  const start = secondOf(id) + (number % 10) / 10
  return segment({
    trace_id: id,
    name: number % 2 === 1 ? 'shop' : 'bank',
    start_time: start,
    end_time: start + 0.05,
    annotations: { number: number % 10 },
    http: { request: { method: number % 8 === 0 ? 'PUT' : 'GET' } },
    ...(number % 6 === 0 ? { user: 'alice' } : {}),
    ...(number % 7 === 0 ? { fault: true } : {}),
  })
}

/** Sends until it is stopped: new traces anywhere in the window, and more documents of those that are there. */
function arrivals(): { readonly sent: ReadonlyMap<string, number>; readonly stop: () => Promise<number> } {
  const sent = new Map<string, number>()
  let isStopped = false
  let calls = 0
  const ended = (async () => {
    while (!isStopped) {
      const documents = Array.from({ length: 10 }, (_, at) => {
        const number = calls * 10 + at
        const id = newTraceId(START + ((number * 13) % SECONDS))
        sent.set(id, number)
        const old = ids[(number * 101) % COUNT] ?? ''
        const start = secondOf(old) + 0.1
        // Called by somebody who is not there, so that it changes no answer.
        const late = { trace_id: old, name: 'late', parent_id: newId(), start_time: start, end_time: start + 0.1 }
        return [whole(id, number), segment(late)]
      })
      await put(documents.flat())
      calls += 1
      await pause(20)
    }
    return calls
  })()
  // Whoever stops is told.
  ended.catch(() => undefined)
  return {
    sent,
    stop: async () => {
      isStopped = true
      return ended
    },
  }
}

async function found(filter: string, TimeRangeType: 'TraceId' | 'Event' | 'Service'): Promise<readonly string[]> {
  const pages = paginateGetTraceSummaries({ client }, { ...WINDOW, FilterExpression: filter, TimeRangeType })
  const all: string[] = []
  for await (const { TraceSummaries = [] } of pages) all.push(...TraceSummaries.map(({ Id = '' }) => Id))
  return all
}

describe('the paginator of the SDK, while documents keep arriving', () => {
  const filters: readonly [string, (number: number) => boolean][] = [
    ['user = "alice"', (number) => number % 6 === 0],
    ['service("shop") { fault }', (number) => number % 14 === 7],
    ['annotation.number >= 8 AND !fault', (number) => number % 10 >= 8 && number % 7 !== 0],
    ['http.method = "PUT" OR http.status = 404', (number) => number % 8 === 0],
    ['ok AND responsetime', (number) => number % 7 !== 0],
  ]
  for (const kind of ['TraceId', 'Event', 'Service'] as const) {
    test.each(filters)(
      `${kind}: %s finds each trace once, without a gap`,
      async (filter, matches) => {
        const arriving = arrivals()
        const [answer] = await Promise.allSettled([found(filter, kind)])
        expect(await arriving.stop()).toBeGreaterThan(0)
        if (answer.status === 'rejected') throw answer.reason
        const all = answer.value
        expect(new Set(all).size).toBe(all.length)
        const newest = all.toSorted((a, b) => secondOf(b) - secondOf(a) || (a < b ? 1 : -1))
        expect(all).toEqual(newest)
        const known = new Set(ids)
        // Those that earlier tests have sent count as well.
        expect(all.filter((id) => known.has(id)).toSorted()).toEqual(ids.filter((_, at) => matches(at)).toSorted())
        for (const id of all) {
          const number = arriving.sent.get(id)
          if (number !== undefined) expect(matches(number), id).toBe(true)
        }
      },
      30_000,
    )
  }
})
