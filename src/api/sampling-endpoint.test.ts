import { expect, test } from 'vitest'
import { controlInMemory } from '../../test/fixtures/control-in-memory.ts'
import { ServiceError } from '../wire/aws/error-catalogue.ts'
import { createSamplingEndpoint } from './sampling-endpoint.ts'

const tenant = { account: '000000000000', region: 'us-east-1' }
const { sampling } = controlInMemory(() => 0)
const any = { resourceArn: '*', serviceName: '*', serviceType: '*', host: '*', httpMethod: '*', urlPath: '*' }
const made = { ...any, priority: 10, fixedRate: 0.5, reservoirSize: 3 }
await sampling.rules.create(tenant, { ...made, name: 'gold', attributes: [['tier', 'g*']], priority: 1 }, [])
await sampling.rules.create(tenant, { ...made, name: 'lambda', resourceArn: 'arn:aws:lambda:*', attributes: [] }, [])
await sampling.rules.create(tenant, { ...made, name: 'orders', urlPath: '/orders*', attributes: [] }, [])

const endpoint = createSamplingEndpoint({ rules: sampling.rules, defaultTenant: tenant }).get('/api/sampling/try')

async function ask(query: string) {
  const answer = await endpoint?.(new URLSearchParams(query), 'id', new AbortController().signal, {})
  return JSON.parse(answer?.body ?? '{}')
}

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
