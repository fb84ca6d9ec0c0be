import { describe, expect, test } from 'vitest'
import { anEntity, segment, T0, TRACE_ID } from '../../../test/fixtures/model-documents.ts'
import { assemble } from '../assemble.ts'
import { indexTrace } from '../trace-index.ts'
import { emptyCallCounts, totalCount } from './call-counts.ts'
import { expectedFaultRate, faultBounds, withForecast } from './forecast.ts'
import { timeSeries, type SeriesEntry, type SeriesSelector } from './time-series.ts'

/** The first full minute after T0, and the second from T0 at which it begins. */
const MINUTE = Math.ceil(T0 / 300) * 300
const at = MINUTE - T0

/** `web` calls `api.local`, which is `api`, which calls a table; ends in the minutes 0, 0, 1 and 6. */
const documents = [
  segment('a', {
    name: 'web',
    start: at - 5,
    end: at + 360,
    subsegments: [
      anEntity('1', { name: 'api.local', namespace: 'remote', start: at, end: at + 30 }),
      anEntity('2', { name: 'api.local', namespace: 'remote', start: at + 31, end: at + 60, fault: true }),
    ],
  }),
  segment('b', { name: 'api', parent: '1', start: at, end: at + 20 }),
  segment('c', { name: 'api', parent: '2', start: at + 31, end: at + 50, fault: true }),
]
const index = indexTrace(
  assemble(
    TRACE_ID,
    1,
    documents.map((document, received) => ({ document, received })),
  ),
)
const named =
  (name: string) =>
  ({ names }: { readonly names: readonly string[] }) =>
    names.includes(name)

describe('a time series', () => {
  const always = { startSeconds: 0, endSeconds: Infinity }
  test.each<{ reason: string; selector: SeriesSelector; period: number; buckets: string[] }>([
    { reason: 'requests of clients', selector: { kind: 'requests' }, period: 60, buckets: ['360: edge 1 0'] },
    {
      reason: 'what a service answered, found by the name that callers use',
      selector: { kind: 'service', matches: named('api.local') },
      period: 60,
      buckets: ['0: service 2 1'],
    },
    {
      reason: 'calls as their callers saw them, in the minute of their end',
      selector: { kind: 'edge', from: named('web'), to: named('api') },
      period: 60,
      buckets: ['0: edge 1 0', '60: edge 1 1'],
    },
    {
      reason: 'five minutes are one bucket; a client and a service share their name',
      selector: { kind: 'edge', from: named('web'), to: () => true },
      period: 300,
      buckets: ['0: edge 2 1', '300: edge 1 0'],
    },
    { reason: 'nobody', selector: { kind: 'service', matches: () => false }, period: 60, buckets: [] },
  ])('$reason', ({ selector, period, buckets }) => {
    const entries = timeSeries([index], always, period, selector).map(
      ({ startSeconds, kind, counts }) => `${startSeconds - MINUTE}: ${kind} ${totalCount(counts)} ${counts.fault}`,
    )
    expect(entries).toEqual(buckets)
  })

  test('counts only what ends in the window, under the start of its bucket', () => {
    const window = { startSeconds: MINUTE + 25, endSeconds: MINUTE + 60 }
    const series = timeSeries([index], window, 60, { kind: 'edge', from: () => true, to: () => true })
    expect(series.map(({ startSeconds, counts }) => [startSeconds, totalCount(counts)])).toEqual([[MINUTE, 1]])
  })
})

const bucket = (startSeconds: number, ok: number, fault: number): SeriesEntry => ({
  startSeconds,
  kind: 'service',
  counts: { ...emptyCallCounts(), ok, fault },
})

describe('the expected fault rate', () => {
  const now = MINUTE
  test.each<{ reason: string; past: SeriesEntry[]; rate: number }>([
    { reason: 'one in a hundred when nothing is known', past: [], rate: 0.01 },
    { reason: 'moves by a twentieth towards each rate', past: [bucket(now - 300, 50, 50)], rate: 0.01 + 0.05 * 0.49 },
    { reason: 'the newest weighs most', past: [bucket(now - 600, 0, 9), bucket(now - 300, 9, 0)], rate: 0.0595 * 0.95 },
    { reason: 'a bucket that has not ended does not count', past: [bucket(now - 299, 0, 9)], rate: 0.01 },
    { reason: 'nor one of more than a day ago', past: [bucket(now - 86_401, 0, 9)], rate: 0.01 },
    { reason: 'nor one without requests', past: [bucket(now - 300, 0, 0)], rate: 0.01 },
  ])('$reason', ({ past, rate }) => {
    expect(expectedFaultRate(past, now)).toBeCloseTo(rate, 12)
  })
})

describe('the bounds of faults', () => {
  test.each([
    { requests: 0, rate: 0.01, high: 1, low: 0 },
    { requests: 100, rate: 0.01, high: 5, low: 0 },
    { requests: 1_000, rate: 0.5, high: 549, low: 452 },
    { requests: 10, rate: 0, high: 1, low: 0 },
    { requests: 10, rate: 1, high: 11, low: 10 },
  ])('of $requests requests at $rate: $low to $high', ({ requests, rate, high, low }) => {
    expect(faultBounds(requests, rate)).toEqual({ high, low })
  })

  test('of each bucket follow from what came before it', () => {
    const past = [bucket(MINUTE - 300, 0, 100), bucket(MINUTE, 100, 0)]
    const series = [bucket(MINUTE - 300, 100, 0), bucket(MINUTE, 100, 0), bucket(MINUTE + 300, 100, 0)]
    const forecasts = withForecast(series, past).map(({ forecast }) => forecast.high)
    expect(forecasts).toEqual([
      faultBounds(100, 0.01).high,
      faultBounds(100, 0.0595).high,
      faultBounds(100, 0.0595 * 0.95).high,
    ])
  })
})
