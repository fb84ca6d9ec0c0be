import { beforeEach, describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { callOperation } from '../../test/fixtures/call-operation.ts'
import type { Api } from './dispatch.ts'

const NOW = 1_700_000_000
let api: Api
beforeEach(() => {
  api = apiInMemory(NOW * 1000)
})
const call = callOperation(() => api)

const ALLOW = {
  Effect: 'Allow',
  Principal: { Service: 'sns.amazonaws.com' },
  Action: 'xray:PutTraceSegments',
  Resource: '*',
}
const text = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })
const document = text(ALLOW)
const put = (PolicyName: string, more: object = {}) =>
  call('PutResourcePolicy', { PolicyName, PolicyDocument: document, ...more })
const list = async () => (await call('ListResourcePolicies'))['ResourcePolicies']
const policy = (PolicyName: string, revision: number, PolicyDocument = document) => ({
  PolicyName,
  PolicyDocument,
  PolicyRevisionId: String(revision),
  LastUpdatedTime: NOW,
})
const wrongRevision = { error: 'InvalidPolicyRevisionIdException', message: expect.any(String) }

describe('a resource policy', () => {
  test('is put, listed as it was sent, overwritten, and deleted; another tenant has none', async () => {
    expect(await list()).toEqual([])
    expect(await put('p1')).toEqual({ ResourcePolicy: policy('p1', 1) })
    const spaced = ` ${document}\n`
    expect(await put('p1', { PolicyDocument: spaced })).toEqual({ ResourcePolicy: policy('p1', 2, spaced) })
    await put('a.@=,+-_')
    expect(await list()).toEqual([policy('a.@=,+-_', 1), policy('p1', 2, spaced)])
    for (const other of [{ region: 'eu-west-1' }, { account: '111122223333' }]) {
      expect(await call('ListResourcePolicies', {}, other)).toEqual({ ResourcePolicies: [] })
      expect(await call('DeleteResourcePolicy', { PolicyName: 'p1' }, other)).toEqual({})
    }
    expect(await call('DeleteResourcePolicy', { PolicyName: 'p1' })).toEqual({})
    expect(await list()).toEqual([policy('a.@=,+-_', 1)])
    expect(await put('p1')).toEqual({ ResourcePolicy: policy('p1', 1) })
  })

  test.each<[string, string, boolean]>([
    ['0, which means that it is new', '0', false],
    ['the latest', '2', true],
    ['an earlier one', '1', false],
    ['one to come', '3', false],
    ['another spelling of the latest', '02', false],
    ['nothing', '', false],
  ])('with the revision %s', async (_, PolicyRevisionId, isRight) => {
    await put('p')
    await put('p')
    expect(await put('p', { PolicyRevisionId })).toEqual(isRight ? { ResourcePolicy: policy('p', 3) } : wrongRevision)
    const latest = PolicyRevisionId === '2' ? '3' : PolicyRevisionId
    expect(await call('DeleteResourcePolicy', { PolicyName: 'p', PolicyRevisionId: latest })).toEqual(
      isRight ? {} : wrongRevision,
    )
  })

  test('that is not there has the revision 0, and can be deleted without one', async () => {
    expect(await put('p', { PolicyRevisionId: '1' })).toEqual(wrongRevision)
    expect(await call('DeleteResourcePolicy', { PolicyName: 'p', PolicyRevisionId: '1' })).toEqual(wrongRevision)
    expect(await call('DeleteResourcePolicy', { PolicyName: 'p' })).toEqual({})
    expect(await put('p', { PolicyRevisionId: '0' })).toEqual({ ResourcePolicy: policy('p', 1) })
  })

  test('can be one of five', async () => {
    for (let index = 0; index < 5; index++) await put(`p${index}`)
    expect(await put('p5')).toMatchObject({ error: 'PolicyCountLimitExceededException' })
    expect(await put('p4')).toEqual({ ResourcePolicy: policy('p4', 2) })
    await call('DeleteResourcePolicy', { PolicyName: 'p0' })
    expect(await put('p5')).toEqual({ ResourcePolicy: policy('p5', 1) })
  })

  test('may have 5,120 bytes', async () => {
    const filled = (bytes: number, sign: string) => {
      const padded = (count: number) => text({ ...ALLOW, Sid: sign.repeat(count) })
      const room = bytes - Buffer.byteLength(padded(0))
      return padded(Math.floor(room / Buffer.byteLength(sign)))
    }
    expect(await put('p', { PolicyDocument: filled(5_120, 'x') })).toHaveProperty('ResourcePolicy')
    expect(await put('p', { PolicyDocument: filled(5_120, 'é') })).toHaveProperty('ResourcePolicy')
    for (const sign of ['x', 'é']) {
      expect(await put('p', { PolicyDocument: filled(5_123, sign) })).toMatchObject({
        error: 'PolicySizeLimitExceededException',
      })
    }
  })

  test.each<[string, object]>([
    ['no JSON', { PolicyDocument: '{' }],
    ['no object', { PolicyDocument: '[]' }],
    ['null', { PolicyDocument: 'null' }],
    ['no statement', { PolicyDocument: '{"Version":"2012-10-17"}' }],
    ['no version', { PolicyDocument: JSON.stringify({ Statement: [ALLOW] }) }],
    ['an empty list of statements', { PolicyDocument: text() }],
    ['another effect', { PolicyDocument: text({ ...ALLOW, Effect: 'allow' }) }],
    ['no principal', { PolicyDocument: text({ ...ALLOW, Principal: undefined }) }],
    ['an empty principal', { PolicyDocument: text({ ...ALLOW, Principal: {} }) }],
    ['no action', { PolicyDocument: text({ ...ALLOW, Action: [] }) }],
    ['an action that is a number', { PolicyDocument: text({ ...ALLOW, Action: [1] }) }],
    ['a second statement without resource', { PolicyDocument: text(ALLOW, { ...ALLOW, Resource: undefined }) }],
    ['a name with a blank', { PolicyName: 'a b' }],
    ['a name that is too long', { PolicyName: 'p'.repeat(129) }],
    ['an empty name', { PolicyName: '' }],
  ])('with %s is malformed', async (_, wrong) => {
    expect(await put('p', wrong)).toEqual({ error: 'MalformedPolicyDocumentException', message: expect.any(String) })
    expect(await list()).toEqual([])
  })

  test.each<[string, object, boolean]>([
    ['everybody', { Principal: '*' }, true],
    ['everybody, in the longer form', { Principal: { AWS: '*' } }, true],
    ['the account', { Principal: { AWS: ['111122223333', '000000000000'] } }, true],
    ['the account by its root', { Principal: { AWS: 'arn:aws:iam::000000000000:root' } }, true],
    ['another account', { Principal: { AWS: '111122223333' } }, false],
    ['a service', { Principal: { Service: 'sns.amazonaws.com' } }, false],
    ['everybody this very action', { Action: 'XRAY:putresourcepolicy' }, true],
    ['everybody all actions that put', { Action: ['xray:Get*', 'xray:Put*'] }, true],
    ['everybody another action', { Action: 'xray:Get*' }, false],
    ['everybody something in another region', { Resource: 'arn:aws:xray:eu-west-1:*:*' }, false],
    ['everybody everything in this region', { Resource: 'arn:aws:xray:us-east-1:*' }, true],
    ['everybody, under a condition', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }, false],
    ['nobody', { Effect: 'Allow' }, false],
  ])('that denies %s', async (_, changed, locks) => {
    const denial = { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*', ...changed }
    const PolicyDocument = text(ALLOW, denial)
    const answer = await put('p', { PolicyDocument })
    if (locks) expect(answer).toMatchObject({ error: 'LockoutPreventionException' })
    else expect(answer).toHaveProperty('ResourcePolicy')
    expect(await put('q', { PolicyDocument, BypassPolicyLockoutCheck: true })).toHaveProperty('ResourcePolicy')
  })

  test('is on one page, and needs a name and a document', async () => {
    expect(await call('ListResourcePolicies', { NextToken: 'x' })).toEqual({
      error: 'InvalidRequestException',
      message: 'NextToken is currently not supported',
    })
    expect(await call('PutResourcePolicy', { PolicyName: 'p' })).toEqual({
      error: 'InvalidRequestException',
      message: 'PolicyDocument is required',
    })
    expect(await call('DeleteResourcePolicy', {})).toMatchObject({ message: 'PolicyName is required' })
  })
})
