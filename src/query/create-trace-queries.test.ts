import { describe, expect, test } from 'vitest'
import { segment, subsegment, T0, traceId } from '../../test/fixtures/model-documents.ts'
import type { SegmentDocument } from '../model/entity.ts'
import type { TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'
import type { StoredTrace, TracePosition, TraceStore } from '../store/store.ts'
import { createTraceQueries } from './create-trace-queries.ts'
import type { TraceQueries } from './traces.ts'

const tenant: Tenant = { account: '000000000000', region: 'us-east-1' }

/**
 * Queries over traces that hold one segment each, the newer the greater the number. What `freshen` makes visible is
 * not visible before; a number in `vanished` is found, but can no longer be read.
 */
function queriesOver(numbers: readonly number[], vanished: readonly number[] = []) {
  const documents = new Map<string, SegmentDocument>()
  const acknowledged = new Map<TraceId, StoredTrace>()
  for (const number of numbers) {
    const document = segment('a', { name: `web ${number}`, start: number })
    const raw = String(number)
    documents.set(raw, document)
    const stored = { kind: document.kind, id: document.entity.id, complete: true, received: number, raw }
    acknowledged.set(traceId(number), { id: traceId(number), revision: 1, documents: [stored, { ...stored }] })
  }
  let visible: ReadonlyMap<TraceId, StoredTrace> = new Map()
  let freshened = 0
  const store: Pick<TraceStore, 'read' | 'findTraces'> = {
    read: async (_, ids) =>
      new Map(
        ids.flatMap((id) => {
          const stored = visible.get(id)
          return stored === undefined || vanished.some((number) => traceId(number) === id) ? [] : [[id, stored]]
        }),
      ),
    findTraces: async (_, { fromSeconds, toSeconds, after, limit }) =>
      numbers
        .map((number): TracePosition => ({ timeSeconds: T0 + number, id: traceId(number) }))
        .filter(({ id, timeSeconds }) => visible.has(id) && fromSeconds <= timeSeconds && timeSeconds < toSeconds)
        .toSorted((a, b) => b.timeSeconds - a.timeSeconds)
        .filter(({ timeSeconds }) => after === undefined || timeSeconds < after.timeSeconds)
        .slice(0, limit),
  }
  const queries = createTraceQueries({
    store: {
      ...store,
      open: async () => {},
      insert: async () => {},
      lastReceived: async () => 0,
      check: async () => ({ ok: true }),
      [Symbol.asyncDispose]: async () => {},
    },
    readDocument: (raw) => documents.get(raw) ?? subsegment('b', 'a'),
    freshen: async () => {
      freshened += 1
      visible = acknowledged
    },
    now: () => T0 + 100,
  })
  return { queries, freshened: () => freshened }
}

const always = { fromSeconds: T0, toSeconds: T0 + 1_000 }

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
    const { queries, freshened } = queriesOver([1, 2, 3])
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
    expect(freshened()).toBe(1)
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

  test('a trace that is gone by the time it is read is left out, and the pages go on', async () => {
    const { queries } = queriesOver([1, 2, 3, 4, 5], [3, 4, 1])
    expect(await pages(queries, 2)).toEqual([[traceId(5)], [traceId(2)], []])
  })

  test('one page tells where the next begins, and how many traces were looked at', async () => {
    const { queries, freshened } = queriesOver([1, 2, 3], [3])
    const page = await queries.summaries(tenant, { ...always, limit: 2 })
    expect(page).toMatchObject({
      summaries: [{ id: traceId(2), startTime: T0 + 2, duration: 1, entryPoint: { name: 'web 2' } }],
      next: { id: traceId(2), timeSeconds: T0 + 2 },
      scanned: 2,
    })
    expect(freshened()).toBe(1)
  })

  test('the window is half-open', async () => {
    const { queries } = queriesOver([1, 2, 3])
    const { summaries } = await queries.summaries(tenant, { fromSeconds: T0 + 1, toSeconds: T0 + 3, limit: 9 })
    expect(summaries.map(({ id }) => id)).toEqual([traceId(2), traceId(1)])
  })
})
