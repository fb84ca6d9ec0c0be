import {
  GetTraceSummariesCommand,
  InvalidRequestException,
  PutTraceSegmentsCommand,
  type GetTraceSummariesCommandInput,
  type GetTraceSummariesCommandOutput,
} from '@aws-sdk/client-xray'
import { beforeAll, describe, expect, test } from 'vitest'
import { newTraceId, segment, type SegmentFields } from '../fixtures/segments.ts'
import { sharedServer } from '../fixtures/shared-server.ts'

/** Everything has happened by now; whole seconds, which every notation of a time holds exactly. */
const NOW = Math.floor(Date.now() / 1000) - 600
const at = (seconds: number): Date => new Date((NOW + seconds) * 1000)

const { client } = await sharedServer()

type Input = Omit<GetTraceSummariesCommandInput, 'StartTime' | 'EndTime'>

async function put(documents: readonly SegmentFields[]): Promise<void> {
  for (let from = 0; from < documents.length; from += 50) {
    const TraceSegmentDocuments = documents.slice(from, from + 50).map((one) => JSON.stringify(one))
    expect(
      (await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments }))).UnprocessedTraceSegments,
    ).toEqual([])
  }
}

const ask = (from: number, to: number, input: Input = {}): Promise<GetTraceSummariesCommandOutput> =>
  client.send(new GetTraceSummariesCommand({ StartTime: at(from), EndTime: at(to), ...input }))

async function pages(from: number, to: number, input: Input = {}): Promise<readonly GetTraceSummariesCommandOutput[]> {
  const all = [await ask(from, to, input)]
  for (let last = all.at(-1); last?.NextToken !== undefined; last = all.at(-1)) {
    all.push(await ask(from, to, { ...input, NextToken: last.NextToken }))
  }
  return all
}

const idsOf = (all: readonly GetTraceSummariesCommandOutput[]): readonly (string | undefined)[] =>
  all.flatMap(({ TraceSummaries = [] }) => TraceSummaries.map(({ Id }) => Id))

describe('TimeRangeType', () => {
  // Two segments with a pause between them, and one that is still in progress.
  const id = newTraceId(NOW)
  beforeAll(async () => {
    await put([
      segment({ trace_id: id, start_time: NOW, end_time: NOW + 10 }),
      segment({ trace_id: id, start_time: NOW + 20, end_time: NOW + 30 }),
      segment({ trace_id: id, start_time: NOW + 40, end_time: undefined, in_progress: true }),
    ])
  })

  test.each<['TraceId' | 'Event' | 'Service', number, number, boolean, number?]>([
    ['TraceId', 0, 1, true],
    ['TraceId', 1, 100, false],
    ['Event', -5, 0, false],
    ['Event', 3, 7, true],
    ['Event', -5, 1, true, 0],
    ['Event', 9, 25, true, 20],
    ['Event', 11, 20, false],
    ['Event', 35, 45, true, 40],
    ['Event', 41, 50, false],
    ['Service', 0, 10, false],
    ['Service', 10, 11, true],
    ['Service', 25, 31, true],
    ['Service', 35, 60, false],
  ])('%s from %i to %i: %s', async (TimeRangeType, from, to, found, matched) => {
    const { TraceSummaries = [] } = await ask(from, to, { TimeRangeType })
    expect(TraceSummaries.map(({ Id }) => Id)).toEqual(found ? [id] : [])
    expect(TraceSummaries[0]?.MatchedEventTime).toEqual(matched === undefined ? undefined : at(matched))
  })
})

describe('sampling and pages', () => {
  // Long before the trace above, so that windows do not meet.
  const FROM = -3_000
  const ids = Array.from({ length: 230 }, (_, age) => newTraceId(NOW + FROM - age))
  const window = [FROM - 1_000, FROM + 1] as const
  beforeAll(async () => {
    await put(
      ids.map((trace_id, age) => segment({ trace_id, start_time: NOW + FROM - age, end_time: NOW + FROM - age + 1 })),
    )
  })

  test('pages of a hundred, the newest first, say where they have come to and how many they looked at', async () => {
    for (const TimeRangeType of ['TraceId', 'Event', 'Service'] as const) {
      const all = await pages(window[0], window[1] + 1, { TimeRangeType })
      expect(idsOf(all)).toEqual(ids)
      expect(all.map(({ TracesProcessedCount }) => TracesProcessedCount)).toEqual([100, 100, 30])
      expect(all[0]?.ApproximateTime).toEqual(at(FROM - 99))
      expect(all.at(-1)?.ApproximateTime).toEqual(at(window[0]))
    }
  })

  test('FixedRate keeps the same share at every call', async () => {
    const input = { Sampling: true, SamplingStrategy: { Name: 'FixedRate', Value: 0.5 } } as const
    const kept = idsOf(await pages(...window, input))
    expect(kept.length).toBeGreaterThan(70)
    expect(kept.length).toBeLessThan(160)
    expect(ids.filter((id) => kept.includes(id))).toEqual(kept)
    expect(idsOf(await pages(...window, input))).toEqual(kept)
  })

  test.each([
    [1, 230],
    [0.5, 115],
    [0.01, 3],
    [0, 0],
  ])('PartialScan of %f looks at the newest traces alone', async (Value, count) => {
    const all = await pages(...window, { Sampling: true, SamplingStrategy: { Name: 'PartialScan', Value } })
    expect(idsOf(all)).toEqual(ids.slice(0, count))
    expect(all.reduce((sum, { TracesProcessedCount = 0 }) => sum + TracesProcessedCount, 0)).toBe(count)
  })

  test('a token is good for its own request alone, and again', async () => {
    const first = await ask(...window)
    const { NextToken } = first
    expect(NextToken).toBeTypeOf('string')
    const changed: readonly (readonly [number, number, Input])[] = [
      [window[0], window[1] + 1, {}],
      [window[0] + 1, window[1], {}],
      [...window, { TimeRangeType: 'Event' }],
      [...window, { Sampling: true }],
      [...window, { Sampling: true, SamplingStrategy: { Name: 'PartialScan', Value: 0.5 } }],
    ]
    for (const [from, to, input] of changed) {
      await expect(ask(from, to, { ...input, NextToken })).rejects.toThrow(InvalidRequestException)
    }
    await expect(ask(...window, { NextToken: `${NextToken}x` })).rejects.toThrow(InvalidRequestException)
    const second = await ask(...window, { NextToken })
    expect(idsOf([second])).toEqual(ids.slice(100, 200))
    expect(idsOf([await ask(...window, { NextToken })])).toEqual(idsOf([second]))
  })
})
