import type { Tenant } from '../model/tenant.ts'
import type { ControlChange } from '../store/control-log.ts'
import type { Answer, Decision, Refusal } from './answer.ts'
import { invalid } from './answer.ts'
import type { Control } from './control.ts'
import { bodyOf } from './tenant-state.ts'
import type { TenantState } from './tenant-state.ts'

/** A label on a group or a sampling rule (spec/query §4.7). */
export type Tag = { readonly key: string; readonly value: string }

/** Whether a resource of this ARN is there and may have tags. */
export type IsResource = (tenant: Tenant, state: TenantState, arn: string) => boolean

/** The tags of resources, by ARN. */
export type Tags = {
  /** By key. */
  list(tenant: Tenant, arn: string): Answer<readonly Tag[]>
  /** Sets these tags beside those that are there; all of them or none. */
  add(tenant: Tenant, arn: string, tags: readonly Tag[]): Promise<Answer<undefined>>
  /** Takes the tags with these keys away. Keys that are not there are no error. */
  remove(tenant: Tenant, arn: string, keys: readonly string[]): Promise<Answer<undefined>>
}

const KIND = 'tags'
const MAX_TAGS = 50

/** Letters, digits and blanks of any script, as in AWS's other services. */
const TAG_TEXT = /^[\p{L}\p{N}\p{Z}_.:/=+\-@]*$/u

/** Tags over the resources that are there. */
export function createTags(control: Control, isThere: IsResource): Tags {
  const change = (
    tenant: Tenant,
    arn: string,
    decide: (tags: ReadonlyMap<string, string>) => Decision<undefined>,
  ): Promise<Answer<undefined>> =>
    control.change(tenant, (state) => (isThere(tenant, state, arn) ? decide(tagsOf(state, arn)) : unknown(arn)))

  return {
    list(tenant, arn) {
      const state = control.state(tenant)
      if (!isThere(tenant, state, arn)) return unknown(arn)
      return { ok: true, value: [...tagsOf(state, arn)].map(([key, value]) => ({ key, value })) }
    },

    async add(tenant, arn, tags) {
      const refusal = refuseTags(tags)
      if (refusal !== undefined) return { ok: false, refusal }
      return change(tenant, arn, (before) => {
        const after = new Map([...before, ...tags.map(({ key, value }) => [key, value] as const)])
        if (after.size > MAX_TAGS) {
          return { ok: false, refusal: { code: 'tooManyTags', message: `A resource can have up to ${MAX_TAGS} tags.` } }
        }
        const changes = tags.length === 0 ? [] : [setTags(arn, after)]
        return { ok: true, value: undefined, changes }
      })
    },

    remove: (tenant, arn, keys) =>
      change(tenant, arn, (before) => {
        const after = new Map([...before].filter(([key]) => !keys.includes(key)))
        return { ok: true, value: undefined, changes: after.size === before.size ? [] : [setTags(arn, after)] }
      }),
  }
}

/** The tags that a new resource is to have; nothing to change when there are none. */
export function tagNew(arn: string, tags: readonly Tag[]): readonly ControlChange[] {
  return tags.length === 0 ? [] : [setTags(arn, new Map(tags.map(({ key, value }) => [key, value])))]
}

/** What to append so that a resource that goes leaves no tags behind. */
export function dropTags(state: TenantState, arn: string): readonly ControlChange[] {
  return tagsOf(state, arn).size === 0 ? [] : [{ kind: KIND, key: arn, body: undefined }]
}

/** Why a new resource cannot have these tags: creating one knows a single error for it. */
export function refuseNewTags(tags: readonly Tag[]): Refusal | undefined {
  const refusal = refuseTags(tags)
  if (refusal !== undefined || tags.length <= MAX_TAGS) return refusal
  return { code: 'invalid', message: `A resource can have up to ${MAX_TAGS} tags.` }
}

function refuseTags(tags: readonly Tag[]): Refusal | undefined {
  const keys = new Set<string>()
  for (const { key, value } of tags) {
    if (/^aws:/i.test(key)) return invalid(`The tag key ${key} begins with aws:, which is reserved.`).refusal
    if (!TAG_TEXT.test(key)) return invalid(`The tag key ${key} ${ALLOWED}`).refusal
    if (!TAG_TEXT.test(value)) return invalid(`The value of the tag ${key} ${ALLOWED}`).refusal
    if (keys.has(key)) return invalid(`The tag key ${key} is given twice.`).refusal
    keys.add(key)
  }
  return undefined
}

const ALLOWED = 'may hold letters, digits, blanks and _ . : / = + - @ only.'

function setTags(arn: string, tags: ReadonlyMap<string, string>): ControlChange {
  // Pairs, since a key may be `__proto__`.
  return { kind: KIND, key: arn, body: [...tags].toSorted(([a], [b]) => (a < b ? -1 : 1)) }
}

function tagsOf(state: TenantState, arn: string): ReadonlyMap<string, string> {
  const body = bodyOf(state, KIND, arn)
  const pairs: readonly unknown[] = Array.isArray(body) ? body : []
  return new Map(pairs.filter(isPair))
}

const isPair = (value: unknown): value is readonly [string, string] =>
  Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')

function unknown(arn: string): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { code: 'unknownResource', message: `No group or sampling rule has the ARN ${arn}.` } }
}
