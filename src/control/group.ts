import type { Json } from '../model/json.ts'
import type { Tenant } from '../model/tenant.ts'
import type { ControlChange } from '../store/control-log.ts'
import { bodyMember } from './body-member.ts'
import type { TenantState } from './tenant-state.ts'
import { bodiesOf, bodyOf } from './tenant-state.ts'

/** A filter expression with a name, which traces are counted and looked at by (spec/query §4.1). */
export type Group = {
  readonly name: string
  readonly arn: string
  /** Never that of another group, nor of an earlier one with this name. Absent in Default, which nobody made. */
  readonly uniqueId?: string
  /** Absent in Default, which every trace belongs to. */
  readonly filterExpression?: string
  /** Counts the filter expressions that the group has had, from 1. */
  readonly version: number
  readonly insightsEnabled: boolean
  readonly notificationsEnabled: boolean
}

/** The name of the group that every account and region has. */
export const DEFAULT_GROUP = 'Default'

const KIND = 'group'

/** The group as it is to be from now on. */
export function setGroup(group: Group): ControlChange {
  const { uniqueId, filterExpression, version, insightsEnabled, notificationsEnabled } = group
  const made = uniqueId === undefined || filterExpression === undefined ? {} : { uniqueId, filterExpression }
  return { kind: KIND, key: group.name, body: { ...made, version, insightsEnabled, notificationsEnabled } }
}

/** No group of this name from now on. */
export function deleteGroup(name: string): ControlChange {
  return { kind: KIND, key: name, body: undefined }
}

/** The group of this name; upper and lower case are different names. */
export function groupNamed(tenant: Tenant, state: TenantState, name: string): Group | undefined {
  const body = bodyOf(state, KIND, name)
  if (name === DEFAULT_GROUP) return defaultGroup(tenant, body)
  return body === undefined ? undefined : readGroup(tenant, name, body)
}

/** All groups: Default, then the others by name. */
export function groupsOf(tenant: Tenant, state: TenantState): readonly Group[] {
  const made = bodiesOf(state, KIND)
    .filter(([name]) => name !== DEFAULT_GROUP)
    .flatMap(([name, body]) => readGroup(tenant, name, body) ?? [])
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return [defaultGroup(tenant, bodyOf(state, KIND, DEFAULT_GROUP)), ...made]
}

/** `arn:aws:xray:{region}:{account}:group/{name}/{uniqueId}`; Default has no unique id (spec/query §0.5). */
export function groupArn({ account, region }: Tenant, name: string, uniqueId?: string): string {
  return `arn:aws:xray:${region}:${account}:group/${name}${uniqueId === undefined ? '' : `/${uniqueId}`}`
}

function defaultGroup(tenant: Tenant, body: Json | undefined): Group {
  return { name: DEFAULT_GROUP, arn: groupArn(tenant, DEFAULT_GROUP), version: 1, ...readSwitches(body) }
}

/** Nothing when the body is not that of a group; then somebody else wrote into the log. */
function readGroup(tenant: Tenant, name: string, body: Json): Group | undefined {
  const uniqueId = bodyMember(body, 'uniqueId')
  const filterExpression = bodyMember(body, 'filterExpression')
  const version = bodyMember(body, 'version')
  if (typeof uniqueId !== 'string' || typeof filterExpression !== 'string' || typeof version !== 'number') {
    return undefined
  }
  const arn = groupArn(tenant, name, uniqueId)
  return { name, arn, uniqueId, filterExpression, version, ...readSwitches(body) }
}

function readSwitches(body: Json | undefined): Pick<Group, 'insightsEnabled' | 'notificationsEnabled'> {
  return {
    insightsEnabled: bodyMember(body, 'insightsEnabled') === true,
    notificationsEnabled: bodyMember(body, 'notificationsEnabled') === true,
  }
}
