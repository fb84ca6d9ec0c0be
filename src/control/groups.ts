import type { Tenant } from '../model/tenant.ts'
import type { Answer, Decision, Refusal } from './answer.ts'
import { invalid } from './answer.ts'
import type { Control } from './control.ts'
import { groupExpressionError } from './group-expression.ts'
import type { Group } from './group.ts'
import { DEFAULT_GROUP, deleteGroup, groupArn, groupNamed, groupsOf, setGroup } from './group.ts'
import type { Tag } from './tags.ts'
import { dropTags, refuseNewTags, tagNew } from './tags.ts'
import type { TenantState } from './tenant-state.ts'

/** Which group is meant: by name, by ARN, or by both, which must agree. */
export type GroupSelector = { readonly name?: string | undefined; readonly arn?: string | undefined }

/** The switches of insights; what is absent keeps its value, which is false at first. */
export type InsightsSwitches = {
  readonly insightsEnabled?: boolean | undefined
  readonly notificationsEnabled?: boolean | undefined
}

/** A group to be made. */
export type NewGroup = InsightsSwitches & {
  readonly name: string
  readonly filterExpression?: string | undefined
  readonly tags?: readonly Tag[] | undefined
}

/** What an update changes. The name stays what it is. */
export type GroupPatch = InsightsSwitches & { readonly filterExpression?: string | undefined }

/** The groups of each account and region, by the rules of spec/query §4.1. */
export type Groups = {
  /** Default, then the others by name. */
  list(tenant: Tenant): readonly Group[]
  find(tenant: Tenant, selector: GroupSelector): Answer<Group>
  create(tenant: Tenant, group: NewGroup): Promise<Answer<Group>>
  update(tenant: Tenant, selector: GroupSelector, patch: GroupPatch): Promise<Answer<Group>>
  delete(tenant: Tenant, selector: GroupSelector): Promise<Answer<undefined>>
}

/** What groups need from outside. */
export type GroupsParts = {
  readonly control: Control
  /** Random, and never the same twice (`unique-id.ts`). */
  readonly newUniqueId: () => string
}

/** Beside Default. */
const MAX_GROUPS = 25

const NAME = /^[A-Za-z0-9_-]+$/

/** Groups over the control state. */
export function createGroups({ control, newUniqueId }: GroupsParts): Groups {
  return {
    list: (tenant) => groupsOf(tenant, control.state(tenant)),

    find: (tenant, selector) => findGroup(tenant, control.state(tenant), selector),

    async create(tenant, { name, filterExpression = '', tags = [], ...switches }) {
      const { insightsEnabled = false, notificationsEnabled = false } = switches
      const refusal =
        refuseName(name) ??
        refuseExpression(filterExpression) ??
        refuseSwitches({ insightsEnabled, notificationsEnabled }) ??
        refuseNewTags(tags)
      if (refusal !== undefined) return { ok: false, refusal }
      const id = newUniqueId()
      const made = { name, arn: groupArn(tenant, name, id), uniqueId: id, filterExpression, version: 1 }
      const group: Group = { ...made, insightsEnabled, notificationsEnabled }
      return control.change(tenant, (state) => decideCreate(tenant, state, group, tags))
    },

    async update(tenant, selector, patch) {
      const { filterExpression } = patch
      const refusal =
        refuseSelector(selector) ??
        (filterExpression === undefined ? undefined : refuseExpression(filterExpression)) ??
        refuseSwitches(patch)
      if (refusal !== undefined) return { ok: false, refusal }
      return control.change(tenant, (state) => decideUpdate(findGroup(tenant, state, selector), patch))
    },

    delete: (tenant, selector) =>
      control.change(tenant, (state) => decideDelete(state, findGroup(tenant, state, selector))),
  }
}

/** The group that is meant. Its name and its ARN may both be given, not none of them. */
function findGroup(tenant: Tenant, state: TenantState, selector: GroupSelector): Answer<Group> {
  const refusal = refuseSelector(selector)
  if (refusal !== undefined) return { ok: false, refusal }
  const { name, arn } = selector
  const named = name === undefined ? undefined : groupNamed(tenant, state, name)
  const addressed = arn === undefined ? undefined : groupsOf(tenant, state).find((group) => group.arn === arn)
  const isUnknown = (name !== undefined && named === undefined) || (arn !== undefined && addressed === undefined)
  const group = named ?? addressed
  if (isUnknown || group === undefined) return invalid('Group not found')
  if (addressed !== undefined && addressed.arn !== group.arn) {
    return invalid('GroupName and GroupARN are of different groups')
  }
  return { ok: true, value: group }
}

function decideCreate(tenant: Tenant, state: TenantState, group: Group, tags: readonly Tag[]): Decision<Group> {
  const { name, arn } = group
  if (groupNamed(tenant, state, name) !== undefined) return invalid(`Group ${name} already exists.`)
  if (groupsOf(tenant, state).length > MAX_GROUPS) return invalid('Group limit exceeded')
  return { ok: true, value: group, changes: [setGroup(group), ...tagNew(arn, tags)] }
}

function decideUpdate(found: Answer<Group>, patch: GroupPatch): Decision<Group> {
  if (!found.ok) return found
  const before = found.value
  const { filterExpression = before.filterExpression, insightsEnabled = before.insightsEnabled } = patch
  if (before.name === DEFAULT_GROUP && patch.filterExpression !== undefined) {
    return invalid('The Default group cannot have a filter expression.')
  }
  // Notifications go with the insights that they are about, unless they are asked for.
  const notificationsEnabled = patch.notificationsEnabled ?? (before.notificationsEnabled && insightsEnabled)
  const refusal = refuseSwitches({ insightsEnabled, notificationsEnabled })
  if (refusal !== undefined) return { ok: false, refusal }
  const isOther = filterExpression !== before.filterExpression
  const after: Group = {
    ...before,
    ...(filterExpression === undefined ? {} : { filterExpression }),
    version: before.version + (isOther ? 1 : 0),
    insightsEnabled,
    notificationsEnabled,
  }
  return { ok: true, value: after, changes: isSame(before, after) ? [] : [setGroup(after)] }
}

function decideDelete(state: TenantState, found: Answer<Group>): Decision<undefined> {
  if (!found.ok) return found
  const { name, arn } = found.value
  if (name === DEFAULT_GROUP) return invalid('The Default group cannot be deleted.')
  return { ok: true, value: undefined, changes: [deleteGroup(name), ...dropTags(state, arn)] }
}

function isSame(a: Group, b: Group): boolean {
  return (
    a.version === b.version &&
    a.insightsEnabled === b.insightsEnabled &&
    a.notificationsEnabled === b.notificationsEnabled
  )
}

function refuseSelector({ name, arn }: GroupSelector): Refusal | undefined {
  return name === undefined && arn === undefined ? invalid('GroupName or GroupARN is required').refusal : undefined
}

function refuseName(name: string): Refusal | undefined {
  if (!NAME.test(name)) {
    return invalid(
      `1 validation error detected: Value '${name}' at 'groupName' failed to satisfy constraint: ` +
        'Member must satisfy regular expression pattern: [A-Za-z0-9_-]+',
    ).refusal
  }
  const isReserved = name !== DEFAULT_GROUP && name.toLowerCase() === DEFAULT_GROUP.toLowerCase()
  return isReserved ? invalid(`The group name ${name} is reserved.`).refusal : undefined
}

function refuseExpression(text: string): Refusal | undefined {
  if (text.trim() === '') return invalid('FilterExpression is required').refusal
  const message = groupExpressionError(text)
  return message === undefined ? undefined : invalid(message).refusal
}

function refuseSwitches({ insightsEnabled, notificationsEnabled }: InsightsSwitches): Refusal | undefined {
  return insightsEnabled === false && notificationsEnabled === true
    ? invalid('NotificationsEnabled can only be true when InsightsEnabled is true').refusal
    : undefined
}
