import { groupsOf } from './group.ts'
import { rulesOf } from './sampling-rule.ts'
import type { IsResource } from './tags.ts'

/** Groups and sampling rules, Default ones included, may have tags (spec/query §4.7). */
export const isTaggable: IsResource = (tenant, state, arn) =>
  groupsOf(tenant, state).some((group) => group.arn === arn) || rulesOf(tenant, state).some((rule) => rule.arn === arn)
