import { setImmediate as nextTurn } from 'node:timers/promises'
import { traceGraph } from '../model/edges.ts'
import type { AddTraceOptions } from '../model/graph/add-trace.ts'
import { linkProducer, type LinkProducer } from '../model/graph/link-producer.ts'
import { readEntityId, readTraceId, type EntityId, type TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'
import { indexTrace, type TraceIndex } from '../model/trace-index.ts'
import type { TraceReader } from './read-traces.ts'

/** Traces that are read at a time: of each, little is kept. */
const BATCH = 200

/** What is known of those who sent. */
export type Producers = {
  readonly producerOf: NonNullable<AddTraceOptions['producerOf']>
  /** Whether there are links to other traces, whether or not those are known. */
  readonly areElsewhere: boolean
}

/**
 * Who sent what the consumers in these traces received: often they are in other traces, which are read for it, matching
 * or not, from whatever time (spec/query §3.3 source 5). Links within a trace need nothing from here.
 */
export async function findProducers(
  reader: TraceReader,
  tenant: Tenant,
  consumers: readonly TraceIndex[],
  signal?: AbortSignal,
): Promise<Producers> {
  const wanted = new Map<TraceId, Set<EntityId>>()
  for (const index of consumers) if (hasLinks(index)) addWanted(wanted, index)
  const producers = new Map<string, LinkProducer>()
  const ids = [...wanted.keys()]
  for (let at = 0; at < ids.length; at += BATCH) {
    const traces = await reader.outlined(tenant, ids.slice(at, at + BATCH), signal)
    for (const trace of traces.values()) {
      const index = indexTrace(trace)
      for (const id of wanted.get(trace.id) ?? []) {
        const producer = linkProducer(index, id)
        if (producer !== undefined) producers.set(keyOf(trace.id, id), producer)
      }
    }
    await nextTurn()
    signal?.throwIfAborted()
  }
  return { producerOf: (traceId, id) => producers.get(keyOf(traceId, id)), areElsewhere: ids.length > 0 }
}

/** Few traces have any, and finding out is much cheaper than their graph. */
function hasLinks({ placedSegments, subsegments }: TraceIndex): boolean {
  return (
    placedSegments.some(({ entity }) => entity.links !== undefined) ||
    subsegments.some(({ entity }) => entity.links !== undefined)
  )
}

function addWanted(wanted: Map<TraceId, Set<EntityId>>, index: TraceIndex): void {
  for (const { link } of traceGraph(index).links) {
    const traceId = link.traceId === undefined ? undefined : readTraceId(link.traceId)
    const id = link.id === undefined ? undefined : readEntityId(link.id)
    if (traceId === undefined || id === undefined || traceId === index.trace.id) continue
    const known = wanted.get(traceId)
    if (known === undefined) wanted.set(traceId, new Set([id]))
    else known.add(id)
  }
}

const keyOf = (traceId: TraceId, id: EntityId): string => `${traceId} ${id}`
