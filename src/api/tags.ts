import type { Tag, Tags } from '../control/tags.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import type { Wire } from '../wire/xray/shapes.generated.ts'
import { answered } from './answered.ts'
import type { Operations } from './handler.ts'

type TagOperation = 'ListTagsForResource' | 'TagResource' | 'UntagResource'

/** The operations on the tags of groups and sampling rules (spec/query §4.7). */
export function tagOperations(tags: Tags): Pick<Operations, TagOperation> {
  return {
    async TagResource({ ResourceARN, Tags: given }, { tenant }) {
      answered(await tags.add(tenant, ResourceARN, readTags(given)), ResourceARN)
      return {}
    },

    async UntagResource({ ResourceARN, TagKeys }, { tenant }) {
      answered(await tags.remove(tenant, ResourceARN, TagKeys), ResourceARN)
      return {}
    },

    async ListTagsForResource({ ResourceARN, NextToken }, { tenant }) {
      // All tags of a resource fit one page, so no token was ever issued.
      if (NextToken !== undefined) fail('InvalidRequestException', 'Invalid NextToken')
      const found = answered(tags.list(tenant, ResourceARN), ResourceARN)
      return { Tags: found.map(({ key, value }) => ({ Key: key, Value: value })) }
    },
  }
}

/** Tags in the words of the control state. */
export function readTags(tags: readonly Wire['Tag'][]): readonly Tag[] {
  return tags.map(({ Key, Value }) => ({ key: Key, value: Value }))
}
