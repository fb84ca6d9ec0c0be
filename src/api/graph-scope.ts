import { expressionOfGroup } from '../control/expression-of-group.ts'
import type { Groups } from '../control/groups.ts'
import { resolveGroups } from '../filter/resolve-groups.ts'
import type { GraphWindow } from '../model/graph/add-trace.ts'
import type { Tenant } from '../model/tenant.ts'
import type { TraceFilter } from '../query/traces.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import type { Wire } from '../wire/xray/shapes.generated.ts'
import { answered } from './answered.ts'
import type { Call } from './handler.ts'

type TimeRange = { readonly StartTime: number; readonly EndTime: number }
type GroupMembers = Pick<Wire['GetServiceGraphRequest'], 'GroupName' | 'GroupARN'>

/** The last second of the year 9999, beyond which engines disagree about times. */
const LAST_SECOND = 253_402_300_799

/** The half-open window of a request for graphs or series (spec/query §3.6, §3.8). */
export function readWindow({ StartTime, EndTime }: TimeRange): GraphWindow {
  if (StartTime >= EndTime) fail('InvalidRequestException', 'StartTime must be before EndTime')
  return { startSeconds: clamp(StartTime), endSeconds: clamp(EndTime) }
}

/**
 * The traces of the group that is asked for: those that satisfy its expression as it is now. Nothing for all traces,
 * which is what `Default` has, and what is meant without a group. A name and an ARN have to be of one group.
 */
export function readGroup(
  groups: Groups,
  tenant: Tenant,
  { GroupName, GroupARN }: GroupMembers,
): TraceFilter | undefined {
  if (GroupName === undefined && GroupARN === undefined) return undefined
  const { arn } = answered(groups.find(tenant, { name: GroupName, arn: GroupARN }))
  const resolved = resolveGroups({ kind: 'group', by: 'arn', operator: '=', value: arn }, (by, value) =>
    expressionOfGroup(groups, tenant, by, value),
  )
  if (!resolved.ok) return fail('InvalidRequestException', resolved.error.message)
  return resolved.value.kind === 'everything' ? undefined : { expression: resolved.value, needsWholeDocuments: false }
}

/** Everything that the pages of one answer have in common, for their tokens. */
export function graphParameters(operation: string, input: object, { tenant }: Call): readonly unknown[] {
  const members = Object.entries(input)
    .filter(([name]) => name !== 'NextToken')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return [operation, tenant.account, tenant.region, members]
}

const clamp = (seconds: number): number => Math.min(Math.max(seconds, 0), LAST_SECOND)
