import { beforeEach, describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { createControl } from '../control/control.ts'
import { setGroup } from '../control/group.ts'
import { createGroups } from '../control/groups.ts'
import { createMemoryControlLog } from '../store/memory/memory-control-log.ts'
import type { Api } from './dispatch.ts'
import { groupOperations } from './groups.ts'

const NOW = 1_700_000_000
const ARN = 'arn:aws:xray:us-east-1:000000000000:group'
const OFF = { InsightsEnabled: false, NotificationsEnabled: false }
const ON = { InsightsEnabled: true, NotificationsEnabled: true }
const DEFAULT = { GroupName: 'Default', GroupARN: `${ARN}/Default`, InsightsConfiguration: OFF }

let api: Api
beforeEach(() => {
  api = apiInMemory(NOW * 1000)
})

/** The output; of an error its message, when it is an InvalidRequestException as all of these are. */
async function call(operation: string, input: object = {}, region = 'us-east-1'): Promise<unknown> {
  const path = operation === 'GetGroups' ? '/Groups' : `/${operation}`
  const headers = {
    authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/${region}/xray/aws4_request, SignedHeaders=host, Signature=0`,
  }
  const { signal } = new AbortController()
  const answer = await api.answer({ method: 'POST', path, headers, body: Buffer.from(JSON.stringify(input)), signal })
  expect(answer.body).not.toContain('null')
  const body = JSON.parse(answer.body)
  if (answer.status === 200) return body
  expect([answer.status, body.__type]).toEqual([400, 'InvalidRequestException'])
  return body.message
}

const create = (GroupName: string, more: object = {}) =>
  call('CreateGroup', { GroupName, FilterExpression: 'fault', ...more })

describe('the Default group', () => {
  test('is listed to a caller who has set nothing and asks with {}, as Grafana does', async () => {
    expect(await call('GetGroups')).toEqual({ Groups: [DEFAULT] })
  })

  test.each([{ GroupName: 'Default' }, { GroupARN: `${ARN}/Default` }])('is found by %j', async (selector) => {
    expect(await call('GetGroup', selector)).toEqual({ Group: DEFAULT })
  })

  test('can have insights, and nothing else of a group', async () => {
    const selector = { GroupName: 'Default' }
    expect(await call('UpdateGroup', { ...selector, InsightsConfiguration: ON })).toEqual({
      Group: { ...DEFAULT, InsightsConfiguration: ON },
    })
    expect(await call('GetGroups')).toEqual({ Groups: [{ ...DEFAULT, InsightsConfiguration: ON }] })
    expect(await call('UpdateGroup', { ...selector, FilterExpression: 'fault' })).toBe(
      'The Default group cannot have a filter expression.',
    )
    expect(await call('DeleteGroup', selector)).toBe('The Default group cannot be deleted.')
    expect(await create('Default')).toBe('Group Default already exists.')
    expect(await create('DEFAULT')).toBe('The group name DEFAULT is reserved.')
  })

  test('of another region is another one', async () => {
    await call('UpdateGroup', { GroupName: 'Default', InsightsConfiguration: ON })
    expect(await call('GetGroups', {}, 'eu-west-1')).toEqual({
      Groups: [{ ...DEFAULT, GroupARN: 'arn:aws:xray:eu-west-1:000000000000:group/Default' }],
    })
  })
})

describe('a group', () => {
  const group = { GroupName: 'g1', GroupARN: `${ARN}/g1/ID1`, FilterExpression: 'fault', InsightsConfiguration: OFF }

  test('is created, found by name, by ARN and by both, listed after Default, and deleted', async () => {
    expect(await create('g1')).toEqual({ Group: group })
    const { GroupName, GroupARN } = group
    for (const selector of [{ GroupName }, { GroupARN }, { GroupName, GroupARN }]) {
      expect(await call('GetGroup', selector)).toEqual({ Group: group })
    }
    expect(await call('GetGroups')).toEqual({ Groups: [DEFAULT, group] })
    expect(await call('DeleteGroup', { GroupARN })).toEqual({})
    expect(await call('GetGroup', { GroupName })).toBe('Group not found')
    expect(await call('GetGroups')).toEqual({ Groups: [DEFAULT] })
  })

  test('that is created again has an ARN of its own, and the old one is of no group', async () => {
    await create('g1')
    await call('DeleteGroup', { GroupName: 'g1' })
    expect(await create('g1')).toMatchObject({ Group: { GroupARN: `${ARN}/g1/ID2` } })
    expect(await call('GetGroup', { GroupARN: `${ARN}/g1/ID1` })).toBe('Group not found')
  })

  test('is there once: names are unique, and upper and lower case make two', async () => {
    await create('g1')
    expect(await create('g1', { FilterExpression: 'error' })).toBe('Group g1 already exists.')
    expect(await create('G1')).toMatchObject({ Group: { GroupName: 'G1' } })
    expect(await call('GetGroups')).toMatchObject({
      Groups: [{ GroupName: 'Default' }, { GroupName: 'G1' }, { GroupName: 'g1' }],
    })
  })

  test.each<[string, object, object]>([
    ['nothing', {}, {}],
    ['the expression', { FilterExpression: 'error' }, { FilterExpression: 'error' }],
    ['both switches', { InsightsConfiguration: ON }, { InsightsConfiguration: ON }],
    [
      'one switch',
      { InsightsConfiguration: { InsightsEnabled: true } },
      { InsightsConfiguration: { InsightsEnabled: true, NotificationsEnabled: false } },
    ],
    ['an empty configuration', { InsightsConfiguration: {} }, {}],
  ])('keeps what an update does not name: %s', async (_, patch, changed) => {
    await create('g1')
    expect(await call('UpdateGroup', { GroupName: 'g1', ...patch })).toEqual({ Group: { ...group, ...changed } })
    expect(await call('GetGroup', { GroupName: 'g1' })).toEqual({ Group: { ...group, ...changed } })
  })

  test('has no notifications left when its insights are switched off', async () => {
    expect(await create('g1', { InsightsConfiguration: ON })).toMatchObject({ Group: { InsightsConfiguration: ON } })
    const patch = { GroupName: 'g1', InsightsConfiguration: { InsightsEnabled: false } }
    expect(await call('UpdateGroup', patch)).toEqual({ Group: group })
  })

  test('belongs to its account and region', async () => {
    await create('g1')
    expect(await call('GetGroup', { GroupName: 'g1' }, 'eu-west-1')).toBe('Group not found')
    expect(await call('GetGroup', { GroupARN: group.GroupARN }, 'eu-west-1')).toBe('Group not found')
  })
})

const NOTIFICATIONS_ALONE = { NotificationsEnabled: true }
const NEEDS_INSIGHTS = 'NotificationsEnabled can only be true when InsightsEnabled is true'

test('more groups than fit a page, which only a cluster could have made, come on two', async () => {
  const tenant = { account: '000000000000', region: 'us-east-1' }
  const log = createMemoryControlLog()
  const name = (index: number) => `${String(index).padStart(3, '0')}-${'n'.repeat(28)}`
  const fresh = { filterExpression: 'ok', version: 1, insightsEnabled: false, notificationsEnabled: false }
  const made = Array.from({ length: 150 }, (_, i) => setGroup({ name: name(i), arn: '', uniqueId: `ID${i}`, ...fresh }))
  await log.append(tenant, { timeUs: 1, writer: 'many' }, made)
  await using control = createControl({
    log,
    writer: 'me',
    now: () => 0,
    onError: (error) => expect.unreachable(String(error)),
  })
  await control.load()
  const { GetGroups } = groupOperations(createGroups({ control, newUniqueId: () => 'ID' }))
  const call = { requestId: '', tenant, signal: new AbortController().signal, nowSeconds: NOW }

  const first = await GetGroups({}, call)
  const token = first.NextToken ?? ''
  expect(token.length).toBeLessThanOrEqual(100)
  const second = await GetGroups({ NextToken: token }, call)
  expect(second).not.toHaveProperty('NextToken')
  const names = [first, second].map(({ Groups }) => Groups?.map(({ GroupName }) => GroupName))
  expect(names.map((page) => page?.length)).toEqual([100, 51])
  expect(names.flat()).toEqual(['Default', ...Array.from({ length: 150 }, (_, index) => name(index))])
  const elsewhere = { ...call, tenant: { ...tenant, region: 'eu-west-1' } }
  await expect(GetGroups({ NextToken: token }, elsewhere)).rejects.toThrow('Invalid NextToken')
})

describe('refused is', () => {
  test.each<[string, string, object, string]>([
    ['no expression', 'CreateGroup', { GroupName: 'new' }, 'FilterExpression is required'],
    ['a blank one', 'CreateGroup', { GroupName: 'new', FilterExpression: ' \n' }, 'FilterExpression is required'],
    ['a blank new one', 'UpdateGroup', { GroupName: 'g1', FilterExpression: '' }, 'FilterExpression is required'],
    [
      'what is no expression',
      'CreateGroup',
      { GroupName: 'new', FilterExpression: 'response_time > 1' },
      "Error Location: line 1, position 1 : Invalid input symbol: 'response_'",
    ],
    [
      'an expression that asks for groups',
      'CreateGroup',
      { GroupName: 'new', FilterExpression: 'fault AND !(error OR group.name = "g1")' },
      "A group's FilterExpression cannot refer to groups",
    ],
    [
      'a new one that does',
      'UpdateGroup',
      { GroupName: 'g1', FilterExpression: 'group.arn = "x"' },
      "A group's FilterExpression cannot refer to groups",
    ],
    [
      'a name with other characters',
      'CreateGroup',
      { GroupName: 'a b', FilterExpression: 'ok' },
      "1 validation error detected: Value 'a b' at 'groupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9_-]+",
    ],
    [
      'a name of 33 characters',
      'CreateGroup',
      { GroupName: 'x'.repeat(33), FilterExpression: 'ok' },
      `1 validation error detected: Value '${'x'.repeat(33)}' at 'groupName' failed to satisfy constraint: Member must have length less than or equal to 32`,
    ],
    [
      'notifications without insights',
      'CreateGroup',
      { GroupName: 'new', FilterExpression: 'ok', InsightsConfiguration: NOTIFICATIONS_ALONE },
      NEEDS_INSIGHTS,
    ],
    [
      'notifications for a group without insights',
      'UpdateGroup',
      { GroupName: 'g1', InsightsConfiguration: NOTIFICATIONS_ALONE },
      NEEDS_INSIGHTS,
    ],
    [
      'notifications while insights are switched off',
      'UpdateGroup',
      { GroupName: 'g1', InsightsConfiguration: { InsightsEnabled: false, NotificationsEnabled: true } },
      NEEDS_INSIGHTS,
    ],
    ['an update of nothing', 'UpdateGroup', {}, 'GroupName or GroupARN is required'],
    ['a deletion of nothing', 'DeleteGroup', {}, 'GroupName or GroupARN is required'],
    ['a question for nothing', 'GetGroup', {}, 'GroupName or GroupARN is required'],
    ['an unknown group', 'GetGroup', { GroupName: 'gone' }, 'Group not found'],
    ['a change to an unknown group', 'UpdateGroup', { GroupName: 'gone' }, 'Group not found'],
    ['the deletion of an unknown group', 'DeleteGroup', { GroupARN: `${ARN}/g1/OTHER` }, 'Group not found'],
    ['a known name with an unknown ARN', 'GetGroup', { GroupName: 'g1', GroupARN: `${ARN}/x/Y` }, 'Group not found'],
    [
      'a known ARN with an unknown name',
      'DeleteGroup',
      { GroupName: 'x', GroupARN: `${ARN}/g1/ID1` },
      'Group not found',
    ],
    [
      'a name and an ARN of two groups',
      'GetGroup',
      { GroupName: 'g1', GroupARN: `${ARN}/Default` },
      'GroupName and GroupARN are of different groups',
    ],
    ['a made-up token', 'GetGroups', { NextToken: 'x' }, 'Invalid NextToken'],
    [
      'tags that are not allowed',
      'CreateGroup',
      { GroupName: 'new', FilterExpression: 'ok', Tags: [{ Key: 'AWS:x', Value: '' }] },
      'The tag key AWS:x begins with aws:, which is reserved.',
    ],
    [
      'more than 50 tags',
      'CreateGroup',
      {
        GroupName: 'new',
        FilterExpression: 'ok',
        Tags: Array.from({ length: 51 }, (_, i) => ({ Key: `${i}`, Value: '' })),
      },
      'A resource can have up to 50 tags.',
    ],
  ])('%s', async (_, operation, input, message) => {
    await create('g1')
    const before = await call('GetGroups')
    expect(await call(operation, input)).toBe(message)
    expect(await call('GetGroups')).toEqual(before)
  })

  test('the 26th group, until one goes', async () => {
    for (let made = 0; made < 25; made++) expect(await create(`g${made}`)).toHaveProperty('Group')
    expect(await create('one-more')).toBe('Group limit exceeded')
    expect(await call('GetGroups')).toMatchObject({ Groups: { length: 26 } })
    await call('DeleteGroup', { GroupName: 'g7' })
    expect(await create('one-more')).toHaveProperty('Group')
  })
})
