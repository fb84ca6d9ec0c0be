import { beforeEach, describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { callOperation } from '../../test/fixtures/call-operation.ts'
import type { Api } from './dispatch.ts'

let api: Api
beforeEach(() => {
  api = apiInMemory(1_700_000_000_000)
})
const call = callOperation(() => api)

const KMS = 'arn:aws:kms:us-east-1:000000000000'
const NONE = { EncryptionConfig: { Type: 'NONE', Status: 'ACTIVE' } }

describe('the encryption configuration', () => {
  test.each<[string, string]>([
    ['mrk-0123456789abcdef', `${KMS}:key/mrk-0123456789abcdef`],
    ['1234abcd-12ab-34cd-56ef-1234567890ab', `${KMS}:key/1234abcd-12ab-34cd-56ef-1234567890ab`],
    ['alias/traces', `${KMS}:alias/traces`],
    ['arn:aws:kms:eu-west-1:111122223333:key/k-1', 'arn:aws:kms:eu-west-1:111122223333:key/k-1'],
    ['arn:aws-cn:kms:cn-north-1:111122223333:alias/a/b', 'arn:aws-cn:kms:cn-north-1:111122223333:alias/a/b'],
  ])('with the key %s is UPDATING, then ACTIVE with its ARN, then NONE again', async (KeyId, arn) => {
    expect(await call('GetEncryptionConfig')).toEqual(NONE)
    const put = { Type: 'KMS', KeyId: arn }
    expect(await call('PutEncryptionConfig', { Type: 'KMS', KeyId })).toEqual({
      EncryptionConfig: { ...put, Status: 'UPDATING' },
    })
    expect(await call('GetEncryptionConfig')).toEqual({ EncryptionConfig: { ...put, Status: 'ACTIVE' } })
    expect(await call('GetEncryptionConfig', {}, { region: 'eu-west-1' })).toEqual(NONE)
    expect(await call('GetEncryptionConfig', {}, { account: '111122223333' })).toEqual(NONE)
    expect(await call('PutEncryptionConfig', { Type: 'NONE' })).toEqual({
      EncryptionConfig: { Type: 'NONE', Status: 'UPDATING' },
    })
    expect(await call('GetEncryptionConfig')).toEqual(NONE)
  })

  test.each<[object, string | RegExp]>([
    [{}, 'Type is required'],
    [{ Type: 'KMS' }, 'KeyId is required when Type is KMS'],
    [{ Type: 'NONE', KeyId: 'alias/a' }, 'KeyId must not be given when Type is NONE'],
    [{ Type: 'KMS', KeyId: 'alias/' }, 'KeyId alias/ is not the id, ARN or alias of a KMS key'],
    [
      { Type: 'KMS', KeyId: 'arn:aws:s3:::bucket' },
      'KeyId arn:aws:s3:::bucket is not the id, ARN or alias of a KMS key',
    ],
    [{ Type: 'KMS', KeyId: '' }, /^1 validation error detected: .*greater than or equal to 1$/],
    [{ Type: 'KMS', KeyId: 'k'.repeat(3_001) }, /less than or equal to 3000$/],
    [{ Type: 'SSE' }, /Member must satisfy enum value set/],
  ])('refuses %j', async (input, message) => {
    expect(await call('PutEncryptionConfig', input)).toEqual({
      error: 'InvalidRequestException',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    })
    expect(await call('GetEncryptionConfig')).toEqual(NONE)
  })
})
