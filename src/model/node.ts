import { textAt } from './aws-fields.ts'
import type { Entity } from './entity.ts'
import type { ServiceId } from './summary.ts'

/**
 * The node of the service graph that a real segment belongs to: its name, its origin verbatim as type, and the account
 * that the document names (spec/query §3.1, §3.2). Names alone do not tell nodes apart: the two segments of a Lambda
 * function share theirs (spec/ingest §3.6).
 */
export function segmentNode({ name, origin, aws }: Entity): ServiceId {
  const accountId = textAt(aws, 'account_id')
  return {
    name,
    names: [name],
    ...(origin === undefined ? {} : { type: origin }),
    ...(accountId === undefined ? {} : { accountId }),
  }
}

/** The identity of a node as one string: equal for equal nodes, and only for them. */
export function nodeKey({ name, type, accountId }: ServiceId): string {
  return JSON.stringify([name, type ?? 0, accountId ?? 0])
}
