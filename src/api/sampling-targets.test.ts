import { beforeEach, describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import type { Api } from './dispatch.ts'

const NOW = 1_700_000_000.5

let api: Api
/** Epoch seconds. */
let now: number
beforeEach(() => {
  now = NOW
  api = apiInMemory(NOW * 1000, { clock: () => now * 1000 })
})

async function post(path: string, body: string, headers: Record<string, string> = {}) {
  const { signal } = new AbortController()
  const answer = await api.answer({ method: 'POST', path, headers, body: Buffer.from(body), signal })
  expect(answer.body).not.toContain('null')
  const parsed = JSON.parse(answer.body)
  return answer.status === 200 ? parsed : [answer.status, parsed]
}

const call = (path: string, input: object = {}) => post(path, JSON.stringify(input))
const create = (RuleName: string, more = {}) =>
  call('/CreateSamplingRule', {
    SamplingRule: {
      RuleName,
      ResourceARN: '*',
      ServiceName: '*',
      ServiceType: '*',
      Host: '*',
      HTTPMethod: '*',
      URLPath: '*',
      Priority: 1,
      FixedRate: 0.5,
      ReservoirSize: 10,
      Version: 1,
      ...more,
    },
  })
const client = (letter: string) => letter.repeat(24)
const statistics = (RuleName: string, Timestamp: number, ClientID = client('A')) => ({
  RuleName,
  ClientID,
  Timestamp,
  RequestCount: 10,
  SampledCount: 2,
  BorrowCount: 1,
})
const report = (documents: object[], boosts?: object[]) =>
  call('/SamplingTargets', { SamplingStatisticsDocuments: documents, SamplingBoostStatisticsDocuments: boosts })
const summaries = async () => (await call('/SamplingStatisticSummaries')).SamplingStatisticSummaries
const quotas = async (...documents: object[]) =>
  (await report(documents)).SamplingTargetDocuments.map(
    (target: { RuleName: string; ReservoirQuota: number }) => [target.RuleName, target.ReservoirQuota] as const,
  )

const target = {
  RuleName: 'Default',
  FixedRate: 0.05,
  ReservoirQuota: 1,
  ReservoirQuotaTTL: 1_700_000_300,
  Interval: 10,
}
const unknown = { RuleName: 'mine', ErrorCode: '404', Message: 'Sampling rule mine does not exist.' }
const old = { RuleName: 'Default', ErrorCode: '400', Message: 'The Timestamp is more than 5 minutes away from now' }

describe('targets', () => {
  test.each<[string, object[], object[], object[]]>([
    ['nothing', [], [], []],
    ['the Default rule', [statistics('Default', NOW)], [target], []],
    ['the Default rule, twice', [statistics('Default', NOW), statistics('Default', NOW - 299)], [target], []],
    ['an unknown rule', [statistics('mine', NOW), statistics('Default', NOW)], [target], [unknown]],
    ['times that are past', [statistics('Default', NOW - 301)], [], [old]],
    ['times to come', [statistics('Default', NOW + 301)], [], [old]],
  ])('for %s', async (_, documents, targets, unprocessed) => {
    expect(await report(documents)).toEqual({
      SamplingTargetDocuments: targets,
      LastRuleModification: 0,
      UnprocessedStatistics: unprocessed,
      UnprocessedBoostStatistics: [],
    })
  })

  test('share the reservoir of a rule among the clients that were seen in the last half minute', async () => {
    await create('r')
    const from = (letter: string) => quotas(statistics('r', now, client(letter)))
    expect(await from('B')).toEqual([['r', 10]])
    expect(await from('A')).toEqual([['r', 5]])
    expect(await from('C')).toEqual([['r', 3]])
    expect(await from('A')).toEqual([['r', 4]])
    now += 29
    expect(await from('A')).toEqual([['r', 4]])
    now += 1
    expect(await from('A')).toEqual([['r', 10]])
  })

  test('are given for each client of a call, and for each of its rules', async () => {
    await create('r', { ReservoirSize: 3 })
    expect(await quotas(statistics('r', now), statistics('r', now, client('B')), statistics('Default', now))).toEqual([
      ['r', 2],
      ['r', 1],
      ['Default', 1],
    ])
  })

  test('a rule that was deleted and made anew has no clients, and no past', async () => {
    await create('r')
    await report([statistics('r', now, client('B'))])
    await call('/DeleteSamplingRule', { RuleName: 'r' })
    expect(await summaries()).toEqual([])
    await create('r')
    expect(await summaries()).toEqual([])
    expect(await quotas(statistics('r', now))).toEqual([['r', 10]])
  })

  test.each<[string, string]>([
    ['{}', 'SamplingStatisticsDocuments is required'],
    [
      JSON.stringify({ SamplingStatisticsDocuments: [{ ...statistics('Default', NOW), ClientID: 'short' }] }),
      'ClientID',
    ],
    [
      JSON.stringify({ SamplingStatisticsDocuments: Array.from({ length: 26 }, () => statistics('Default', NOW)) }),
      'Member must have length less than or equal to 25',
    ],
  ])('%s is refused', async (body, message) => {
    expect(await post('/SamplingTargets', body)).toMatchObject([
      400,
      { __type: 'InvalidRequestException', message: expect.stringMatching(new RegExp(message, 'i')) },
    ])
    expect(await summaries()).toEqual([])
  })
})

test('the time of the last modification moves when a rule is made, changed or deleted, and not otherwise', async () => {
  const last = async () => (await report([statistics('Default', now)])).LastRuleModification
  const times = [await last()]
  const then = async (path: string, input: object) => {
    await call(path, input)
    times.push(await last(), await last())
  }
  await create('r')
  times.push(await last(), await last())
  await then('/UpdateSamplingRule', { SamplingRuleUpdate: { RuleName: 'Default', FixedRate: 1 } })
  await then('/CreateGroup', { GroupName: 'g', FilterExpression: 'fault' })
  await then('/DeleteSamplingRule', { RuleName: 'none' })
  await then('/DeleteSamplingRule', { RuleName: 'r' })
  // The clock of the log stands still here: it counts microseconds, and the answer has milliseconds.
  expect(times).toEqual([0, ...Array.from({ length: 10 }, () => NOW)])
})

describe('boosts', () => {
  const boost = { ServiceName: 's', Timestamp: NOW, AnomalyCount: 100, TotalCount: 500, SampledAnomalyCount: 3 }

  test('are not for rules that are not there, or do not want them', async () => {
    expect(
      await report(
        [],
        [
          { ...boost, RuleName: 'Default' },
          { ...boost, RuleName: 'mine' },
        ],
      ),
    ).toMatchObject({
      UnprocessedStatistics: [],
      UnprocessedBoostStatistics: [
        { RuleName: 'Default', ErrorCode: '400', Message: 'The rule has no SamplingRateBoost' },
        unknown,
      ],
    })
  })

  test('are for every caller, for a minute', async () => {
    await create('r', { FixedRate: 0.01, SamplingRateBoost: { MaxRate: 0.5, CooldownWindowMinutes: 5 } })
    const asked = async (letter: string, boosts?: object[]) => {
      const answer = await report([statistics('r', now, client(letter))], boosts)
      expect(answer.UnprocessedBoostStatistics).toEqual([])
      return answer.SamplingTargetDocuments[0].SamplingBoost
    }
    expect(await asked('A')).toBeUndefined()
    // Of two services 200 anomalies, of which 6 were sampled; ten are wanted.
    const both = [
      { ...boost, RuleName: 'r' },
      { ...boost, RuleName: 'r', ServiceName: 't' },
    ]
    const begun = { BoostRate: 0.05, BoostRateTTL: 1_700_000_060 }
    expect(await asked('A', both)).toEqual(begun)
    now += 50
    expect(await asked('B')).toEqual(begun)
    now += 10
    expect(await asked('B')).toBeUndefined()
  })
})

describe('statistics', () => {
  const summary = (RuleName: string, Timestamp: number, [RequestCount, SampledCount, BorrowCount]: number[]) => ({
    RuleName,
    Timestamp,
    RequestCount,
    SampledCount,
    BorrowCount,
  })

  test('nothing was reported: an empty list, for an empty body, too', async () => {
    expect(await post('/SamplingStatisticSummaries', '')).toEqual({ SamplingStatisticSummaries: [] })
  })

  test('are sums of all clients by rule and ten seconds, the newest first', async () => {
    await create('r')
    const { BorrowCount: left, ...unborrowed } = statistics('r', NOW + 9, client('B'))
    const empty = { ...statistics('r', NOW - 100), RequestCount: 0, SampledCount: 0, BorrowCount: 0 }
    await report([statistics('r', NOW), unborrowed, statistics('r', NOW - 1), empty])
    await report([statistics('r', NOW), statistics('Default', NOW), statistics('gone', NOW)])
    expect(left).toBe(1)
    expect(await summaries()).toEqual([
      summary('Default', 1_700_000_000, [10, 2, 1]),
      summary('r', 1_700_000_000, [30, 6, 2]),
      summary('r', 1_699_999_990, [10, 2, 1]),
    ])
  })

  test('are kept for 30 minutes', async () => {
    await report([statistics('Default', now)])
    now = 1_700_000_010 + 30 * 60 - 0.001
    expect(await summaries()).toHaveLength(1)
    now += 0.001
    expect(await summaries()).toEqual([])
  })

  test('come in pages that windows do not move by coming or going', async () => {
    const rules = ['Default', ...Array.from({ length: 6 }, (_, index) => `r${index}`)]
    for (const rule of rules.slice(1)) await create(rule)
    for (let window = 0; window < 150; window++) {
      await report(rules.map((rule) => statistics(rule, now)))
      now += 10
    }
    const whole = await summaries()
    expect(whole).toHaveLength(1000)
    const { NextToken } = await call('/SamplingStatisticSummaries')
    await report(rules.map((rule) => statistics(rule, now)))
    const second = await call('/SamplingStatisticSummaries', { NextToken })
    expect(second).not.toHaveProperty('NextToken')
    const seen = [...whole, ...second.SamplingStatisticSummaries].map(
      (one: { RuleName: string; Timestamp: number }) => `${one.Timestamp} ${one.RuleName}`,
    )
    expect(new Set(seen).size).toBe(150 * 7)
  })

  test('a token of something else is refused', async () => {
    expect(await call('/SamplingStatisticSummaries', { NextToken: 'x' })).toMatchObject([
      400,
      { message: 'Invalid NextToken' },
    ])
  })
})
