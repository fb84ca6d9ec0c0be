import { describe, expect, test } from 'vitest'
import { segment, T0, traceId } from '../../test/fixtures/model-documents.ts'
import { parseFilter } from '../filter/parse-filter.ts'
import { resolveGroups } from '../filter/resolve-groups.ts'
import type { Tenant } from '../model/tenant.ts'
import { createMemoryStore } from '../store/memory/memory-store.ts'
import type { FindTraces, StoredTrace, TraceStore } from '../store/store.ts'
import { createTraceSearches } from './search.ts'
import type { SearchEvent, SearchQuery, TraceSearches } from './searches.ts'
import type { TraceFilter } from './traces.ts'

const tenant: Tenant = { account: '000000000000', region: 'us-east-1' }
const DAY = 86_400

/** A store of traces that began so many seconds before `T0`, and a clock that goes on by so much with each question. */
async function searchesOver(ages: readonly number[], takes: (query: FindTraces) => number = () => 0) {
  const memory = createMemoryStore()
  await memory.open()
  const asked: FindTraces[] = []
  let seconds = T0
  const rows = ages.map((age, at) => {
    const startUs = (T0 - age) * 1e6
    const row = { tenant, id: traceId(at + 1), timeSeconds: T0 - age, version: at + 1 }
    return { ...row, spans: [{ startUs, endUs: startUs + 1e6 }], names: ['web'], terms: [], urls: [] }
  })
  await memory.writeRows(rows, [])
  const store: TraceStore = {
    ...memory,
    findTraces(of, query, signal) {
      asked.push(query)
      seconds += takes(query)
      return memory.findTraces(of, query, signal)
    },
    async read(_, ids) {
      return new Map(
        ids.map((id): [typeof id, StoredTrace] => {
          const text = { kind: 'segment', complete: true, received: 1, startUs: 0, raw: id } as const
          return [id, { id, calls: [1], documents: [{ ...text, id: segment('a').entity.id }] }]
        }),
      )
    },
  }
  const searches = createTraceSearches({
    store,
    readDocument: () => expect.fail('whole documents are not asked for'),
    readOutline: (id) => {
      const at = rows.findIndex((row) => row.id === id)
      const start = -(ages[at] ?? 0)
      return segment('a', { name: 'web', start, end: start + 1 + (at % 10) / 10 })
    },
    freshen: async () => {},
    freshenRows: async () => {},
    now: () => seconds,
  })
  return { searches, asked }
}

async function eventsOf(
  searches: TraceSearches,
  query: Partial<SearchQuery> = {},
  signal?: AbortSignal,
): Promise<readonly SearchEvent[]> {
  const window = { kind: 'trace-time', fromSeconds: T0 - DAY, toSeconds: T0 + 1 } as const
  const all: SearchEvent[] = []
  const whole = { ...window, sort: 'start', limit: 1_000, ...query } as const
  for await (const some of await searches.search(tenant, whole, signal)) all.push(...some)
  return all
}

function filterOf(text: string): TraceFilter {
  const parsed = parseFilter(text)
  const resolved = parsed.ok ? resolveGroups(parsed.value, () => undefined) : parsed
  return resolved.ok ? { expression: resolved.value, needsWholeDocuments: false } : expect.fail(resolved.error.message)
}

const kinds = (events: readonly SearchEvent[]): string => events.map(({ kind }) => kind[0]).join('')

describe('search', () => {
  test('a rare trace is waited for with news, and the slices meet', async () => {
    const { searches, asked } = await searchesOver([80_000], () => 0.5)
    const events = await eventsOf(searches)
    expect(kinds(events)).toMatch(/^p{80,}tpp*e$/)
    const upTo = events.flatMap((event) => (event.kind === 'progress' ? [event.upToSeconds] : []))
    expect(upTo).toEqual(upTo.toSorted((a, b) => b - a))
    expect(events.at(-1)).toMatchObject({ scanned: 1, matched: 1, upToSeconds: T0 - DAY, isComplete: true })
    expect(asked[0]).toMatchObject({ toSeconds: T0 + 1 })
    expect(asked.slice(1).map(({ toSeconds }) => toSeconds)).toEqual(
      asked.slice(0, -1).map(({ fromSeconds }) => fromSeconds),
    )
    expect(asked.at(-1)?.fromSeconds).toBe(T0 - DAY)
  })

  test('slices grow while they are answered at once, also to the beginning and the end of time', async () => {
    const { searches, asked } = await searchesOver([5 * DAY])
    const events = await eventsOf(searches, { fromSeconds: -1e15, toSeconds: 1e15 })
    expect(kinds(events)).toBe('te')
    expect(asked.length).toBeLessThan(30)
    expect([asked[0]?.toSeconds, asked.at(-1)?.fromSeconds]).toEqual([2 ** 32, 0])
  })

  test('slices shrink when the store is slow, but not below the first', async () => {
    const { searches, asked } = await searchesOver([], (query) => {
      const isLong = query.toSeconds - query.fromSeconds > 2 * 900
      return isLong ? 3 : 0
    })
    await eventsOf(searches, { fromSeconds: T0 + 1 - 9 * 900 })
    const lengths = asked.map(({ fromSeconds, toSeconds }) => (toSeconds - fromSeconds) / 900)
    expect(lengths).toEqual([1, 2, 4, 2])
    const slow = await searchesOver([], () => 3)
    await eventsOf(slow.searches, { fromSeconds: T0 + 1 - 3 * 900 })
    expect(slow.asked).toHaveLength(3)
  })

  test('other windows are asked for as they are', async () => {
    const { searches, asked } = await searchesOver([DAY / 2])
    const events = await eventsOf(searches, { kind: 'event' })
    expect(kinds(events)).toBe('te')
    expect(asked).toMatchObject([{ kind: 'event', fromSeconds: T0 - DAY, toSeconds: T0 + 1 }])
  })

  test('a thousand in the same second, none twice', async () => {
    const { searches } = await searchesOver(Array.from({ length: 1_000 }, () => 7))
    const ids = (await eventsOf(searches, { limit: 2_000 })).flatMap((event) =>
      event.kind === 'trace' ? [event.trace.summary.id] : [],
    )
    expect(ids).toEqual(Array.from({ length: 1_000 }, (_, at) => traceId(1_000 - at)))
  })

  test('nothing is asked of the store that nobody reads', async () => {
    const { searches, asked } = await searchesOver(Array.from({ length: 1_000 }, (_, at) => at))
    const window = { kind: 'trace-time', fromSeconds: T0 - DAY, toSeconds: T0 + 1 } as const
    const events = await searches.search(tenant, { ...window, sort: 'start', limit: 10_000 })
    expect(asked).toHaveLength(0)
    for await (const _ of events) break
    expect(asked).toHaveLength(1)
  })

  test('is given up when it is aborted', async () => {
    const { searches, asked } = await searchesOver(Array.from({ length: 1_000 }, (_, at) => at))
    const gone = new AbortController()
    const window = { kind: 'trace-time', fromSeconds: T0 - DAY, toSeconds: T0 + 1 } as const
    const read = async (): Promise<void> => {
      const events = await searches.search(tenant, { ...window, sort: 'start', limit: 10_000 }, gone.signal)
      for await (const _ of events) gone.abort()
    }
    await expect(read()).rejects.toThrow('aborted')
    expect(asked).toHaveLength(2)
    await expect(eventsOf(searches, {}, AbortSignal.abort())).rejects.toThrow('aborted')
  })

  test('an order that waits tells how it is going, and that the window was looked at', async () => {
    const { searches } = await searchesOver(
      Array.from({ length: 500 }, (_, at) => at),
      () => 0.3,
    )
    const events = await eventsOf(searches, { sort: 'duration', limit: 3, filter: filterOf('duration < 1.95') })
    expect(kinds(events)).toMatch(/^p+ttte$/)
    const durations = events.flatMap((event) => (event.kind === 'trace' ? [event.trace.summary.duration] : []))
    expect(durations).toEqual([1.9, 1.9, 1.9])
    expect(events.at(-1)).toMatchObject({ scanned: 500, matched: 500, isComplete: true })
  })
})
