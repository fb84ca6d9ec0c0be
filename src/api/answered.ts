import type { Answer, Refusal } from '../control/answer.ts'
import type { ErrorCode } from '../wire/aws/error-catalogue.ts'
import { fail } from '../wire/aws/error-catalogue.ts'

const CODES = {
  invalid: 'InvalidRequestException',
  unknownResource: 'ResourceNotFoundException',
  tooManyTags: 'TooManyTagsException',
  tooManyRules: 'RuleLimitExceededException',
  malformedPolicy: 'MalformedPolicyDocumentException',
  policyLockout: 'LockoutPreventionException',
  policyRevision: 'InvalidPolicyRevisionIdException',
  tooManyPolicies: 'PolicyCountLimitExceededException',
} as const satisfies Record<Refusal['code'], ErrorCode>

/** The value; a refusal ends the call with its error, which names the resource where its shape has a place for it. */
export function answered<Value>(answer: Answer<Value>, resourceArn?: string): Value {
  if (answer.ok) return answer.value
  const { code, message } = answer.refusal
  return fail(CODES[code], message, code === 'invalid' ? undefined : resourceArn)
}
