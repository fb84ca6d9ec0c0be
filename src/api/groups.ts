import type { Group } from '../control/group.ts'
import { DEFAULT_GROUP } from '../control/group.ts'
import type { Groups, GroupSelector, InsightsSwitches } from '../control/groups.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import { readPageToken, writePageToken } from '../wire/aws/page-token.ts'
import type { Wire } from '../wire/xray/shapes.generated.ts'
import { answered } from './answered.ts'
import type { Call, Operations } from './handler.ts'
import { readTags } from './tags.ts'

const PAGE_SIZE = 100

type GroupOperation = 'CreateGroup' | 'DeleteGroup' | 'GetGroup' | 'GetGroups' | 'UpdateGroup'

/** The operations on groups (spec/query §4.1). */
export function groupOperations(groups: Groups): Pick<Operations, GroupOperation> {
  return {
    async CreateGroup({ GroupName, FilterExpression, InsightsConfiguration, Tags = [] }, { tenant }) {
      const group = {
        name: GroupName,
        filterExpression: FilterExpression,
        tags: readTags(Tags),
        ...readSwitches(InsightsConfiguration),
      }
      return { Group: writeGroup(answered(await groups.create(tenant, group))) }
    },

    async UpdateGroup(input, { tenant }) {
      const patch = { filterExpression: input.FilterExpression, ...readSwitches(input.InsightsConfiguration) }
      return { Group: writeGroup(answered(await groups.update(tenant, readSelector(input), patch))) }
    },

    async DeleteGroup(input, { tenant }) {
      answered(await groups.delete(tenant, readSelector(input)))
      return {}
    },

    async GetGroup(input, { tenant }) {
      return { Group: writeGroup(answered(groups.find(tenant, readSelector(input)))) }
    },

    async GetGroups({ NextToken }, call) {
      return listGroups(groups.list(call.tenant), NextToken, call)
    },
  }
}

/** A page begins after the name in its token, so groups that come and go between two pages move no others. */
function listGroups(
  groups: readonly Group[],
  token: string | undefined,
  { tenant, nowSeconds }: Call,
): Wire['GetGroupsResult'] {
  const parameters = ['GetGroups', tenant.account, tenant.region]
  const after = token === undefined ? undefined : readPageToken(token, parameters, nowSeconds)
  if (token !== undefined && after === undefined) return fail('InvalidRequestException', 'Invalid NextToken')
  const rest = after === undefined ? groups : groups.filter((group) => place(group.name) > after.id)
  const page = rest.slice(0, PAGE_SIZE)
  const last = rest.length > PAGE_SIZE ? page.at(-1) : undefined
  return {
    Groups: page.map(writeGroup),
    ...(last === undefined
      ? {}
      : { NextToken: writePageToken(parameters, { timeSeconds: 0, id: place(last.name) }, nowSeconds) }),
  }
}

/** Sorts as the list does: Default comes first. */
const place = (name: string): string => (name === DEFAULT_GROUP ? '' : name)

/** Both switches are always there: CloudFormation's client looks at them unasked. */
function writeGroup(group: Group): Wire['Group'] {
  return {
    GroupName: group.name,
    GroupARN: group.arn,
    ...(group.filterExpression === undefined ? {} : { FilterExpression: group.filterExpression }),
    InsightsConfiguration: {
      InsightsEnabled: group.insightsEnabled,
      NotificationsEnabled: group.notificationsEnabled,
    },
  }
}

function readSelector({ GroupName, GroupARN }: Pick<Wire['Group'], 'GroupName' | 'GroupARN'>): GroupSelector {
  return { name: GroupName, arn: GroupARN }
}

function readSwitches(configuration: Wire['InsightsConfiguration'] = {}): InsightsSwitches {
  return {
    insightsEnabled: configuration.InsightsEnabled,
    notificationsEnabled: configuration.NotificationsEnabled,
  }
}
