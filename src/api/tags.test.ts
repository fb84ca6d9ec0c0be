import { beforeEach, describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import type { Api } from './dispatch.ts'

const ARN = 'arn:aws:xray:us-east-1:000000000000:group'
const GROUP = `${ARN}/g1/ID1`

let api: Api
beforeEach(async () => {
  api = apiInMemory(1_700_000_000_000)
  await call('CreateGroup', { GroupName: 'g1', FilterExpression: 'ok', Tags: [tag('stage', 'prod')] })
})

async function call(operation: string, input: object): Promise<unknown> {
  const { signal } = new AbortController()
  const body = Buffer.from(JSON.stringify(input))
  const answer = await api.answer({ method: 'POST', path: `/${operation}`, headers: {}, body, signal })
  const parsed = JSON.parse(answer.body)
  return answer.status === 200 ? parsed : [answer.status, parsed.__type, parsed.message, parsed.ResourceName]
}

const tag = (Key: string, Value: string) => ({ Key, Value })
const tagsOf = (ResourceARN: string) => call('ListTagsForResource', { ResourceARN })
const many = (count: number) => Array.from({ length: count }, (_, index) => tag(`key ${index}`, ''))

describe('tags', () => {
  test('of a new group are those it was created with', async () => {
    expect(await tagsOf(GROUP)).toEqual({ Tags: [tag('stage', 'prod')] })
  })

  test('are added, replaced and taken away by key, in which case counts', async () => {
    const tags = [tag('stage', 'test'), tag('Stage', ''), tag('__proto__', 'x')]
    expect(await call('TagResource', { ResourceARN: GROUP, Tags: tags })).toEqual({})
    expect(await tagsOf(GROUP)).toEqual({ Tags: [tag('Stage', ''), tag('__proto__', 'x'), tag('stage', 'test')] })
    expect(await call('UntagResource', { ResourceARN: GROUP, TagKeys: ['stage', 'absent'] })).toEqual({})
    expect(await tagsOf(GROUP)).toEqual({ Tags: [tag('Stage', ''), tag('__proto__', 'x')] })
  })

  test.each([`${ARN}/Default`, 'arn:aws:xray:us-east-1:000000000000:sampling-rule/Default'])(
    'can be put on %s',
    async (arn) => {
      expect(await tagsOf(arn)).toEqual({ Tags: [] })
      await call('TagResource', { ResourceARN: arn, Tags: [tag('a', 'b')] })
      expect(await tagsOf(arn)).toEqual({ Tags: [tag('a', 'b')] })
      expect(await tagsOf(GROUP)).toEqual({ Tags: [tag('stage', 'prod')] })
    },
  )

  test('stay through an update of their group, and go with it', async () => {
    await call('UpdateGroup', { GroupName: 'g1', FilterExpression: 'fault' })
    expect(await tagsOf(GROUP)).toEqual({ Tags: [tag('stage', 'prod')] })
    await call('DeleteGroup', { GroupName: 'g1' })
    await call('CreateGroup', { GroupName: 'g1', FilterExpression: 'ok' })
    expect(await tagsOf(`${ARN}/g1/ID2`)).toEqual({ Tags: [] })
    expect(await tagsOf(GROUP)).toContain('ResourceNotFoundException')
  })

  test('may be of any script, and hold a few signs', async () => {
    const tags = [tag('Größe 東京 _.:/=+-@', '一 _.:/=+-@'), tag('k'.repeat(128), 'v'.repeat(256))]
    expect(await call('TagResource', { ResourceARN: GROUP, Tags: tags })).toEqual({})
  })

  test('are 50 at most; what would be more changes nothing', async () => {
    expect(await call('TagResource', { ResourceARN: GROUP, Tags: many(49) })).toEqual({})
    const replaced = [tag('key 0', 'new')]
    expect(await call('TagResource', { ResourceARN: GROUP, Tags: replaced })).toEqual({})
    expect(await call('TagResource', { ResourceARN: GROUP, Tags: [tag('stage', 'x'), tag('one more', '')] })).toEqual([
      400,
      'TooManyTagsException',
      'A resource can have up to 50 tags.',
      GROUP,
    ])
    expect(await tagsOf(GROUP)).toMatchObject({ Tags: { length: 50, 49: tag('stage', 'prod') } })
  })
})

describe('refused is', () => {
  const gone = `${ARN}/gone/ID`
  const notFound = [404, 'ResourceNotFoundException', `No group or sampling rule has the ARN ${gone}.`, gone]
  const invalid = (message: string) => [400, 'InvalidRequestException', message, undefined]
  const only = 'may hold letters, digits, blanks and _ . : / = + - @ only.'

  test.each<[string, string, object, unknown]>([
    ['tagging what is not there', 'TagResource', { ResourceARN: gone, Tags: [] }, notFound],
    ['untagging it', 'UntagResource', { ResourceARN: gone, TagKeys: ['a'] }, notFound],
    ['asking for its tags', 'ListTagsForResource', { ResourceARN: gone }, notFound],
    [
      'a group of another account',
      'ListTagsForResource',
      { ResourceARN: 'arn:aws:xray:us-east-1:111122223333:group/Default' },
      expect.arrayContaining([404]),
    ],
    [
      'a reserved key',
      'TagResource',
      { ResourceARN: GROUP, Tags: [tag('a', ''), tag('Aws:b', '')] },
      invalid('The tag key Aws:b begins with aws:, which is reserved.'),
    ],
    [
      'a key twice',
      'TagResource',
      { ResourceARN: GROUP, Tags: [tag('a', '1'), tag('a', '1')] },
      invalid('The tag key a is given twice.'),
    ],
    [
      'another sign in a key',
      'TagResource',
      { ResourceARN: GROUP, Tags: [tag('a*', '')] },
      invalid(`The tag key a* ${only}`),
    ],
    [
      'another sign in a value',
      'TagResource',
      { ResourceARN: GROUP, Tags: [tag('a', '<b>')] },
      invalid(`The value of the tag a ${only}`),
    ],
    ['a token', 'ListTagsForResource', { ResourceARN: GROUP, NextToken: 'x' }, invalid('Invalid NextToken')],
  ])('%s', async (_, operation, input, error) => {
    expect(await call(operation, input)).toEqual(error)
    expect(await tagsOf(GROUP)).toEqual({ Tags: [tag('stage', 'prod')] })
  })
})
