import type { Tenant } from '../model/tenant.ts'
import type { Answer } from './answer.ts'
import { invalid } from './answer.ts'
import { bodyMember } from './body-member.ts'
import type { Control } from './control.ts'
import { bodyOf } from './tenant-state.ts'

/** Which key a tenant wants its traces to be encrypted with; without one, that of the service. */
export type Encryption = { readonly keyArn?: string }

/** The encryption configuration of each account and region (spec/query §4.6). */
export type EncryptionConfigs = {
  find(tenant: Tenant): Encryption
  /** Sets the key, or with `NONE` goes back to that of the service. */
  put(tenant: Tenant, type: 'NONE' | 'KMS', keyId: string | undefined): Promise<Answer<Encryption>>
}

const KIND = 'encryption'
const KEY = 'config'

const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(?:key\/[A-Za-z0-9-]+|alias\/[A-Za-z0-9/_-]+)$/
const KEY_ID = /^[A-Za-z0-9-]+$/
const ALIAS = /^alias\/[A-Za-z0-9/_-]+$/

/** Encryption configurations over the control state. There is no KMS here: a key is kept, and not looked for. */
export function createEncryptionConfigs(control: Control): EncryptionConfigs {
  return {
    find(tenant) {
      const keyArn = bodyMember(bodyOf(control.state(tenant), KIND, KEY), 'keyArn')
      return typeof keyArn === 'string' ? { keyArn } : {}
    },

    async put(tenant, type, keyId) {
      if (type === 'NONE') {
        if (keyId !== undefined) return invalid('KeyId must not be given when Type is NONE')
        return control.change(tenant, (state) => {
          const isSet = bodyOf(state, KIND, KEY) !== undefined
          return { ok: true, value: {}, changes: isSet ? [{ kind: KIND, key: KEY, body: undefined }] : [] }
        })
      }
      if (keyId === undefined) return invalid('KeyId is required when Type is KMS')
      const keyArn = keyArnOf(tenant, keyId)
      if (keyArn === undefined) return invalid(`KeyId ${keyId} is not the id, ARN or alias of a KMS key`)
      return control.change(tenant, (state) => {
        const isSame = bodyMember(bodyOf(state, KIND, KEY), 'keyArn') === keyArn
        return { ok: true, value: { keyArn }, changes: isSame ? [] : [{ kind: KIND, key: KEY, body: { keyArn } }] }
      })
    },
  }
}

/**
 * The ARN of what is named by a key id, an alias or an ARN. An alias keeps its own ARN: which key it stands for is known
 * to a KMS alone.
 */
function keyArnOf({ account, region }: Tenant, keyId: string): string | undefined {
  if (KEY_ARN.test(keyId)) return keyId
  if (KEY_ID.test(keyId)) return `arn:aws:kms:${region}:${account}:key/${keyId}`
  return ALIAS.test(keyId) ? `arn:aws:kms:${region}:${account}:${keyId}` : undefined
}
