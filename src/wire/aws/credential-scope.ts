import type { Tenant } from '../../model/tenant.ts'
import type { RequestHead } from './http-message.ts'
import { headerText } from './http-message.ts'

const ACCOUNT = /^\d{12}$/
const REGION = /^[a-z][a-z0-9-]{0,31}$/
const HEADER_CREDENTIAL = /^AWS4[A-Z0-9-]*\s.*?\bCredential=([^,\s]+)/s
const QUERY_CREDENTIAL = /[?&]X-Amz-Credential=([^&]+)/i

/**
 * Whose data a call is about: an access key of twelve digits is an account id, any other key stands for the default
 * account; the region is the signed one, else the default (design §6). Signatures are not looked at here, and anything
 * unreadable counts as unsigned.
 */
export function credentialScope(head: RequestHead, defaults: Tenant): Tenant {
  const authorization = headerText(head.headers, 'authorization')
  const credential =
    authorization === undefined ? queryCredential(head.path) : HEADER_CREDENTIAL.exec(authorization)?.[1]
  if (credential === undefined) return defaults
  const [key = '', ...scope] = credential.split('/')
  // date / region / service / aws4_request; SigV4a signs for a set of regions and leaves the second out.
  const region = scope.length === 4 ? (scope[1] ?? '') : ''
  return {
    account: ACCOUNT.test(key) ? key : defaults.account,
    region: REGION.test(region) ? region : defaults.region,
  }
}

function queryCredential(path: string): string | undefined {
  const encoded = QUERY_CREDENTIAL.exec(path)?.[1]
  if (encoded === undefined) return undefined
  try {
    return decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}
