import {
  BatchGetTracesCommand,
  CancelTraceRetrievalCommand,
  DeleteResourcePolicyCommand,
  GetEncryptionConfigCommand,
  GetIndexingRulesCommand,
  GetRetrievedTracesGraphCommand,
  GetTraceSegmentDestinationCommand,
  InvalidPolicyRevisionIdException,
  InvalidRequestException,
  ListResourcePoliciesCommand,
  ListRetrievedTracesCommand,
  type ListRetrievedTracesCommandOutput,
  LockoutPreventionException,
  MalformedPolicyDocumentException,
  PolicyCountLimitExceededException,
  PolicySizeLimitExceededException,
  PutEncryptionConfigCommand,
  PutResourcePolicyCommand,
  PutTraceSegmentsCommand,
  ResourceNotFoundException,
  StartTraceRetrievalCommand,
  UpdateIndexingRuleCommand,
  UpdateTraceSegmentDestinationCommand,
  type XRayClient,
} from '@aws-sdk/client-xray'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refusal } from '../fixtures/refusal.ts'
import { startServer, temporaryDirectory, type RunningServer } from '../fixtures/run-server.ts'
import { newId, newTraceId } from '../fixtures/segments.ts'
import { xrayClient } from '../fixtures/xray-client.ts'

let server: RunningServer
const clients: XRayClient[] = []

beforeAll(async () => {
  server = await startServer()
}, 60_000)

afterAll(async () => {
  for (const client of clients) client.destroy()
  await server?.[Symbol.asyncDispose]()
})

/** A client of an account of its own: what one test sets, no other sees. */
function tenant(account: string, { url, region = 'us-east-1' }: { url?: string; region?: string } = {}): XRayClient {
  const credentials = { accessKeyId: account, secretAccessKey: 'none' }
  const client = xrayClient(url ?? server.url, { credentials, region })
  clients.push(client)
  return client
}

const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'xray:PutTraceSegments', Resource: '*' },
  ],
})
const DENY = POLICY.replace('Allow', 'Deny')
  .replace('{"Service":"sns.amazonaws.com"}', '"*"')
  .replace('xray:PutTraceSegments', 'xray:*')

const encryption = async (client: XRayClient) =>
  (await client.send(new GetEncryptionConfigCommand({}))).EncryptionConfig
const policies = async (client: XRayClient) => (await client.send(new ListResourcePoliciesCommand({}))).ResourcePolicies
const percentage = async (client: XRayClient) =>
  (await client.send(new GetIndexingRulesCommand({}))).IndexingRules?.map(({ Rule }) => Rule?.Probabilistic)
async function destination(client: XRayClient) {
  const { Destination, Status } = await client.send(new GetTraceSegmentDestinationCommand({}))
  return [Destination, Status]
}
const send = (client: XRayClient, ...documents: object[]) =>
  client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: documents.map((one) => JSON.stringify(one)) }))
const index = (client: XRayClient, DesiredSamplingPercentage: number) =>
  client.send(
    new UpdateIndexingRuleCommand({ Name: 'Default', Rule: { Probabilistic: { DesiredSamplingPercentage } } }),
  )
const direct = (client: XRayClient, Destination: 'XRay' | 'CloudWatchLogs') =>
  client.send(new UpdateTraceSegmentDestinationCommand({ Destination }))

/** Starts a retrieval over the last and the next hour. */
async function start(client: XRayClient, TraceIds: string[]): Promise<string> {
  const [StartTime, EndTime] = [-3_600_000, 3_600_000].map((shift) => new Date(Date.now() + shift))
  const { RetrievalToken = '' } = await client.send(new StartTraceRetrievalCommand({ TraceIds, StartTime, EndTime }))
  expect(RetrievalToken).not.toBe('')
  return RetrievalToken
}

/** The first page, once the retrieval has ended. */
async function complete(client: XRayClient, RetrievalToken: string): Promise<ListRetrievedTracesCommandOutput> {
  let answer = await client.send(new ListRetrievedTracesCommand({ RetrievalToken }))
  for (let round = 0; /SCHEDULED|RUNNING/.test(String(answer.RetrievalStatus)) && round < 200; round++) {
    expect(answer.Traces).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 50))
    answer = await client.send(new ListRetrievedTracesCommand({ RetrievalToken }))
  }
  expect(answer.RetrievalStatus).toBe('COMPLETE')
  return answer
}

describe('through the AWS SDK', () => {
  test('the encryption configuration: NONE, a key, an alias, errors, NONE', async () => {
    const client = tenant('100000000001')
    expect(await encryption(client)).toEqual({ Type: 'NONE', Status: 'ACTIVE' })
    for (const [KeyId, arn] of [
      ['k-1', 'arn:aws:kms:us-east-1:100000000001:key/k-1'],
      ['alias/a', 'arn:aws:kms:us-east-1:100000000001:alias/a'],
    ]) {
      const put = await client.send(new PutEncryptionConfigCommand({ Type: 'KMS', KeyId }))
      expect(put.EncryptionConfig).toEqual({ Type: 'KMS', Status: 'UPDATING', KeyId: arn })
      expect(await encryption(client)).toEqual({ Type: 'KMS', Status: 'ACTIVE', KeyId: arn })
    }
    for (const wrong of [{ Type: 'KMS' }, { Type: 'NONE', KeyId: 'k' }, { Type: 'KMS', KeyId: 'a b' }] as const) {
      expect(await refusal(client.send(new PutEncryptionConfigCommand(wrong)))).toBeInstanceOf(InvalidRequestException)
    }
    await client.send(new PutEncryptionConfigCommand({ Type: 'NONE' }))
    expect(await encryption(client)).toEqual({ Type: 'NONE', Status: 'ACTIVE' })
  })

  test('a resource policy: put, put again, listed as it was sent, deleted; every error by its class', async () => {
    const client = tenant('100000000002')
    const put = (PolicyName: string, PolicyDocument = POLICY, PolicyRevisionId?: string) =>
      client.send(new PutResourcePolicyCommand({ PolicyName, PolicyDocument, PolicyRevisionId }))
    const made = (await put('p0', POLICY, '0')).ResourcePolicy
    expect(made).toEqual({
      PolicyName: 'p0',
      PolicyDocument: POLICY,
      PolicyRevisionId: '1',
      LastUpdatedTime: expect.any(Date),
    })
    expect(Math.abs(Date.now() - Number(made?.LastUpdatedTime))).toBeLessThan(60_000)
    expect((await put('p0', ` ${POLICY}`, '1')).ResourcePolicy?.PolicyRevisionId).toBe('2')
    expect(await policies(client)).toMatchObject([{ PolicyDocument: ` ${POLICY}`, PolicyRevisionId: '2' }])

    const { length } = POLICY
    expect(await refusal(put('p0', POLICY, '1'))).toBeInstanceOf(InvalidPolicyRevisionIdException)
    expect(await refusal(put('p1', '{}'))).toBeInstanceOf(MalformedPolicyDocumentException)
    expect(await refusal(put('p 1'))).toBeInstanceOf(MalformedPolicyDocumentException)
    expect(await refusal(put('p1', POLICY + ' '.repeat(5_121 - length)))).toBeInstanceOf(
      PolicySizeLimitExceededException,
    )
    expect(await refusal(put('p1', DENY))).toBeInstanceOf(LockoutPreventionException)
    for (const name of ['p1', 'p2', 'p3', 'p4']) await put(name)
    expect(await refusal(put('p5'))).toBeInstanceOf(PolicyCountLimitExceededException)

    const remove = (PolicyName: string, PolicyRevisionId?: string) =>
      client.send(new DeleteResourcePolicyCommand({ PolicyName, PolicyRevisionId }))
    expect(await refusal(remove('p0', '1'))).toBeInstanceOf(InvalidPolicyRevisionIdException)
    await remove('p0', '2')
    await remove('p0')
    expect((await policies(client))?.map(({ PolicyName }) => PolicyName)).toEqual(['p1', 'p2', 'p3', 'p4'])
  })

  test('of ten callers who put a new policy at the same time, one succeeds', async () => {
    const client = tenant('100000000003')
    const put = new PutResourcePolicyCommand({ PolicyName: 'p', PolicyDocument: POLICY, PolicyRevisionId: '0' })
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => client.send(put)))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await policies(client)).toMatchObject([{ PolicyRevisionId: '1' }])
  })

  test('the destination and the indexing rule decide which traces are found; a retrieval finds all', async () => {
    const client = tenant('100000000004')
    expect(await destination(client)).toEqual(['XRay', 'ACTIVE'])
    expect(await percentage(client)).toEqual([{ DesiredSamplingPercentage: 1, ActualSamplingPercentage: 1 }])
    const same = await refusal(direct(client, 'XRay'))
    expect(same).toBeInstanceOf(InvalidRequestException)
    expect(String(same)).toContain('The destination is already set to XRay')

    const { IndexingRule } = await index(client, 0)
    expect(IndexingRule).toEqual({
      Name: 'Default',
      ModifiedAt: expect.any(Date),
      Rule: { Probabilistic: { DesiredSamplingPercentage: 0, ActualSamplingPercentage: 0 } },
    })
    expect(await direct(client, 'CloudWatchLogs')).toMatchObject({ Destination: 'CloudWatchLogs', Status: 'PENDING' })
    expect(String(await refusal(direct(client, 'XRay')))).toContain(
      'Updates are not allowed while the current status is PENDING',
    )
    await expect.poll(() => destination(client), { timeout: 5_000 }).toEqual(['CloudWatchLogs', 'ACTIVE'])

    const id = newTraceId()
    const start_time = Date.now() / 1000
    await send(client, { trace_id: id, id: newId(), name: 'web', start_time, end_time: start_time + 0.1 })
    const found = await client.send(new BatchGetTracesCommand({ TraceIds: [id] }))
    expect([found.Traces, found.UnprocessedTraceIds]).toEqual([[], [id]])
    expect((await complete(client, await start(client, [id]))).Traces).toMatchObject([{ Id: id }])

    const other = new UpdateIndexingRuleCommand({
      Name: 'Other',
      Rule: { Probabilistic: { DesiredSamplingPercentage: 1 } },
    })
    expect(await refusal(client.send(other))).toBeInstanceOf(ResourceNotFoundException)
    expect(await refusal(index(client, 101))).toBeInstanceOf(InvalidRequestException)
  })

  test('a retrieval: started, complete, paged in both formats, its graph, cancelled, unknown', async () => {
    const client = tenant('100000000005')
    const ids = Array.from({ length: 7 }, () => newTraceId())
    const start_time = Date.now() / 1000 - 5
    const documents = ids.map((trace_id) => ({
      trace_id,
      id: newId(),
      name: 'web',
      start_time,
      end_time: start_time + 1,
      subsegments: [{ id: newId(), name: 'work', start_time, end_time: start_time + 0.5 }],
    }))
    await send(client, ...documents)
    const RetrievalToken = await start(client, [...ids, newTraceId()])
    await complete(client, RetrievalToken)
    for (const [TraceFormat, spans] of [
      ['XRAY', 1],
      ['OTEL', 2],
    ] as const) {
      const first = await client.send(new ListRetrievedTracesCommand({ RetrievalToken, TraceFormat }))
      const { NextToken } = first
      const last = await client.send(new ListRetrievedTracesCommand({ RetrievalToken, TraceFormat, NextToken }))
      expect([first.Traces?.length, last.Traces?.length, last.NextToken]).toEqual([5, 2, undefined])
      const all = [...(first.Traces ?? []), ...(last.Traces ?? [])]
      expect(all.map(({ Id }) => Id)).toEqual(ids)
      expect(all.map(({ Duration, Spans }) => [Duration, Spans?.length])).toEqual(ids.map(() => [1, spans]))
      expect(all.map(({ Spans }) => Spans?.[0]?.Id)).toEqual(documents.map(({ id }) => id))
    }
    const graph = await client.send(new GetRetrievedTracesGraphCommand({ RetrievalToken }))
    expect(graph.RetrievalStatus).toBe('COMPLETE')
    expect(graph.Services?.map(({ Service, Links }) => [Service?.Name, Service?.Type, Links])).toEqual([
      ['web', 'client', []],
      ['web', undefined, []],
    ])
    expect(graph.Services?.[1]?.Service?.SummaryStatistics?.TotalCount).toBe(7)
    const late = await refusal(client.send(new CancelTraceRetrievalCommand({ RetrievalToken })))
    expect(late).toBeInstanceOf(InvalidRequestException)
    for (const token of ['', 'unknown']) {
      const list = await refusal(client.send(new ListRetrievedTracesCommand({ RetrievalToken: token })))
      expect(list).toBeInstanceOf(ResourceNotFoundException)
      expect(list).toMatchObject({ $metadata: { httpStatusCode: 404 } })
    }
  })
})

test('accounts and regions see nothing of each other', async () => {
  const [own, ...others] = [
    tenant('100000000006'),
    tenant('100000000007'),
    tenant('100000000006', { region: 'eu-west-1' }),
  ] as const
  const id = newTraceId()
  const start_time = Date.now() / 1000
  await send(own, { trace_id: id, id: newId(), name: 'web', start_time, end_time: start_time })
  await own.send(new PutEncryptionConfigCommand({ Type: 'KMS', KeyId: 'k' }))
  await own.send(new PutResourcePolicyCommand({ PolicyName: 'p', PolicyDocument: POLICY }))
  await index(own, 50)
  await direct(own, 'CloudWatchLogs')
  const token = await start(own, [id])
  expect((await complete(own, token)).Traces).toHaveLength(1)
  for (const other of others) {
    expect(await encryption(other)).toEqual({ Type: 'NONE', Status: 'ACTIVE' })
    expect(await policies(other)).toEqual([])
    expect(await percentage(other)).toMatchObject([{ DesiredSamplingPercentage: 1 }])
    expect(await destination(other)).toEqual(['XRay', 'ACTIVE'])
    for (const command of [
      new ListRetrievedTracesCommand({ RetrievalToken: token }),
      new GetRetrievedTracesGraphCommand({ RetrievalToken: token }),
      new CancelTraceRetrievalCommand({ RetrievalToken: token }),
    ]) {
      const asked = other.send(command)
      expect(await refusal(asked)).toBeInstanceOf(ResourceNotFoundException)
    }
    expect((await complete(other, await start(other, [id]))).Traces).toEqual([])
  }
})

test('everything survives kill −9 and a restart, and what was deleted stays away', { timeout: 120_000 }, async () => {
  await using directory = await temporaryDirectory()
  const id = newTraceId()
  let token = ''
  for (const end of ['kill', 'stop', 'kill'] as const) {
    await using running = await startServer({ dataDir: directory.path })
    const client = tenant('100000000008', { url: running.url })
    if (token === '') {
      const start_time = Date.now() / 1000
      await send(client, { trace_id: id, id: newId(), name: 'web', start_time, end_time: start_time })
      await client.send(new PutEncryptionConfigCommand({ Type: 'KMS', KeyId: 'alias/a' }))
      for (const PolicyName of ['kept', 'gone', 'kept']) {
        await client.send(new PutResourcePolicyCommand({ PolicyName, PolicyDocument: POLICY }))
      }
      await client.send(new DeleteResourcePolicyCommand({ PolicyName: 'gone' }))
      await index(client, 12.5)
      await direct(client, 'CloudWatchLogs')
      // Its work may be done by the next server only.
      token = await start(client, [id])
    } else {
      expect(await encryption(client)).toMatchObject({ Type: 'KMS', KeyId: expect.stringMatching(/:alias\/a$/) })
      expect(await policies(client)).toMatchObject([{ PolicyName: 'kept', PolicyRevisionId: '2' }])
      expect(await percentage(client)).toMatchObject([{ DesiredSamplingPercentage: 12.5 }])
      // The change is pending for its second even when the restart took less.
      await expect.poll(() => destination(client), { timeout: 5_000 }).toEqual(['CloudWatchLogs', 'ACTIVE'])
      expect((await complete(client, token)).Traces).toMatchObject([{ Id: id, Spans: [{}] }])
    }
    if (end === 'kill') await running.kill()
    else expect(await running.stop()).toBe(0)
  }
})
