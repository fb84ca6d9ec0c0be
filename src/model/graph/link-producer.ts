import { calledNode, isCall } from '../called-node.ts'
import type { EntityId } from '../ids.ts'
import { segmentNode } from '../node.ts'
import type { ServiceId } from '../summary.ts'
import type { PlacedEntity, TraceIndex } from '../trace-index.ts'

/** The other end of a link: what an event came from (spec/query §3.3 source 5). */
export type LinkProducer = {
  readonly service: ServiceId
  /** Whether the node reports itself. */
  readonly hasSegments: boolean
  /** Epoch seconds at which the event was sent; absent while that is in progress. */
  readonly endTime?: number
}

/**
 * The producer that a link to this entity means: the queue or topic that a call sent to, else the called service, else
 * the service that the entity belongs to. Undefined when the entity is not in the trace, or nobody's yet.
 */
export function linkProducer(index: TraceIndex, id: EntityId): LinkProducer | undefined {
  const producer = index.find(id)
  if (producer === undefined) return undefined
  const { endTime } = producer.entity
  const node = producerNode(index, producer)
  return node && { ...node, ...(endTime === undefined ? {} : { endTime }) }
}

function producerNode(index: TraceIndex, { entity, root }: PlacedEntity): Omit<LinkProducer, 'endTime'> | undefined {
  if (entity !== root.entity || root.kind === 'orphan') {
    const [called] = isCall(entity) && entity.namespace !== 'aws' ? index.segmentsCalledBy(entity.id) : []
    if (called !== undefined) return { service: segmentNode(called.entity), hasSegments: true }
    if (isCall(entity)) return { service: calledNode(entity), hasSegments: false }
    if (root.kind === 'orphan') return undefined
  }
  return { service: segmentNode(root.entity), hasSegments: true }
}
