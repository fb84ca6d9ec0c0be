import { textAt } from './aws-fields.ts'
import type { Entity } from './entity.ts'
import type { ServiceId } from './summary.ts'

/**
 * The node of the service graph that a real segment belongs to: its name, its origin verbatim as type, and the account
 * that the document names (spec/query §3.1, §3.2). Names alone do not tell nodes apart: the two segments of a Lambda
 * function share theirs (spec/ingest §3.6).
 */
export function segmentNode(segment: Entity): ServiceId {
  return segmentNodeAs(segment, nodeOf)
}

/** Makes a node of its name, type and account. */
export type MakeNode<Node> = (name: string, type: string | undefined, accountId: string | undefined) => Node

/** The same in the form of the caller's choice, for those who need no object for a node that they know. */
export function segmentNodeAs<Node>({ name, origin, aws }: Entity, make: MakeNode<Node>): Node {
  return make(name, origin, textAt(aws, 'account_id'))
}

/** A node without members that are not known. */
export function nodeOf(name: string, type: string | undefined, accountId: string | undefined): ServiceId {
  const names = [name]
  if (type === undefined) return accountId === undefined ? { name, names } : { name, names, accountId }
  return accountId === undefined ? { name, names, type } : { name, names, type, accountId }
}

/** The identity of a node as one string: equal for equal nodes, and only for them. */
export function nodeKey({ name, type, accountId }: ServiceId): string {
  // The lengths tell where each part ends, whatever it contains.
  const lengths = `${name.length} ${type === undefined ? '-' : type.length}`
  return `${lengths} ${name}${type ?? ''}${accountId === undefined ? '-' : `+${accountId}`}`
}
