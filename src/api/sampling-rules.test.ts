import { beforeEach, describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import type { Api } from './dispatch.ts'

const NOW = 1_700_000_000.5
const ARN = 'arn:aws:xray:us-east-1:000000000000:sampling-rule'

let api: Api
beforeEach(() => {
  api = apiInMemory(NOW * 1000)
})

async function post(path: string, body: string, headers: Record<string, string> = {}) {
  const { signal } = new AbortController()
  const answer = await api.answer({ method: 'POST', path, headers, body: Buffer.from(body), signal })
  expect(answer.body).not.toContain('null')
  const parsed = JSON.parse(answer.body)
  return answer.status === 200 ? parsed : [answer.status, parsed.__type, parsed.message]
}

const scope = (key: string, region: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260101/${region}/xray/aws4_request, SignedHeaders=host, Signature=0`,
})
const call = (operation: string, input: object = {}, headers = {}) =>
  post(`/${operation}`, JSON.stringify(input), headers)
const invalid = (message: string) => [400, 'InvalidRequestException', message]

const any = { ResourceARN: '*', ServiceName: '*', ServiceType: '*', Host: '*', HTTPMethod: '*', URLPath: '*' }
const defaultRecord = (RuleARN = `${ARN}/Default`, more = {}) => ({
  SamplingRule: {
    RuleName: 'Default',
    RuleARN,
    ...any,
    Priority: 10_000,
    FixedRate: 0.05,
    ReservoirSize: 1,
    Version: 1,
    Attributes: {},
    ...more,
  },
  CreatedAt: 0,
  ModifiedAt: 0,
})
const rule = (RuleName: string, more = {}) => ({
  RuleName,
  ...any,
  Priority: 100,
  FixedRate: 0.5,
  ReservoirSize: 10,
  Version: 1,
  ...more,
})
const record = (RuleName: string, more = {}) => ({
  SamplingRule: { ...rule(RuleName), RuleARN: `${ARN}/${RuleName}`, Attributes: {}, ...more },
  CreatedAt: NOW,
  ModifiedAt: NOW,
})
const create = (name: string, more = {}, Tags?: object[]) =>
  call('CreateSamplingRule', { SamplingRule: rule(name, more), Tags })
const update = (SamplingRuleUpdate: object) => call('UpdateSamplingRule', { SamplingRuleUpdate })
const names = async (headers = {}) =>
  (await call('GetSamplingRules', {}, headers)).SamplingRuleRecords.map(
    (one: { SamplingRule: { RuleName: string } }) => one.SamplingRule.RuleName,
  )

const junk = 'AWS4-HMAC-SHA256 Credential=dummy/20260101/eu-west-1/xray/aws4_request, SignedHeaders=host, Signature=0'

describe('the list of rules', () => {
  test.each<[string, string, Record<string, string>, string]>([
    ['unsigned, as Node and Python send it', '{}', { 'content-type': 'application/json' }, 'us-east-1'],
    ['with an empty body and no content type, as .NET sends it', '', {}, 'us-east-1'],
    ['signed with junk, as Ruby signs it', '{}', { authorization: junk }, 'eu-west-1'],
    ['with a null token', '{"NextToken":null}', {}, 'us-east-1'],
  ])('has the Default rule for a call %s', async (_, body, headers, region) => {
    const arn = `arn:aws:xray:${region}:000000000000:sampling-rule/Default`
    expect(await post('/GetSamplingRules', body, headers)).toEqual({ SamplingRuleRecords: [defaultRecord(arn)] })
  })

  test('refuses a token, since there is one page', async () => {
    expect(await call('GetSamplingRules', { NextToken: 'x' })).toEqual(invalid('Invalid NextToken'))
  })

  test('is in the order in which rules are asked', async () => {
    await create('b')
    await create('a')
    await create('urgent', { Priority: 1 })
    expect(await names()).toEqual(['urgent', 'a', 'b', 'Default'])
  })

  test('is of an account and region', async () => {
    await create('mine')
    expect(await names(scope('AKIDEXAMPLE', 'eu-west-1'))).toEqual(['Default'])
    expect(await names(scope('123456789012', 'us-east-1'))).toEqual(['Default'])
  })
})

describe('a new rule', () => {
  test('has every field that it was given', async () => {
    const more = {
      ResourceARN: 'arn:*',
      ServiceName: 'web-*',
      ServiceType: 'AWS::ECS::Container',
      Host: 'shop.example.com',
      HTTPMethod: 'POST',
      URLPath: '/checkout/?',
      Priority: 9999,
      FixedRate: 1,
      ReservoirSize: 0,
      Attributes: { tier: 'gold', __proto__x: 'y' },
      SamplingRateBoost: { MaxRate: 0.25, CooldownWindowMinutes: 10 },
    }
    const made = record('whole', more)
    expect(await create('whole', more)).toEqual({ SamplingRuleRecord: made })
    expect(await call('GetSamplingRules')).toEqual({ SamplingRuleRecords: [made, defaultRecord()] })
  })

  test('has the tags it was given, and they go with it', async () => {
    const Tags = [{ Key: 'team', Value: 'shop' }]
    await create('tagged', {}, Tags)
    const listTags = () => call('ListTagsForResource', { ResourceARN: `${ARN}/tagged` })
    expect(await listTags()).toEqual({ Tags })
    await call('DeleteSamplingRule', { RuleName: 'tagged' })
    const gone = `No group or sampling rule has the ARN ${ARN}/tagged.`
    expect(await listTags()).toEqual([404, 'ResourceNotFoundException', gone])
    await create('tagged')
    expect(await listTags()).toEqual({ Tags: [] })
  })

  const at = (member: string, value: string, constraint: string) =>
    `1 validation error detected: Value '${value}' at 'samplingRule.${member}' failed to satisfy constraint: Member must have ${constraint}`
  const long = (length: number) => 'x'.repeat(length)
  const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']))

  test.each<[string, object, string]>([
    ['no name', { RuleName: undefined }, 'SamplingRule.RuleName is required'],
    ['an ARN of its own', { RuleARN: `${ARN}/r` }, 'RuleARN cannot be chosen; give RuleName only'],
    ['another version', { Version: 2 }, 'SamplingRule.Version must be 1'],
    ['no host', { Host: undefined }, 'SamplingRule.Host is required'],
    ['no priority', { Priority: null }, 'SamplingRule.Priority is required'],
    ['an empty name', { RuleName: '' }, at('ruleName', '', 'length greater than or equal to 1')],
    ['a long name', { RuleName: long(33) }, at('ruleName', long(33), 'length less than or equal to 32')],
    ['priority 0', { Priority: 0 }, at('priority', '0', 'value greater than or equal to 1')],
    ['priority 10000', { Priority: 10_000 }, at('priority', '10000', 'value less than or equal to 9999')],
    ['a rate above 1', { FixedRate: 1.01 }, at('fixedRate', '1.01', 'value less than or equal to 1')],
    ['a rate below 0', { FixedRate: -0.1 }, at('fixedRate', '-0.1', 'value greater than or equal to 0')],
    ['a negative reservoir', { ReservoirSize: -1 }, at('reservoirSize', '-1', 'value greater than or equal to 0')],
    [
      'a reservoir beyond 32 bits',
      { ReservoirSize: 2 ** 31 },
      at('reservoirSize', '2147483648', 'value less than or equal to 2147483647'),
    ],
    ['a long host', { Host: long(65) }, at('host', long(65), 'length less than or equal to 64')],
    ['a long method', { HTTPMethod: long(11) }, at('hTTPMethod', long(11), 'length less than or equal to 10')],
    ['six attributes', { Attributes: pairs(6) }, at('attributes', '{6 members}', 'length less than or equal to 5')],
    [
      'half a boost',
      { SamplingRateBoost: { MaxRate: 1 } },
      'SamplingRule.SamplingRateBoost.CooldownWindowMinutes is required',
    ],
  ])('with %s is refused', async (_, more, message) => {
    expect(await create('r', more)).toEqual(invalid(message))
    expect(await names()).toEqual(['Default'])
  })

  test('with the name of one that is there is refused, Default included', async () => {
    await create('r1')
    expect(await create('r1')).toEqual(invalid('Sampling rule r1 already exists.'))
    expect(await create('Default')).toEqual(invalid('Sampling rule Default already exists.'))
  })

  test('with tags that cannot be is refused whole', async () => {
    expect(await create('r', {}, [{ Key: 'aws:x', Value: '' }])).toEqual(
      invalid('The tag key aws:x begins with aws:, which is reserved.'),
    )
    expect(await names()).toEqual(['Default'])
  })

  test('is the last one when it is the 25th beside Default; one that goes makes room', async () => {
    for (let index = 0; index < 25; index++) await create(`r${index}`)
    const full = [400, 'RuleLimitExceededException', 'You have reached the maximum number of sampling rules.']
    expect(await create('r25')).toEqual(full)
    expect(await create('r0')).toEqual(invalid('Sampling rule r0 already exists.'))
    await call('DeleteSamplingRule', { RuleName: 'r7' })
    expect(await create('r25')).toEqual({ SamplingRuleRecord: record('r25') })
    expect(await names()).toHaveLength(26)
  })
})

describe('an update', () => {
  test.each([{ RuleName: 'r' }, { RuleARN: `${ARN}/r` }])('by %j changes what it names', async (selector) => {
    await create('r', { Attributes: { a: '1', b: '2' } })
    const changed = record('r', { FixedRate: 0, Host: 'h', Attributes: { c: '3' } })
    expect(await update({ ...selector, FixedRate: 0, Host: 'h', Attributes: { c: '3' } })).toEqual({
      SamplingRuleRecord: changed,
    })
    const boost = { MaxRate: 0.5, CooldownWindowMinutes: 1 }
    const boosted = record('r', { ...changed.SamplingRule, Attributes: {}, SamplingRateBoost: boost })
    expect(await update({ ...selector, Attributes: {}, SamplingRateBoost: boost })).toEqual({
      SamplingRuleRecord: boosted,
    })
    expect(await call('GetSamplingRules')).toEqual({ SamplingRuleRecords: [boosted, defaultRecord()] })
  })

  const at = (member: string, value: string, constraint: string) =>
    `1 validation error detected: Value '${value}' at 'samplingRuleUpdate.${member}' failed to satisfy constraint: Member must have value ${constraint}`

  test.each<[object, string]>([
    [{}, 'RuleName or RuleARN is required'],
    [{ RuleName: 'r', RuleARN: `${ARN}/r` }, 'Give RuleName or RuleARN, not both'],
    [{ RuleName: 'none' }, 'Sampling rule none does not exist.'],
    [{ RuleARN: `${ARN}/none` }, `Sampling rule ${ARN}/none does not exist.`],
    [{ RuleName: 'r', Priority: 0 }, at('priority', '0', 'greater than or equal to 1')],
    [{ RuleName: 'r', Priority: 10_000 }, at('priority', '10000', 'less than or equal to 9999')],
    [{ RuleName: 'r', FixedRate: 2 }, at('fixedRate', '2', 'less than or equal to 1')],
    [{ RuleName: 'r', ReservoirSize: -1 }, at('reservoirSize', '-1', 'greater than or equal to 0')],
  ])('with %j is refused', async (given, message) => {
    await create('r')
    expect(await update(given)).toEqual(invalid(message))
  })

  test('of Default changes its rate, reservoir and boost, and nothing else', async () => {
    const boost = { MaxRate: 0.5, CooldownWindowMinutes: 1 }
    const changed = { FixedRate: 0.2, ReservoirSize: 7, SamplingRateBoost: boost }
    const expected = { ...defaultRecord(`${ARN}/Default`, changed), ModifiedAt: NOW }
    expect(await update({ RuleName: 'Default', ...changed })).toEqual({ SamplingRuleRecord: expected })
    expect(await call('GetSamplingRules')).toEqual({ SamplingRuleRecords: [expected] })
    expect(await update({ RuleARN: `${ARN}/Default`, Host: '*' })).toEqual(
      invalid('Of the Default sampling rule only FixedRate, ReservoirSize and SamplingRateBoost can be changed.'),
    )
  })
})

describe('a deletion', () => {
  test.each([{ RuleName: 'r' }, { RuleARN: `${ARN}/r` }])('by %j answers the rule that was', async (selector) => {
    await create('r')
    expect(await call('DeleteSamplingRule', selector)).toEqual({ SamplingRuleRecord: record('r') })
    expect(await names()).toEqual(['Default'])
    expect(await call('DeleteSamplingRule', { RuleName: 'r' })).toEqual(invalid('Sampling rule r does not exist.'))
  })

  test.each<[object, string]>([
    [{}, 'RuleName or RuleARN is required'],
    [{ RuleName: 'r', RuleARN: `${ARN}/r` }, 'Give RuleName or RuleARN, not both'],
    [{ RuleName: 'Default' }, 'The Default sampling rule cannot be deleted.'],
    [{ RuleARN: `${ARN}/Default` }, 'The Default sampling rule cannot be deleted.'],
  ])('with %j is refused', async (selector, message) => {
    expect(await call('DeleteSamplingRule', selector)).toEqual(invalid(message))
  })
})
