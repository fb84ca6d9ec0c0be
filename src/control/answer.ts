import type { ControlChange } from '../store/control-log.ts'

/** Why something is not done. The message is for the client, who may match on it. */
export type Refusal = {
  readonly code:
    | 'invalid'
    | 'unknownResource'
    | 'tooManyTags'
    | 'tooManyRules'
    | 'malformedPolicy'
    | 'policyLockout'
    | 'policyRevision'
    | 'tooManyPolicies'
  readonly message: string
}

/** A value, or why there is none. */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal }

/** What a change comes to: what to append, and what to answer once that is durable. */
export type Decision<Value> =
  | { readonly ok: true; readonly value: Value; readonly changes: readonly ControlChange[] }
  | { readonly ok: false; readonly refusal: Refusal }

/** Refuses what makes no sense, or names nothing that is there. */
export function invalid(message: string): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { code: 'invalid', message } }
}
