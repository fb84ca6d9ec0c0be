import { describe, expect, test } from 'vitest'
import { segment, subsegment, T0, traceId } from '../../test/fixtures/model-documents.ts'
import type { SegmentDocument } from '../model/entity.ts'
import type { TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'
import type { FindSummaries, StoredTrace, SummaryHit, TracePosition, TraceStore } from '../store/store.ts'
import { createTraceQueries } from './create-trace-queries.ts'
import type { TraceQueries } from './traces.ts'

const tenant: Tenant = { account: '000000000000', region: 'us-east-1' }

/**
 * Queries over traces that hold one segment each, the newer the greater the number. What `freshen` and `freshenRows`
 * make visible is not visible before.
 */
function queriesOver(numbers: readonly number[]) {
  const documents = new Map<string, SegmentDocument>()
  const acknowledged = new Map<TraceId, StoredTrace>()
  for (const number of numbers) {
    const document = segment('a', { name: `web ${number}`, start: number })
    const raw = String(number)
    documents.set(raw, document)
    const stored = { kind: document.kind, id: document.entity.id, complete: true, received: number, raw }
    acknowledged.set(traceId(number), { id: traceId(number), calls: [number], documents: [stored, { ...stored }] })
  }
  let visible: ReadonlyMap<TraceId, StoredTrace> = new Map()
  let rows: readonly SummaryHit[] = []
  const asked = { freshen: 0, freshenRows: 0 }
  const inWindow = ({ fromSeconds, toSeconds }: Pick<FindSummaries, 'fromSeconds' | 'toSeconds'>) =>
    rows.filter(({ timeSeconds }) => fromSeconds <= timeSeconds && timeSeconds < toSeconds)
  const store: Pick<TraceStore, 'read' | 'findSummaries' | 'countTraces'> = {
    read: async (_, ids) =>
      new Map(
        ids.flatMap((id) => {
          const stored = visible.get(id)
          return stored === undefined ? [] : [[id, stored]]
        }),
      ),
    findSummaries: async (_, { after, limit, ...window }) =>
      inWindow(window)
        .filter(({ timeSeconds }) => after === undefined || timeSeconds < after.timeSeconds)
        .slice(0, limit),
    countTraces: async (_, window) => inWindow(window).length,
  }
  const queries = createTraceQueries({
    store: {
      ...store,
      open: async () => {},
      insert: async () => {},
      track: async () => new Map(),
      tracesSince: async () => [],
      writeRows: async () => {},
      lastStamp: async () => 0,
      check: async () => ({ ok: true }),
      [Symbol.asyncDispose]: async () => {},
    },
    readDocument: (raw) => documents.get(raw) ?? subsegment('b', 'a'),
    freshen: async () => {
      asked.freshen += 1
      visible = acknowledged
    },
    freshenRows: async () => {
      asked.freshenRows += 1
      rows = numbers
        .map((number) => ({ timeSeconds: T0 + number, id: traceId(number), summary: `web ${number}` }))
        .toSorted((a, b) => b.timeSeconds - a.timeSeconds)
    },
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
    answers.push(summaries.map(({ id }) => id))
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
        storedBytes: 1,
        roots: [{ kind: 'segment', entity: segment('a', { name: 'web 3', start: 3 }).entity }],
      },
      {
        id: traceId(1),
        revision: 1,
        storedBytes: 1,
        roots: [{ kind: 'segment', entity: segment('a', { name: 'web 1', start: 1 }).entity }],
      },
    ])
    expect(asked).toEqual({ freshen: 1, freshenRows: 0 })
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
      summaries: [
        { id: traceId(3), timeSeconds: T0 + 3, summary: 'web 3' },
        { id: traceId(2), timeSeconds: T0 + 2, summary: 'web 2' },
      ],
      next: { id: traceId(2), timeSeconds: T0 + 2 },
      scanned: 2,
    })
    expect(asked).toEqual({ freshen: 0, freshenRows: 1 })
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
  expect(asked).toEqual({ freshen: 0, freshenRows: 1 })
})
