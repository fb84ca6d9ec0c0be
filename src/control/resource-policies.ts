import type { Json } from '../model/json.ts'
import type { Tenant } from '../model/tenant.ts'
import type { Answer, Decision, Refusal } from './answer.ts'
import { bodyMember } from './body-member.ts'
import type { Control } from './control.ts'
import { locksOut, policyDocumentError } from './policy-document.ts'
import { bodiesOf, bodyOf } from './tenant-state.ts'

/** Who else may call the API, as its author wrote it (spec/query §4.8). */
export type ResourcePolicy = {
  readonly name: string
  /** The text as it was sent: Terraform compares it. */
  readonly document: string
  /** Counts how often the policy of this name was put, from 1. */
  readonly revision: number
  /** Epoch seconds. */
  readonly updatedSeconds: number
}

/** A policy to be stored. */
export type PutPolicy = {
  readonly name: string
  readonly document: string
  /** `0` for a policy that must not be there yet, else the revision that must be the latest one; absent, any. */
  readonly revision?: string | undefined
  readonly bypassLockoutCheck?: boolean | undefined
  readonly nowSeconds: number
}

/** The resource policies of each account and region. */
export type ResourcePolicies = {
  /** By name. */
  list(tenant: Tenant): readonly ResourcePolicy[]
  put(tenant: Tenant, policy: PutPolicy): Promise<Answer<ResourcePolicy>>
  /** A policy that is not there is no error, unless a revision is asked for. */
  delete(tenant: Tenant, name: string, revision?: string): Promise<Answer<undefined>>
}

const KIND = 'resource-policy'
const MAX_POLICIES = 5

/** Resource policies over the control state. */
export function createResourcePolicies(control: Control): ResourcePolicies {
  return {
    list: (tenant) =>
      bodiesOf(control.state(tenant), KIND)
        .flatMap(([name, body]) => readPolicy(name, body) ?? [])
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),

    async put(tenant, { name, document, revision, bypassLockoutCheck = false, nowSeconds }) {
      const error = policyDocumentError(document)
      if (error !== undefined) return refuse('malformedPolicy', error)
      return control.change(tenant, (state): Decision<ResourcePolicy> => {
        const before = readPolicy(name, bodyOf(state, KIND, name))
        const isExpected = revision === undefined || revision === String(before?.revision ?? 0)
        if (!isExpected) return refuse('policyRevision', wrongRevision(name, before))
        if (before === undefined && bodiesOf(state, KIND).length >= MAX_POLICIES) {
          return refuse('tooManyPolicies', `There can be up to ${MAX_POLICIES} resource policies.`)
        }
        if (!bypassLockoutCheck && locksOut(document, tenant)) {
          return refuse('policyLockout', 'The policy would not allow its author to call PutResourcePolicy again.')
        }
        const after = { name, document, revision: (before?.revision ?? 0) + 1, updatedSeconds: nowSeconds }
        const body = { document, revision: after.revision, updatedSeconds: nowSeconds }
        return { ok: true, value: after, changes: [{ kind: KIND, key: name, body }] }
      })
    },

    delete: (tenant, name, revision) =>
      control.change(tenant, (state): Decision<undefined> => {
        const before = readPolicy(name, bodyOf(state, KIND, name))
        if (revision !== undefined && revision !== String(before?.revision)) {
          return refuse('policyRevision', wrongRevision(name, before))
        }
        const changes = before === undefined ? [] : [{ kind: KIND, key: name, body: undefined }]
        return { ok: true, value: undefined, changes }
      }),
  }
}

function readPolicy(name: string, body: Json | undefined): ResourcePolicy | undefined {
  const document = bodyMember(body, 'document')
  const revision = bodyMember(body, 'revision')
  const updatedSeconds = bodyMember(body, 'updatedSeconds')
  return typeof document === 'string' && typeof revision === 'number' && typeof updatedSeconds === 'number'
    ? { name, document, revision, updatedSeconds }
    : undefined
}

const wrongRevision = (name: string, policy: ResourcePolicy | undefined): string =>
  policy === undefined
    ? `The resource policy ${name} does not exist.`
    : `The latest revision of the resource policy ${name} is ${policy.revision}.`

const refuse = (code: Refusal['code'], message: string): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal: { code, message },
})
