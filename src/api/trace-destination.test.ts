import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { callOperation, type Caller } from '../../test/fixtures/call-operation.ts'
import type { Api } from './dispatch.ts'

const T0 = 1_700_000_000
let now = T0
let api: Api
beforeEach(() => {
  now = T0
  api = apiInMemory(T0 * 1000, { clock: () => now * 1000 })
})
const call = callOperation(() => api)

const get = (caller?: Caller) => call('GetTraceSegmentDestination', {}, caller)
const update = (Destination?: string) => call('UpdateTraceSegmentDestination', { Destination })
const invalid = (message: unknown) => ({ error: 'InvalidRequestException', message })
const index = (DesiredSamplingPercentage: number, Name = 'Default') =>
  call('UpdateIndexingRule', { Name, Rule: { Probabilistic: { DesiredSamplingPercentage } } })
const rule = (percentage: number, ModifiedAt: number) => ({
  Name: 'Default',
  ModifiedAt,
  Rule: { Probabilistic: { DesiredSamplingPercentage: percentage, ActualSamplingPercentage: percentage } },
})

describe('the destination', () => {
  test('is XRay, then pending for a second, then what it was set to', async () => {
    expect(await get()).toEqual({ Destination: 'XRay', Status: 'ACTIVE' })
    expect(await update('CloudWatchLogs')).toEqual({ Destination: 'CloudWatchLogs', Status: 'PENDING' })
    now += 0.999
    expect(await get()).toEqual({ Destination: 'CloudWatchLogs', Status: 'PENDING' })
    now += 0.001
    expect(await get()).toEqual({ Destination: 'CloudWatchLogs', Status: 'ACTIVE' })
    expect(await get({ region: 'eu-west-1' })).toEqual({ Destination: 'XRay', Status: 'ACTIVE' })
    expect(await get({ account: '111122223333' })).toEqual({ Destination: 'XRay', Status: 'ACTIVE' })
    expect(await update('XRay')).toEqual({ Destination: 'XRay', Status: 'PENDING' })
  })

  test('is not changed to what it is, nor while it is changing, nor to anything else', async () => {
    expect(await update('XRay')).toEqual(invalid('The destination is already set to XRay'))
    await update('CloudWatchLogs')
    const pending = 'Updates are not allowed while the current status is PENDING'
    expect(await update('XRay')).toEqual(invalid(pending))
    expect(await update('CloudWatchLogs')).toEqual(invalid(pending))
    now += 1
    expect(await update('CloudWatchLogs')).toEqual(invalid('The destination is already set to CloudWatchLogs'))
    expect(await update()).toEqual(invalid('Destination is required'))
    expect(await update('S3')).toEqual(invalid(expect.stringContaining('enum value set')))
  })
})

describe('the indexing rule', () => {
  test('is one, with 1 % at first, and can be changed', async () => {
    expect(await call('GetIndexingRules')).toEqual({ IndexingRules: [rule(1, 0)] })
    for (const percentage of [0, 100, 12.5]) {
      now += 1
      expect(await index(percentage)).toEqual({ IndexingRule: rule(percentage, now) })
      expect(await call('GetIndexingRules')).toEqual({ IndexingRules: [rule(percentage, now)] })
    }
    expect(await call('GetIndexingRules', {}, { region: 'eu-west-1' })).toEqual({ IndexingRules: [rule(1, 0)] })
  })

  test.each<[object, string, unknown]>([
    [{}, 'InvalidRequestException', 'Name is required'],
    [{ Name: 'Default' }, 'InvalidRequestException', 'Rule is required'],
    [{ Name: 'Default', Rule: {} }, 'InvalidRequestException', expect.stringContaining('exactly one member')],
    [
      { Name: 'Default', Rule: { Probabilistic: {} } },
      'InvalidRequestException',
      'Rule.Probabilistic.DesiredSamplingPercentage is required',
    ],
    [
      { Name: 'Other', Rule: { Probabilistic: { DesiredSamplingPercentage: 1 } } },
      'ResourceNotFoundException',
      'Indexing rule Other does not exist.',
    ],
    ...[-0.001, 100.001].map((DesiredSamplingPercentage): [object, string, unknown] => [
      { Name: 'Default', Rule: { Probabilistic: { DesiredSamplingPercentage } } },
      'InvalidRequestException',
      'DesiredSamplingPercentage must be between 0 and 100',
    ]),
  ])('refuses %j', async (input, error, message) => {
    expect(await call('UpdateIndexingRule', input)).toEqual({ error, message })
    expect(await call('GetIndexingRules')).toEqual({ IndexingRules: [rule(1, 0)] })
  })

  test('has one page', async () => {
    expect(await call('GetIndexingRules', { NextToken: 'x' })).toEqual(invalid('Invalid NextToken'))
  })
})

describe('which traces are found', () => {
  const COUNT = 60
  const idOf = (index: number, seconds: number) =>
    `1-${seconds.toString(16).padStart(8, '0')}-${index.toString(16).padStart(24, '0')}`
  /** Sends traces that begin at this second; answers their ids. */
  const send = async (seconds: number) => {
    const ids = Array.from({ length: COUNT }, (_, at) => idOf(at, seconds))
    const segment = (trace_id: string) =>
      JSON.stringify({ trace_id, id: 'aaaaaaaaaaaaaaaa', name: 's', start_time: seconds, end_time: seconds + 0.5 })
    for (let from = 0; from < COUNT; from += 50) {
      await call('PutTraceSegments', { TraceSegmentDocuments: ids.slice(from, from + 50).map(segment) })
    }
    return ids
  }
  const summaries = async (seconds: number) => {
    const found = await call('GetTraceSummaries', { StartTime: seconds, EndTime: seconds + 1 })
    return (found['TraceSummaries'] as readonly { Id: string }[]).map(({ Id }) => Id).toSorted()
  }
  const byId = async (ids: readonly string[]) => {
    const found: string[] = []
    for (let from = 0; from < ids.length; from += 5) {
      const TraceIds = ids.slice(from, from + 5)
      const { Traces, UnprocessedTraceIds } = await call('BatchGetTraces', { TraceIds })
      const answered = (Traces as readonly { Id: string }[]).map(({ Id }) => Id)
      expect([...answered, ...(UnprocessedTraceIds as string[])].toSorted()).toEqual(TraceIds.toSorted())
      found.push(...answered)
    }
    return found.toSorted()
  }

  test('follows the destination and the percentage at the time when each began', async () => {
    const [all, most, half, none, again] = [T0 - 5, T0 + 10, T0 + 20, T0 + 30, T0 + 40]
    const ids = new Map<number, readonly string[]>()
    ids.set(all, await send(all))
    await index(100)
    await update('CloudWatchLogs')
    now = T0 + 15
    await index(50)
    now = T0 + 25
    await index(0)
    now = T0 + 35
    await update('XRay')
    for (const seconds of [most, half, none, again]) ids.set(seconds, await send(seconds))
    const isInHalf = (id: string) => Number(createHash('sha256').update(id).digest().readBigUInt64BE(0)) / 2 ** 64 < 0.5
    const expected = new Map([
      [all, ids.get(all)],
      [most, ids.get(most)],
      [half, ids.get(half)?.filter(isInHalf)],
      [none, []],
      [again, ids.get(again)],
    ])
    expect(expected.get(half)?.length).toBeGreaterThan(15)
    expect(expected.get(half)?.length).toBeLessThan(45)
    for (const [seconds, found] of expected) {
      expect(await summaries(seconds)).toEqual(found?.toSorted())
      expect(await byId(ids.get(seconds) ?? [])).toEqual(found?.toSorted())
    }
  })
})
