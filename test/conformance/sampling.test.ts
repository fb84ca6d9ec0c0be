import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import {
  CreateSamplingRuleCommand,
  DeleteSamplingRuleCommand,
  GetSamplingRulesCommand,
  GetSamplingStatisticSummariesCommand,
  GetSamplingTargetsCommand,
  InvalidRequestException,
  ListTagsForResourceCommand,
  RuleLimitExceededException,
  type SamplingRule,
  UpdateSamplingRuleCommand,
  type XRayClient,
} from '@aws-sdk/client-xray'
import { describe, expect, test } from 'vitest'
import { send } from '../fixtures/raw-http.ts'
import { refusal } from '../fixtures/refusal.ts'
import { cleanEnvironment, startServer, temporaryDirectory } from '../fixtures/run-server.ts'
import { sharedServer } from '../fixtures/shared-server.ts'
import { parseObject, xrayClient } from '../fixtures/xray-client.ts'

const { server, client } = await sharedServer()

const ARN = 'arn:aws:xray:us-east-1:000000000000:sampling-rule'

const rule = (RuleName: string, more: Partial<SamplingRule> = {}): SamplingRule => ({
  RuleName,
  ResourceARN: '*',
  Priority: 100,
  FixedRate: 0.5,
  ReservoirSize: 10,
  ServiceName: '*',
  ServiceType: '*',
  Host: '*',
  HTTPMethod: '*',
  URLPath: '*',
  Version: 1,
  ...more,
})

const create = async (RuleName: string, of: XRayClient = client) =>
  of.send(new CreateSamplingRuleCommand({ SamplingRule: rule(RuleName) }))
const remove = async (RuleName: string, of: XRayClient = client) => of.send(new DeleteSamplingRuleCommand({ RuleName }))

async function rules(of: XRayClient = client) {
  return (await of.send(new GetSamplingRulesCommand({}))).SamplingRuleRecords ?? []
}

const names = async (of: XRayClient = client): Promise<readonly string[]> =>
  (await rules(of)).map(({ SamplingRule }) => SamplingRule?.RuleName ?? '')

const COUNTS = { RequestCount: 7, SampledCount: 3, BorrowCount: 1 }

const report = async (RuleName: string, letter: string, counts = COUNTS) =>
  client.send(
    new GetSamplingTargetsCommand({
      SamplingStatisticsDocuments: [{ RuleName, ClientID: letter.repeat(24), Timestamp: new Date(), ...counts }],
    }),
  )

/** `GET /api/sampling/trend`, as docs/own-api.md has it. */
type Trend = {
  readonly rules: readonly {
    readonly rule: string
    readonly points: readonly { readonly requests: number; readonly sampled: number; readonly borrowed: number }[]
  }[]
}

describe('sampling rules through the AWS SDK', () => {
  test('create, read, update, delete, as CloudFormation does', async () => {
    const Tags = [{ Key: 'team', Value: 'shop' }]
    const before = Date.now()
    const boost = { MaxRate: 0.25, CooldownWindowMinutes: 10 }
    const more = { Host: 'shop.*', Attributes: { tier: 'gold' }, SamplingRateBoost: boost }
    const { SamplingRuleRecord: made } = await client.send(
      new CreateSamplingRuleCommand({ SamplingRule: rule('shop', more), Tags }),
    )
    const RuleARN = `${ARN}/shop`
    expect(made?.SamplingRule).toEqual({ ...rule('shop', more), RuleARN })
    expect(made?.CreatedAt).toEqual(made?.ModifiedAt)
    expect(made?.CreatedAt?.getTime()).toBeGreaterThanOrEqual(before)
    expect(made?.CreatedAt?.getTime()).toBeLessThanOrEqual(Date.now())
    expect(await rules()).toContainEqual(made)
    expect(await client.send(new ListTagsForResourceCommand({ ResourceARN: RuleARN }))).toMatchObject({ Tags })

    const { SamplingRuleRecord: changed } = await client.send(
      new UpdateSamplingRuleCommand({ SamplingRuleUpdate: { RuleARN, FixedRate: 0, Attributes: {} } }),
    )
    expect(changed?.SamplingRule).toEqual({ ...made?.SamplingRule, FixedRate: 0, Attributes: {} })
    expect(changed?.CreatedAt).toEqual(made?.CreatedAt)
    expect(changed?.ModifiedAt?.getTime()).toBeGreaterThan(made?.ModifiedAt?.getTime() ?? Infinity)

    const { SamplingRuleRecord: gone } = await client.send(new DeleteSamplingRuleCommand({ RuleARN }))
    expect(gone).toEqual(changed)
    expect(await names()).not.toContain('shop')
  })

  test('the Default rule is there, can be tuned, and cannot be deleted', async () => {
    const { SamplingRule: found, CreatedAt } = (await rules()).at(-1) ?? {}
    expect(found).toEqual({
      ...rule('Default', { Priority: 10_000, FixedRate: 0.05, ReservoirSize: 1, Attributes: {} }),
      RuleARN: `${ARN}/Default`,
    })
    expect(CreatedAt).toEqual(new Date(0))
    const update = { RuleName: 'Default', ReservoirSize: 2 }
    await client.send(new UpdateSamplingRuleCommand({ SamplingRuleUpdate: update }))
    expect((await rules()).at(-1)?.SamplingRule?.ReservoirSize).toBe(2)
    expect(String(await refusal(remove('Default')))).toContain('The Default sampling rule cannot be deleted.')
  })

  test('errors are typed, in the words that clients match', async () => {
    await create('once')
    const duplicate = await refusal(create('once'))
    expect(duplicate).toBeInstanceOf(InvalidRequestException)
    expect(String(duplicate)).toContain('Sampling rule once already exists.')
    const missing = await refusal(remove('none'))
    expect(missing).toBeInstanceOf(InvalidRequestException)
    expect(String(missing)).toContain('Sampling rule none does not exist.')
    const room = 26 - (await names()).length
    for (let index = 0; index < room; index++) await create(`r${index}`)
    expect(await refusal(create('one-too-many'))).toBeInstanceOf(RuleLimitExceededException)
    for (let index = 0; index < room; index++) await remove(`r${index}`)
    await remove('once')
  })

  test('two clients share a reservoir, and what they did is to be seen', async () => {
    await create('shared')
    const targets = async (letter: string) => (await report('shared', letter)).SamplingTargetDocuments
    expect(await targets('A')).toMatchObject([{ RuleName: 'shared', FixedRate: 0.5, ReservoirQuota: 10, Interval: 10 }])
    expect(await targets('B')).toMatchObject([{ ReservoirQuota: 5 }])
    const again = await targets('A')
    expect(again).toMatchObject([{ ReservoirQuota: 5 }])
    expect(Math.abs((again?.[0]?.ReservoirQuotaTTL?.getTime() ?? 0) - Date.now() - 300_000)).toBeLessThan(5_000)
    const { SamplingStatisticSummaries: windows = [] } = await client.send(new GetSamplingStatisticSummariesCommand({}))
    const sum = (member: 'RequestCount' | 'SampledCount' | 'BorrowCount') =>
      windows.filter(({ RuleName }) => RuleName === 'shared').reduce((all, one) => all + (one[member] ?? 0), 0)
    expect([sum('RequestCount'), sum('SampledCount'), sum('BorrowCount')]).toEqual([21, 9, 3])
    expect(windows.map(({ Timestamp }) => (Timestamp?.getTime() ?? 1) % 10_000)).toEqual(windows.map(() => 0))
    await remove('shared')
  })

  test('20 clients stay within reservoir plus rate for a minute, and share the reservoir', async () => {
    const [reservoir, rate, perSecond, seconds] = [50, 0.1, 30, 60] as const
    const shared = { Priority: 2, ReservoirSize: reservoir, FixedRate: rate }
    await client.send(new CreateSamplingRuleCommand({ SamplingRule: rule('minute', shared) }))
    const letters = 'ABCDEFGHIJKLMNOPQRST'.split('')
    const quotaOf = async (letter: string, counts: typeof COUNTS) => {
      const { SamplingTargetDocuments: [target] = [] } = await report('minute', letter, counts)
      return target?.ReservoirQuota ?? Number.NaN
    }
    // When all have been heard of, each has its share.
    const none = { RequestCount: 0, SampledCount: 0, BorrowCount: 0 }
    for (const letter of letters) await quotaOf(letter, none)
    const quotas = await Promise.all(letters.map(async (letter) => quotaOf(letter, none)))
    expect(quotas.reduce((sum, quota) => sum + quota)).toBe(reservoir)
    expect(new Set(quotas)).toEqual(new Set([2, 3]))
    // What each does with it in a minute: the quota of each second, and of the rest every tenth.
    const done = quotas.map((quota) => {
      const beyond = (perSecond - Math.min(quota, perSecond)) * seconds
      const SampledCount = Math.min(quota, perSecond) * seconds + Math.floor(beyond * rate)
      return { RequestCount: perSecond * seconds, SampledCount, BorrowCount: 0 }
    })
    const all = letters.length * perSecond * seconds
    await Promise.all(letters.map(async (letter, index) => quotaOf(letter, done[index] ?? none)))
    const path = '/api/sampling/trend?rule=minute'
    const trend = parseObject((await send(server.url, { method: 'GET', path })).text) as Trend
    const points = trend.rules.flatMap((one) => one.points)
    const sum = (member: 'requests' | 'sampled') => points.reduce((total, point) => total + point[member], 0)
    expect(sum('requests')).toBe(all)
    expect(sum('sampled')).toBeLessThanOrEqual(reservoir * seconds + rate * (all - reservoir * seconds))
    expect(sum('sampled')).toBeGreaterThan(reservoir * seconds)
    await remove('minute')
  })

  test('the last modification moves with the rules, and with nothing else', async () => {
    const last = async () => (await report('Default', 'A')).LastRuleModification?.getTime() ?? 0
    const first = await last()
    expect(await last()).toBe(first)
    await create('moves')
    const made = await last()
    expect(made).toBeGreaterThan(first)
    await refusal(create('moves'))
    expect(await last()).toBe(made)
    await client.send(new UpdateSamplingRuleCommand({ SamplingRuleUpdate: { RuleName: 'moves', Priority: 5 } }))
    const changed = await last()
    expect(changed).toBeGreaterThan(made)
    await remove('moves')
    expect(await last()).toBeGreaterThan(changed)
  })

  test('samplers ask unsigned, without body and content type', async () => {
    const listed = await send(server.url, { path: '/GetSamplingRules' })
    expect([listed.status, listed.text]).toEqual([200, expect.stringContaining('"RuleName":"Default"')])
    const asked = await send(server.url, { path: '/SamplingTargets', body: '{"SamplingStatisticsDocuments":[]}' })
    expect([asked.status, parseObject(asked.text)]).toEqual([
      200,
      {
        SamplingTargetDocuments: [],
        LastRuleModification: expect.any(Number),
        UnprocessedStatistics: [],
        UnprocessedBoostStatistics: [],
      },
    ])
  })

  test('/api/sampling/try says which rule decides', async () => {
    const api = rule('api', { Host: 'api.*', HTTPMethod: 'POST', Priority: 3 })
    await client.send(new CreateSamplingRuleCommand({ SamplingRule: api }))
    const asked = async (query: string) =>
      parseObject((await send(server.url, { method: 'GET', path: `/api/sampling/try?${query}` })).text)
    expect(await asked('host=api.example.com&method=post')).toMatchObject({ rule: 'api', fixedRate: 0.5 })
    expect(await asked('host=api.example.com&method=GET')).toMatchObject({
      rule: 'Default',
      considered: [
        { rule: 'api', priority: 3, matches: false, failed: ['HTTPMethod'] },
        { rule: 'Default', priority: 10_000, matches: true, failed: [] },
      ],
    })
    await remove('api')
  })

  test('aws-xray-sdk-core samples by a rule from us', { timeout: 60_000 }, async () => {
    await using home = await temporaryDirectory()
    const everything = rule('everything', { Priority: 1, FixedRate: 1, ServiceName: 'sh?p' })
    await client.send(new CreateSamplingRuleCommand({ SamplingRule: everything }))
    const env = cleanEnvironment(home.path, { AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${server.port}` })
    const program = fileURLToPath(new URL('./xray-sdk-sampling-client.mjs', import.meta.url))
    const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    await new Promise((resolve) => child.once('close', resolve))
    const told = parseObject(stdout.trim().split('\n').at(-1) ?? '')
    expect([told['complaints'], told['decisions']]).toEqual([[], Array.from({ length: 20 }, () => 'everything')])
    const { SamplingStatisticSummaries: windows } = await client.send(new GetSamplingStatisticSummariesCommand({}))
    const {
      RequestCount,
      SampledCount = 0,
      BorrowCount = 0,
    } = windows?.find(({ RuleName }) => RuleName === 'everything') ?? {}
    // To this SDK the first of a second without a quota is borrowed, and not among the sampled ones.
    expect([RequestCount, SampledCount + BorrowCount, BorrowCount > 0]).toEqual([20, 20, true])
    await remove('everything')
  })
})

test(
  'what was answered survives kill −9 and a restart, and what was deleted stays away',
  { timeout: 120_000 },
  async () => {
    await using directory = await temporaryDirectory()
    const acknowledged = new Set<string>(['Default'])
    const unsure = new Set<string>()
    let lastModification = 0
    for (let round = 0; round < 3; round++) {
      await using running = await startServer({ dataDir: directory.path })
      const own = xrayClient(running.url)
      expect(new Set((await names(own)).filter((name) => !unsure.has(name)))).toEqual(acknowledged)
      const { LastRuleModification } = await own.send(
        new GetSamplingTargetsCommand({ SamplingStatisticsDocuments: [] }),
      )
      expect(LastRuleModification?.getTime()).toBeGreaterThanOrEqual(lastModification)
      const writing = (async () => {
        for (let index = 0; ; index++) {
          const name = `rule-${round}-${index}`
          unsure.add(name)
          const { SamplingRuleRecord } = await create(name, own)
          lastModification = SamplingRuleRecord?.ModifiedAt?.getTime() ?? Infinity
          // Every other one stays; before the limit is reached, all of them go.
          if (index % 2 === 1 || acknowledged.size > 15) await remove(name, own)
          else acknowledged.add(name)
          unsure.delete(name)
        }
      })()
      const ended = refusal(writing)
      await new Promise((resolve) => setTimeout(resolve, 300 + round * 100))
      if (round === 1) await running.stop()
      else await running.kill()
      expect(await ended).toBeInstanceOf(Error)
      own.destroy()
    }
    expect(acknowledged.size).toBeGreaterThan(3)
    await using last = await startServer({ dataDir: directory.path })
    const own = xrayClient(last.url)
    expect(new Set((await names(own)).filter((name) => !unsure.has(name)))).toEqual(acknowledged)
    own.destroy()
  },
)
