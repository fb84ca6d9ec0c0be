import { describe, expect, test } from 'vitest'
import { controlInMemory } from '../../test/fixtures/control-in-memory.ts'
import { ServiceError } from '../wire/aws/error-catalogue.ts'
import { createSamplingEndpoints } from './sampling-endpoint.ts'

const tenant = { account: '000000000000', region: 'us-east-1' }
const NOW = 1_700_000_000
const { sampling } = controlInMemory(() => 0)
const any = { resourceArn: '*', serviceName: '*', serviceType: '*', host: '*', httpMethod: '*', urlPath: '*' }
const made = { ...any, priority: 10, fixedRate: 0.5, reservoirSize: 3 }
await sampling.rules.create(tenant, { ...made, name: 'gold', attributes: [['tier', 'g*']], priority: 1 }, [])
await sampling.rules.create(tenant, { ...made, name: 'lambda', resourceArn: 'arn:aws:lambda:*', attributes: [] }, [])
await sampling.rules.create(tenant, { ...made, name: 'orders', urlPath: '/orders*', attributes: [] }, [])

const endpoints = createSamplingEndpoints({ ...sampling, defaultTenant: tenant, clock: () => NOW * 1000 })

async function get(path: string, query: string) {
  const answer = await endpoints.get(path)?.(new URLSearchParams(query), 'id', new AbortController().signal, {})
  return JSON.parse(answer?.body ?? '{}')
}
const ask = (query: string) => get('/api/sampling/try', query)

test.each([
  ['path=/ORDERS/7', 'orders', 'case is no matter'],
  ['path=/cart', 'Default', 'the last one always matches'],
  ['', 'orders', 'what is not said matches'],
  ['path=', 'Default', 'what is said to be empty does not'],
  ['path=/cart&attribute.tier=gold', 'gold', 'attributes are asked for'],
  ['path=/cart&resource=arn:aws:lambda:x', 'lambda', 'and resources'],
  ['path=/orders&region=eu-west-1', 'Default', 'rules are of a region'],
  ['path=/orders&account=123456789012', 'Default', 'and of an account'],
])('%s: %s, since %s', async (query, rule) => {
  expect(await ask(query)).toMatchObject({ rule })
})

test('each rule says why it does not match', async () => {
  expect(await ask('path=/cart')).toEqual({
    rule: 'Default',
    fixedRate: 0.05,
    reservoirSize: 1,
    considered: [
      { rule: 'gold', priority: 1, matches: false, failed: ['Attributes.tier'] },
      { rule: 'lambda', priority: 10, matches: false, failed: ['ResourceARN'] },
      { rule: 'orders', priority: 10, matches: false, failed: ['URLPath'] },
      { rule: 'Default', priority: 10_000, matches: true, failed: [] },
    ],
  })
})

test('an account is 12 digits', async () => {
  await expect(ask('account=mine')).rejects.toThrow(ServiceError)
})

describe('the trend', () => {
  const report = (rule: string, secondsAgo: number, requests: number, borrowed: number, sampled: number) => ({
    rule,
    requests,
    borrowed,
    sampled,
    client: 'c'.repeat(24),
    timeSeconds: NOW - secondsAgo,
  })
  const reports = [report('orders', 41, 10, 1, 4), report('orders', 42, 5, 1, 0), report('orders', 5, 7, 0, 3)]
  sampling.samplers.report(tenant, [...reports, report('Default', 200, 2, 0, 1)], [], NOW)
  const of = async (query: string) => {
    const { rules } = await get('/api/sampling/trend', query)
    return rules.flatMap(({ rule, points }: { rule: string; points: object[] }) =>
      points.map((point) => ({ rule, ...point })),
    )
  }
  const older = { rule: 'orders', time: NOW - 50, requests: 15, borrowed: 2, sampled: 4 }
  const newer = { rule: 'orders', time: NOW - 10, requests: 7, borrowed: 0, sampled: 3 }
  const ofDefault = { rule: 'Default', time: NOW - 200, requests: 2, borrowed: 0, sampled: 1 }

  test.each([
    ['', [older, newer, ofDefault], 'ten seconds each, the oldest first'],
    ['rule=orders', [older, newer], 'of one rule'],
    ['rule=orders&from=30s', [newer], 'of a time'],
    ['rule=orders&to=30s', [older], 'of a time that is over'],
    [
      'rule=orders&period=60',
      [
        { ...older, time: NOW - 80, requests: 15 },
        { ...newer, time: NOW - 20 },
      ],
      'by the minute',
    ],
    ['account=123456789012', [], 'of an account'],
    ['region=eu-west-1', [], 'of a region'],
  ])('%s: %j, %s', async (query, points) => {
    expect(await of(query)).toEqual(points)
  })

  test('all rules are listed, those without counts, too', async () => {
    const { startTime, endTime, period, rules } = await get('/api/sampling/trend', '')
    expect([startTime, endTime, period]).toEqual([NOW - 1800, NOW, 10])
    expect(rules.map(({ rule }: { rule: string }) => rule)).toEqual(['gold', 'lambda', 'orders', 'Default'])
  })

  test.each(['period=5', 'period=15', 'from=now', 'account=mine'])('%s is refused', async (query) => {
    await expect(get('/api/sampling/trend', query)).rejects.toThrow(ServiceError)
  })
})
