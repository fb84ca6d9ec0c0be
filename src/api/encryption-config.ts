import type { Encryption, EncryptionConfigs } from '../control/encryption.ts'
import type { Wire } from '../wire/xray/shapes.generated.ts'
import { answered } from './answered.ts'
import type { Operations } from './handler.ts'

/** The operations on the encryption configuration (spec/query §4.6). */
export function encryptionOperations(
  encryption: EncryptionConfigs,
): Pick<Operations, 'GetEncryptionConfig' | 'PutEncryptionConfig'> {
  return {
    async GetEncryptionConfig(_, { tenant }) {
      return { EncryptionConfig: writeConfig(encryption.find(tenant), 'ACTIVE') }
    },

    async PutEncryptionConfig({ Type, KeyId }, { tenant }) {
      // As with AWS, the answer shows the change under way; nothing takes time here, so the next look shows it done.
      return { EncryptionConfig: writeConfig(answered(await encryption.put(tenant, Type, KeyId)), 'UPDATING') }
    },
  }
}

function writeConfig({ keyArn }: Encryption, Status: 'ACTIVE' | 'UPDATING'): Wire['EncryptionConfig'] {
  return keyArn === undefined ? { Type: 'NONE', Status } : { Type: 'KMS', Status, KeyId: keyArn }
}
