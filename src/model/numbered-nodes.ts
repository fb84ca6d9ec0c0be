import { nodeKey, nodeOf } from './node.ts'
import type { ServiceId } from './summary.ts'

/** A node of one trace. Within a trace equal nodes are one object, so that nobody compares names twice. */
export type NumberedNode = {
  /** Its position among the trace's nodes. */
  readonly number: number
  readonly service: ServiceId
}

/** The nodes of one trace while they are found. */
export type NodeNumbers = {
  /** By number. */
  readonly services: ServiceId[]
  /** The first node of each name, with the next ones of that name behind it. */
  readonly byName: Map<string, ChainedNode>
  /** By `nodeKey`, for the nodes of a name that many have. */
  byKey: Map<string, NumberedNode> | undefined
}

type ChainedNode = NumberedNode & { next: ChainedNode | undefined }

/** As many nodes of one name are compared one by one; only hostile traces have more. */
const LONGEST_CHAIN = 8

/** No nodes yet. */
export function nodeNumbers(): NodeNumbers {
  return { services: [], byName: new Map(), byKey: undefined }
}

/**
 * The node with this name, type and account, which gets the next number when it is new. It takes one look at a map, of a
 * text that is there already, since this is asked for every call of every trace.
 */
export function numberNode(
  numbers: NodeNumbers,
  name: string,
  type: string | undefined,
  accountId: string | undefined,
): NumberedNode {
  const first = numbers.byName.get(name)
  let last: ChainedNode | undefined
  let length = 0
  for (let node = first; node !== undefined; node = node.next) {
    if (node.service.type === type && node.service.accountId === accountId) return node
    last = node
    length++
  }
  const service = nodeOf(name, type, accountId)
  if (length >= LONGEST_CHAIN) return numberByKey(numbers, service)
  const node: ChainedNode = { number: numbers.services.length, service, next: undefined }
  numbers.services.push(service)
  if (last === undefined) numbers.byName.set(name, node)
  else last.next = node
  return node
}

function numberByKey(numbers: NodeNumbers, service: ServiceId): NumberedNode {
  numbers.byKey ??= new Map()
  const key = nodeKey(service)
  const known = numbers.byKey.get(key)
  if (known !== undefined) return known
  const node: NumberedNode = { number: numbers.services.length, service }
  numbers.services.push(service)
  numbers.byKey.set(key, node)
  return node
}
