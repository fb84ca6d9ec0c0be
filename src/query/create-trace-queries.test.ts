import { describe, expect, test } from 'vitest'
import { segment, T0, traceId } from '../../test/fixtures/model-documents.ts'
import { assemble } from '../model/assemble.ts'
import type { SegmentDocument } from '../model/entity.ts'
import type { TraceId } from '../model/ids.ts'
import { summarize } from '../model/summarize.ts'
import type { TraceSummary } from '../model/summary.ts'
import type { Tenant } from '../model/tenant.ts'
import type { StoredTrace, TraceHit, TracePosition, TraceStore, TraceWindow } from '../store/store.ts'
import { createTraceQueries } from './create-trace-queries.ts'
import type { TraceQueries } from './traces.ts'

const tenant: Tenant = { account: '000000000000', region: 'us-east-1' }

const documentOf = (number: number): SegmentDocument => segment('a', { name: `web ${number}`, start: number })
const summaryOf = (number: number): TraceSummary =>
  summarize(assemble(traceId(number), 1, [{ document: documentOf(number), received: number }]), T0)

/** What the tests ask of: traces that hold one segment each, the newer the greater the number. */
function storedTrace(number: number): StoredTrace {
  const { kind, entity } = documentOf(number)
  const times = { startUs: (T0 + number) * 1e6, endUs: (T0 + number + 1) * 1e6 }
  const stored = { kind, id: entity.id, complete: true, received: number, ...times, raw: `raw ${number}` }
  // An older copy, which must not be read.
  const older = { ...stored, received: number - 1, raw: 'old' }
  return { id: traceId(number), calls: [number], documents: [stored, older, { ...stored }] }
}

/** What `freshen` and `freshenRows` make visible is not visible before. `lost` have rows, but no documents. */
function queriesOver(numbers: readonly number[], lost: readonly number[] = []) {
  const acknowledged = new Map(
    numbers.filter((number) => !lost.includes(number)).map((n) => [traceId(n), storedTrace(n)]),
  )
  let visible: ReadonlyMap<TraceId, StoredTrace> = new Map()
  let rows: readonly TraceHit[] = []
  const asked = { freshen: 0, freshenRows: 0, whole: 0, outlined: 0 }
  const inWindow = ({ kind, fromSeconds, toSeconds }: TraceWindow): readonly TraceHit[] =>
    rows
      .filter(({ timeSeconds }) => fromSeconds <= timeSeconds && timeSeconds < toSeconds)
      .map((hit) => (kind === 'event' ? { ...hit, matchedEventSeconds: hit.timeSeconds + 1 } : hit))
  const store: TraceStore = {
    read: async (_, ids) => new Map([...visible].filter(([id]) => ids.includes(id))),
    newestEpoch: async () => 0,
    findTraces: async (_, { after, limit, ...window }) =>
      inWindow(window)
        .filter(({ timeSeconds }) => after === undefined || timeSeconds < after.timeSeconds)
        .slice(0, limit),
    countTraces: async (_, window) => inWindow(window).length,
    countTexts: async () => [],
    open: async () => {},
    insert: async () => {},
    track: async () => new Map(),
    tracesSince: async () => [],
    writeRows: async () => {},
    lastStamp: async () => 0,
    check: async () => ({ ok: true }),
    [Symbol.asyncDispose]: async () => {},
  }
  const readText = (way: 'whole' | 'outlined') => (text: string) => {
    const number = numbers.find((one) => text === `raw ${one}`)
    if (number === undefined) throw new Error(`"${text}" was not to be read`)
    asked[way] += 1
    return documentOf(number)
  }
  const queries = createTraceQueries({
    store,
    readDocument: readText('whole'),
    readOutline: readText('outlined'),
    freshen: async () => {
      asked.freshen += 1
      visible = acknowledged
    },
    freshenRows: async () => {
      asked.freshenRows += 1
      rows = numbers
        .map((number) => ({ timeSeconds: T0 + number, id: traceId(number), version: number }))
        .toSorted((a, b) => b.timeSeconds - a.timeSeconds)
    },
    now: () => T0,
  })
  return { queries, asked }
}

const always = { kind: 'trace-time', fromSeconds: T0, toSeconds: T0 + 1_000 } as const

async function pages(queries: TraceQueries, limit: number): Promise<readonly (readonly TraceId[])[]> {
  const answers: TraceId[][] = []
  let after: TracePosition | undefined
  do {
    const { summaries, next } = await queries.summaries(tenant, {
      ...always,
      limit,
      ...(after === undefined ? {} : { after }),
    })
    answers.push(summaries.map(({ summary }) => summary.id))
    after = next
  } while (after !== undefined)
  return answers
}

describe('traces', () => {
  test('in the order asked, each once, without those that do not exist', async () => {
    const { queries, asked } = queriesOver([1, 2, 3])
    const traces = await queries.traces(tenant, [traceId(3), traceId(9), traceId(1), traceId(3)])
    expect(traces).toEqual([
      {
        id: traceId(3),
        revision: 1,
        storedBytes: 5,
        rowTimeSeconds: T0,
        roots: [{ kind: 'segment', entity: segment('a', { name: 'web 3', start: 3 }).entity }],
      },
      {
        id: traceId(1),
        revision: 1,
        storedBytes: 5,
        rowTimeSeconds: T0,
        roots: [{ kind: 'segment', entity: segment('a', { name: 'web 1', start: 1 }).entity }],
      },
    ])
    expect(asked).toEqual({ freshen: 1, freshenRows: 0, whole: 2, outlined: 0 })
  })

  test('a caller that has gone away is told so', async () => {
    const { queries } = queriesOver([1])
    await expect(queries.traces(tenant, [traceId(1)], AbortSignal.abort())).rejects.toThrow('aborted')
  })
})

describe('summaries', () => {
  test.each([
    { reason: 'nothing stored', numbers: [], limit: 2, expected: [[]] },
    { reason: 'less than a page', numbers: [1], limit: 2, expected: [[1]] },
    { reason: 'exactly a page', numbers: [1, 2], limit: 2, expected: [[2, 1]] },
    { reason: 'one more', numbers: [1, 2, 3], limit: 2, expected: [[3, 2], [1]] },
    {
      reason: 'exactly two pages',
      numbers: [1, 2, 3, 4],
      limit: 2,
      expected: [
        [4, 3],
        [2, 1],
      ],
    },
    { reason: 'one to a page', numbers: [1, 2, 3], limit: 1, expected: [[3], [2], [1]] },
  ])('newest first, no gap, no repeat: $reason', async ({ numbers, limit, expected }) => {
    const { queries } = queriesOver(numbers)
    expect(await pages(queries, limit)).toEqual(expected.map((page) => page.map(traceId)))
  })

  test('one page tells where the next begins, and how many traces were looked at', async () => {
    const { queries, asked } = queriesOver([1, 2, 3])
    expect(await queries.summaries(tenant, { ...always, limit: 2 })).toEqual({
      summaries: [{ summary: summaryOf(3) }, { summary: summaryOf(2) }],
      next: { id: traceId(2), timeSeconds: T0 + 2 },
      scanned: 2,
    })
    expect(asked).toEqual({ freshen: 1, freshenRows: 1, whole: 0, outlined: 2 })
  })

  test('those that are not kept are looked at all the same, up to the limit of looking', async () => {
    const { queries } = queriesOver([1, 2, 3, 4, 5])
    const keeps = (id: TraceId): boolean => id === traceId(1) || id === traceId(4)
    const ask = (query: object) => queries.summaries(tenant, { ...always, limit: 2, keeps, ...query })
    expect(await ask({ scanLimit: 3 })).toEqual({
      summaries: [{ summary: summaryOf(4) }],
      next: { id: traceId(3), timeSeconds: T0 + 3 },
      scanned: 3,
    })
    expect(await ask({})).toEqual({ summaries: [{ summary: summaryOf(4) }, { summary: summaryOf(1) }], scanned: 5 })
    expect(await ask({ limit: 1 })).toEqual({
      summaries: [{ summary: summaryOf(4) }],
      next: { id: traceId(4), timeSeconds: T0 + 4 },
      scanned: 2,
    })
    expect(await ask({ scanLimit: 0 })).toEqual({ summaries: [], scanned: 0 })
  })

  test('for events, each says which one matched', async () => {
    const { queries } = queriesOver([1, 2])
    const { summaries } = await queries.summaries(tenant, { ...always, kind: 'event', limit: 2 })
    expect(summaries).toEqual([
      { summary: summaryOf(2), matchedEventSeconds: T0 + 3 },
      { summary: summaryOf(1), matchedEventSeconds: T0 + 2 },
    ])
  })

  test('a trace that disappears between two steps is left out, and was looked at', async () => {
    const { queries } = queriesOver([1, 2, 3], [2])
    expect(await queries.summaries(tenant, { ...always, limit: 3 })).toEqual({
      summaries: [{ summary: summaryOf(3) }, { summary: summaryOf(1) }],
      scanned: 3,
    })
  })

  test('the last page has no next, and its traces were looked at', async () => {
    const { queries } = queriesOver([1, 2])
    const page = await queries.summaries(tenant, { ...always, limit: 2 })
    expect(page).toMatchObject({ scanned: 2 })
    expect(page).not.toHaveProperty('next')
  })

  test('a caller that has gone away is told so', async () => {
    const { queries } = queriesOver([1])
    await expect(queries.summaries(tenant, { ...always, limit: 1 }, AbortSignal.abort())).rejects.toThrow('aborted')
  })
})

test('count sees everything that was acknowledged before the question', async () => {
  const { queries, asked } = queriesOver([1, 2, 3])
  expect(await queries.count(tenant, { ...always, toSeconds: T0 + 3 })).toBe(2)
  expect(asked).toEqual({ freshen: 1, freshenRows: 1, whole: 0, outlined: 0 })
})
