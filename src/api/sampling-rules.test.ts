import { expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'

const NOW = 1_700_000_000.5
const api = apiInMemory(NOW * 1000)

async function call(path: string, body: string, headers: Record<string, string> = {}): Promise<unknown> {
  const { signal } = new AbortController()
  const answer = await api.answer({ method: 'POST', path, headers, body: Buffer.from(body), signal })
  const parsed: unknown = JSON.parse(answer.body)
  return answer.status === 200 ? parsed : [answer.status, parsed]
}

const rule = (arn: string) => ({
  SamplingRuleRecords: [
    {
      SamplingRule: {
        RuleName: 'Default',
        RuleARN: arn,
        ResourceARN: '*',
        Priority: 10_000,
        FixedRate: 0.05,
        ReservoirSize: 1,
        ServiceName: '*',
        ServiceType: '*',
        Host: '*',
        HTTPMethod: '*',
        URLPath: '*',
        Version: 1,
        Attributes: {},
      },
      CreatedAt: 0,
      ModifiedAt: 0,
    },
  ],
})
const junk = 'AWS4-HMAC-SHA256 Credential=dummy/20260101/eu-west-1/xray/aws4_request, SignedHeaders=host, Signature=0'

test.each<[string, string, Record<string, string>, string]>([
  ['unsigned, as Node and Python send it', '{}', { 'content-type': 'application/json' }, 'us-east-1'],
  ['with an empty body and no content type, as .NET sends it', '', {}, 'us-east-1'],
  ['signed with junk, as Ruby signs it', '{}', { authorization: junk }, 'eu-west-1'],
  ['with a null token', '{"NextToken":null}', {}, 'us-east-1'],
])('the Default rule is there for a call %s', async (_, body, headers, region) => {
  const arn = `arn:aws:xray:${region}:000000000000:sampling-rule/Default`
  expect(await call('/GetSamplingRules', body, headers)).toEqual(rule(arn))
})

test('a token is refused, since there is one page', async () => {
  expect(await call('/GetSamplingRules', '{"NextToken":"x"}')).toMatchObject([400, { message: 'Invalid NextToken' }])
})

const statistics = (RuleName: string, Timestamp: number) => ({
  RuleName,
  ClientID: 'ABCDEF1234567890ABCDEF10',
  Timestamp,
  RequestCount: 10,
  SampledCount: 1,
  BorrowCount: 0,
})
const target = {
  RuleName: 'Default',
  FixedRate: 0.05,
  ReservoirQuota: 1,
  ReservoirQuotaTTL: 1_700_000_300,
  Interval: 10,
}
const unknown = { RuleName: 'mine', ErrorCode: '404', Message: 'Sampling rule mine does not exist.' }
const old = { RuleName: 'Default', ErrorCode: '400', Message: 'The Timestamp is more than 5 minutes away from now' }

test.each<[string, object[], object[], object[]]>([
  ['nothing', [], [], []],
  ['the Default rule', [statistics('Default', NOW)], [target], []],
  ['the Default rule, twice', [statistics('Default', NOW), statistics('Default', NOW - 299)], [target], []],
  ['an unknown rule', [statistics('mine', NOW), statistics('Default', NOW)], [target], [unknown]],
  ['times that are past', [statistics('Default', NOW - 301)], [], [old]],
  ['times to come', [statistics('Default', NOW + 301)], [], [old]],
])('targets for %s', async (_, documents, targets, unprocessed) => {
  expect(await call('/SamplingTargets', JSON.stringify({ SamplingStatisticsDocuments: documents }))).toEqual({
    SamplingTargetDocuments: targets,
    LastRuleModification: 0,
    UnprocessedStatistics: unprocessed,
    UnprocessedBoostStatistics: [],
  })
})

test('reports of anomalies have no rule that wants them', async () => {
  const boost = { ServiceName: 's', Timestamp: NOW, AnomalyCount: 1, TotalCount: 1, SampledAnomalyCount: 1 }
  const body = {
    SamplingStatisticsDocuments: [],
    SamplingBoostStatisticsDocuments: [
      { ...boost, RuleName: 'Default' },
      { ...boost, RuleName: 'mine' },
    ],
  }
  expect(await call('/SamplingTargets', JSON.stringify(body))).toMatchObject({
    UnprocessedBoostStatistics: [{ RuleName: 'Default', ErrorCode: '400' }, unknown],
  })
})

test.each<[string, string]>([
  ['{}', 'SamplingStatisticsDocuments is required'],
  [JSON.stringify({ SamplingStatisticsDocuments: [{ ...statistics('Default', NOW), ClientID: 'short' }] }), 'ClientID'],
])('%s is refused', async (body, message) => {
  expect(await call('/SamplingTargets', body)).toMatchObject([
    400,
    { __type: 'InvalidRequestException', message: expect.stringMatching(new RegExp(message, 'i')) },
  ])
})
