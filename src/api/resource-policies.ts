import type { ResourcePolicies, ResourcePolicy } from '../control/resource-policies.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import type { Shapes, Wire } from '../wire/xray/shapes.generated.ts'
import { answered } from './answered.ts'
import type { Operations } from './handler.ts'

type PolicyOperation = 'DeleteResourcePolicy' | 'ListResourcePolicies' | 'PutResourcePolicy'

const MAX_DOCUMENT_BYTES = 5_120
const POLICY_NAME = /^[\w+=,.@-]{1,128}$/

/**
 * What PutResourcePolicy looks at before the bounds of the model: it has errors of its own for them, and does not
 * declare the one that all others have (spec/query §4.8).
 */
export function checkPutResourcePolicy({ PolicyName, PolicyDocument }: Shapes['PutResourcePolicy']['input']): void {
  if (Buffer.byteLength(PolicyDocument) > MAX_DOCUMENT_BYTES) {
    fail('PolicySizeLimitExceededException', `A policy document can have up to ${MAX_DOCUMENT_BYTES} bytes.`)
  }
  if (!POLICY_NAME.test(PolicyName)) {
    const allowed = '1 to 128 letters, digits and _ + = , . @ -'
    fail('MalformedPolicyDocumentException', `The name of a policy has ${allowed}`)
  }
}

/** The operations on resource policies (spec/query §4.8). */
export function policyOperations(policies: ResourcePolicies): Pick<Operations, PolicyOperation> {
  return {
    async PutResourcePolicy(input, { tenant, nowSeconds }) {
      const put = await policies.put(tenant, {
        name: input.PolicyName,
        document: input.PolicyDocument,
        revision: input.PolicyRevisionId,
        bypassLockoutCheck: input.BypassPolicyLockoutCheck,
        nowSeconds,
      })
      return { ResourcePolicy: writePolicy(answered(put)) }
    },

    async ListResourcePolicies({ NextToken }, { tenant }) {
      if (NextToken !== undefined) fail('InvalidRequestException', 'NextToken is currently not supported')
      return { ResourcePolicies: policies.list(tenant).map(writePolicy) }
    },

    async DeleteResourcePolicy({ PolicyName, PolicyRevisionId }, { tenant }) {
      answered(await policies.delete(tenant, PolicyName, PolicyRevisionId))
      return {}
    },
  }
}

function writePolicy({ name, document, revision, updatedSeconds }: ResourcePolicy): Wire['ResourcePolicy'] {
  return {
    PolicyName: name,
    PolicyDocument: document,
    PolicyRevisionId: String(revision),
    LastUpdatedTime: updatedSeconds,
  }
}
