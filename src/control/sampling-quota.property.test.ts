import fc from 'fast-check'
import { expect, test } from 'vitest'
import { controlInMemory } from '../../test/fixtures/control-in-memory.ts'
import { reservoirQuota } from './reservoir-quota.ts'

const tenant = { account: '000000000000', region: 'us-east-1' }
const START = 1_700_000_000

test.each<[reservoir: number, clients: readonly string[], quotas: readonly number[], why: string]>([
  [10, ['a'], [10], 'the only one has it all'],
  [10, ['a', 'b'], [5, 5], 'two have a half each'],
  [10, ['b', 'c', 'a'], [3, 3, 4], 'what is left goes to the first id, whoever came first'],
  [1, ['a', 'b', 'c'], [1, 0, 0], 'less than one each is one for some'],
  [0, ['a', 'b'], [0, 0], 'nothing is shared as nothing'],
])('a reservoir of %i for %j is %j: %s', (reservoir, clients, quotas) => {
  expect(clients.map((client) => reservoirQuota(reservoir, clients, client))).toEqual(quotas)
})

test('a caller that nobody has seen counts, too', () => {
  expect(reservoirQuota(10, ['a', 'b'], 'c')).toBe(3)
  expect(reservoirQuota(10, ['b', 'c'], 'a')).toBe(4)
})

test('quotas are whole, even, and come to the reservoir', () => {
  const clients = fc.uniqueArray(fc.string({ minLength: 24, maxLength: 24 }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(clients, fc.nat(1000), (ids, reservoir) => {
      const quotas = ids.map((id) => reservoirQuota(reservoir, ids, id))
      expect(quotas.reduce((sum, quota) => sum + quota, 0)).toBe(reservoir)
      expect(Math.max(...quotas) - Math.min(...quotas)).toBeLessThanOrEqual(1)
    }),
  )
})

/** A client as SDKs are: it reports every ten seconds, and within a second samples its quota, then at the fixed rate. */
type Client = { readonly id: string; readonly phase: number; readonly load: number; quota: number }

const FIXED_RATE = 0.1
/** By then all have reported, and those that came first have reported again. */
const JOINED_SECONDS = 20

/** What each second of a minute was sampled from the reservoir, and what beyond it. */
async function simulate(reservoirSize: number, loads: readonly number[], phases: readonly number[]) {
  const { sampling } = controlInMemory(() => START * 1000)
  const any = { resourceArn: '*', serviceName: '*', serviceType: '*', host: '*', httpMethod: '*', urlPath: '*' }
  const rule = { ...any, name: 'r', priority: 1, fixedRate: FIXED_RATE, reservoirSize, attributes: [] }
  await sampling.rules.create(tenant, rule, [])
  const clients = loads.map((load, index): Client => {
    return { id: String(index).padStart(24, '0'), phase: phases[index] ?? 0, load, quota: 0 }
  })
  const seconds: { reservoir: number; beyond: number }[] = []
  for (let second = 0; second < JOINED_SECONDS + 60; second++) {
    const nowSeconds = START + second
    for (const client of clients) {
      if (second % 10 !== client.phase) continue
      const report = { rule: 'r', client: client.id, timeSeconds: nowSeconds, requests: 1, sampled: 0, borrowed: 0 }
      client.quota = sampling.samplers.report(tenant, [report], [], nowSeconds).targets[0]?.quota ?? Number.NaN
    }
    if (second < JOINED_SECONDS) continue
    const reservoir = clients.reduce((sum, { load, quota }) => sum + Math.min(load, quota), 0)
    const beyond = clients.reduce((sum, { load, quota }) => sum + Math.max(0, load - quota) * FIXED_RATE, 0)
    seconds.push({ reservoir, beyond })
  }
  return seconds
}

const twenty = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { minLength: 20, maxLength: 20 })

test('20 clients sample no more than the reservoir and the rate in any second of a minute', async () => {
  const cases = fc.asyncProperty(fc.nat(200), twenty(fc.nat(30)), twenty(fc.nat(9)), async (size, loads, phases) => {
    const requests = loads.reduce((sum, load) => sum + load, 0)
    for (const { reservoir, beyond } of await simulate(size, loads, phases)) {
      expect(reservoir).toBeLessThanOrEqual(size)
      expect(reservoir + beyond).toBeLessThanOrEqual(size + requests * FIXED_RATE + 1e-6)
    }
  })
  await fc.assert(cases, { numRuns: 50 })
})

test('20 busy clients share the reservoir: together they use all of it, and not once each', async () => {
  const cases = fc.asyncProperty(fc.nat(200), twenty(fc.nat(9)), async (size, phases) => {
    const seconds = await simulate(
      size,
      Array.from({ length: 20 }, () => 500),
      phases,
    )
    expect(new Set(seconds.map(({ reservoir }) => reservoir))).toEqual(new Set([size]))
  })
  await fc.assert(cases, { numRuns: 20 })
})
