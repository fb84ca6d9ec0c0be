import { beforeAll, describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { readTraceId } from '../model/ids.ts'
import { sampling } from './sampling.ts'

const NOW = 1_700_000_000
const TRACES = 250
const api = apiInMemory(NOW * 1000)
/** The trace with this number, which began so many seconds ago, but for one. */
const idOf = (number: number) => `1-${(NOW + 1 - number).toString(16)}-${number.toString(16).padStart(24, '0')}`

const ask = async (path: string, body: unknown, headers = {}) => {
  const { signal } = new AbortController()
  const answer = await api.answer({ method: 'POST', path, headers, body: Buffer.from(JSON.stringify(body)), signal })
  return JSON.parse(answer.body)
}
const window = { StartTime: NOW - 1000, EndTime: NOW + 1 }
const summaries = (rest: object = {}) => ask('/TraceSummaries', { ...window, ...rest })
const idsOf = (page: { TraceSummaries: { Id: string }[] }) => page.TraceSummaries.map(({ Id }) => Id)

/** All pages of a list. */
async function pages(input: object) {
  const all = [await summaries(input)]
  while (all.at(-1).NextToken !== undefined) all.push(await summaries({ ...input, NextToken: all.at(-1).NextToken }))
  return all
}

beforeAll(async () => {
  // One trace a second, the newest first.
  const texts = Array.from({ length: TRACES }, (_, age) =>
    JSON.stringify({
      name: 'web',
      id: '00000000000000a1',
      trace_id: idOf(age + 1),
      start_time: NOW - age,
      end_time: NOW - age + 0.5,
    }),
  )
  for (let from = 0; from < TRACES; from += 50) {
    const TraceSegmentDocuments = texts.slice(from, from + 50)
    await ask('/TraceSegments', { TraceSegmentDocuments })
  }
})

test('pages of a hundred, newest first, none twice, no token at the end', async () => {
  const all = await pages({})
  expect(all.map((page) => page.TraceSummaries.length)).toEqual([100, 100, 50])
  expect(all.flatMap(idsOf)).toEqual(Array.from({ length: TRACES }, (_, age) => idOf(age + 1)))
  expect(all.map((page) => page.TracesProcessedCount)).toEqual([100, 100, 50])
  expect(all.map((page) => page.ApproximateTime)).toEqual([NOW - 99, NOW - 199, window.StartTime])
  expect(all.at(-1)).not.toHaveProperty('NextToken')
})

test('a summary has every member', async () => {
  const page = await summaries({ StartTime: NOW, EndTime: NOW + 1 })
  expect(page.TraceSummaries).toMatchObject([
    {
      Id: idOf(1),
      StartTime: NOW,
      Duration: 0.5,
      ResponseTime: 0.5,
      HasFault: false,
      IsPartial: false,
      Http: {},
      Annotations: {},
      Users: [],
      FaultRootCauses: [],
      EntryPoint: { Name: 'web', Names: ['web'] },
      Revision: 1,
    },
  ])
  expect(JSON.stringify(page)).not.toContain('null')
})

test.each<[string, object]>([
  ['times as text', { StartTime: new Date((NOW - 1000) * 1000).toISOString() }],
  ['the default range, said', { TimeRangeType: 'TraceId' }],
  ['a sample without a strategy is the full result', { Sampling: true }],
  [
    'a strategy without a sample is not looked at',
    { Sampling: false, SamplingStrategy: { Name: 'PartialScan', Value: 7 } },
  ],
  ['a fixed rate of one', { Sampling: true, SamplingStrategy: { Name: 'FixedRate', Value: 1 } }],
  ['a blank filter', { FilterExpression: ' ' }],
  ['nulls', { NextToken: null, FilterExpression: null, Sampling: null }],
])('all traces for %s', async (_, input) => {
  expect((await summaries(input)).TraceSummaries).toHaveLength(100)
})

test('the window is half-open', async () => {
  expect(idsOf(await summaries({ StartTime: NOW - 2, EndTime: NOW }))).toEqual([idOf(2), idOf(3)])
})

test('times beyond all calendars find what there is', async () => {
  expect((await summaries({ StartTime: -1e300, EndTime: 1e300 })).TraceSummaries).toHaveLength(100)
})

describe('the kinds of windows', () => {
  // Each trace runs from a whole second for half a second.
  test.each<[string, object, number[]]>([
    ['the time of the trace', { StartTime: NOW - 2, EndTime: NOW }, [2, 3]],
    ['a segment was active', { TimeRangeType: 'Event', StartTime: NOW - 1.75, EndTime: NOW }, [2, 3]],
    ['a segment ended', { TimeRangeType: 'Service', StartTime: NOW - 1.75, EndTime: NOW }, [2, 3]],
    ['it was active before it ended', { TimeRangeType: 'Event', StartTime: NOW, EndTime: NOW + 0.25 }, [1]],
    ['it had not ended yet', { TimeRangeType: 'Service', StartTime: NOW, EndTime: NOW + 0.25 }, []],
  ])('%s', async (_, input, ages) => {
    const page = await summaries(input)
    expect(idsOf(page)).toEqual(ages.map(idOf))
  })

  test('MatchedEventTime is the latest event inside the window, and there is none for other kinds', async () => {
    const matched = async (input: object) =>
      (await summaries(input)).TraceSummaries.map((one: { MatchedEventTime?: number }) => one.MatchedEventTime)
    const whole = { StartTime: NOW - 1, EndTime: NOW + 1 }
    expect(await matched({ ...whole, TimeRangeType: 'Event' })).toEqual([NOW + 0.5, NOW - 0.5])
    expect(await matched({ TimeRangeType: 'Event', StartTime: NOW, EndTime: NOW + 0.25 })).toEqual([NOW])
    expect(await matched({ TimeRangeType: 'Event', StartTime: NOW + 0.1, EndTime: NOW + 0.2 })).toEqual([undefined])
    expect(await matched({ ...whole, TimeRangeType: 'Service' })).toEqual([undefined, undefined])
    expect(await matched(whole)).toEqual([undefined, undefined])
  })
})

describe('sampling', () => {
  const half = { Sampling: true, SamplingStrategy: { Name: 'FixedRate', Value: 0.5 } }

  test('a fixed rate keeps the same share at every call, over pages that are full', async () => {
    const first = await pages(half)
    const kept = first.flatMap(idsOf)
    expect(first[0].TraceSummaries).toHaveLength(100)
    expect(first[0].TracesProcessedCount).toBeGreaterThan(100)
    expect(first.map((page) => page.TracesProcessedCount).reduce((a, b) => a + b)).toBe(TRACES)
    expect(kept.length).toBeGreaterThan(TRACES * 0.35)
    expect(kept.length).toBeLessThan(TRACES * 0.65)
    expect(new Set(kept).size).toBe(kept.length)
    expect((await pages(half)).flatMap(idsOf)).toEqual(kept)
  })

  test('a rate of nothing keeps nothing', async () => {
    const page = await summaries({ Sampling: true, SamplingStrategy: { Name: 'FixedRate', Value: 0 } })
    expect(page).toEqual({ TraceSummaries: [], ApproximateTime: window.StartTime, TracesProcessedCount: TRACES })
  })

  test('the share of a trace is the first 8 bytes of the SHA-256 of its id', () => {
    const share = 0.0935556621 // of SHA-256 17f3438c…
    const id = readTraceId('1-58406520-a006649127e371903a2de979')
    const keeps = (Value: number) => {
      const sample = sampling(true, { Name: 'FixedRate', Value })
      return id !== undefined && sample.kind === 'fixed-rate' && (sample.keeps?.(id) ?? true)
    }
    expect([keeps(0), keeps(share - 1e-9), keeps(share + 1e-9), keeps(1)]).toEqual([false, false, true, true])
  })

  const scan = (Value: number) => ({ Sampling: true, SamplingStrategy: { Name: 'PartialScan', Value } })
  test.each([
    { share: 1, sizes: [100, 100, 50] },
    { share: 0.8, sizes: [100, 100] },
    { share: 0.5, sizes: [100, 25] },
    { share: 0.4, sizes: [100] },
    { share: 0.001, sizes: [1] },
    { share: 0, sizes: [0] },
  ])('a partial scan of $share looks at that share of the traces, the newest', async ({ share, sizes }) => {
    const all = await pages(scan(share))
    expect(all.map((page) => page.TraceSummaries.length)).toEqual(sizes)
    expect(all.map((page) => page.TracesProcessedCount)).toEqual(sizes)
    const total = sizes.reduce((a, b) => a + b)
    expect(all.flatMap(idsOf)).toEqual(Array.from({ length: total }, (_, age) => idOf(age + 1)))
    expect(all.at(-1).ApproximateTime).toBe(window.StartTime)
  })
})

describe('refuses', () => {
  test.each<[string, object, string]>([
    ['an empty window', { EndTime: window.StartTime }, 'StartTime must be before EndTime'],
    ['a window turned round', { StartTime: 2, EndTime: 1 }, 'StartTime must be before EndTime'],
    [
      'a filter that is none',
      { FilterExpression: 'duration < ' },
      "Error Location: line 1, position 12 : Invalid input symbol: 'duration < '",
    ],
    ['a group that does not exist', { FilterExpression: 'group.name = "nobody"' }, 'Group not found'],
    [
      'a scan of more than everything',
      { Sampling: true, SamplingStrategy: { Name: 'PartialScan', Value: 1.1 } },
      'SamplingStrategy.Value must be between 0 and 1',
    ],
    [
      'a rate above one',
      { Sampling: true, SamplingStrategy: { Name: 'FixedRate', Value: 1.1 } },
      'SamplingStrategy.Value must be between 0 and 1',
    ],
    [
      'a rate below nothing',
      { Sampling: true, SamplingStrategy: { Name: 'FixedRate', Value: -1 } },
      'SamplingStrategy.Value must be between 0 and 1',
    ],
    ['a token of its own making', { NextToken: 'abc' }, 'Invalid NextToken'],
    ['an empty token', { NextToken: '' }, 'Invalid NextToken'],
  ])('%s', async (_, input, message) => {
    expect(await summaries(input)).toEqual({ __type: 'InvalidRequestException', Message: message, message })
  })

  test('a token with other parameters, or of another account', async () => {
    const { NextToken } = await summaries()
    const refused = { __type: 'InvalidRequestException', message: 'Invalid NextToken' }
    expect(await summaries({ NextToken, EndTime: NOW })).toMatchObject(refused)
    const authorization = 'AWS4-HMAC-SHA256 Credential=111122223333/20260101/us-east-1/xray/aws4_request'
    expect(await ask('/TraceSummaries', { ...window, NextToken }, { authorization })).toMatchObject(refused)
    expect((await summaries({ NextToken })).TraceSummaries).toHaveLength(100)
  })
})
