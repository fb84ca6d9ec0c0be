import { setImmediate as nextTurn } from 'node:timers/promises'
import { traceGraph } from '../model/edges.ts'
import type { Entity } from '../model/entity.ts'
import type { AddTraceOptions } from '../model/graph/add-trace.ts'
import { linkProducer, type LinkProducer } from '../model/graph/link-producer.ts'
import { readEntityId, readTraceId, type EntityId, type TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'
import { indexTrace, type TraceIndex } from '../model/trace-index.ts'
import type { TraceReader } from './read-traces.ts'

/** Traces that are read at a time: of each, little is kept. */
const BATCH = 200
/** What was received in a minute was mostly sent in a few. */
const MAX_MINUTES = 60

/** What is known of those who sent. */
export type Producers = {
  readonly producerOf: NonNullable<AddTraceOptions['producerOf']>
  /** The traces that have links to other traces, whether or not those are known. */
  readonly consumers: ReadonlySet<TraceId>
  /**
   * Epoch seconds at which the minutes start in which those other traces were active. Undefined when one of those who
   * sent is not known, so that it may still come, or when there are too many minutes.
   */
  readonly activeSeconds: ReadonlySet<number> | undefined
}

/**
 * Who sent what these traces received: often they are in other traces, which are read for it, matching
 * or not, from whatever time (spec/query §3.3 source 5). Links within a trace need nothing from here.
 */
export async function findProducers(
  reader: TraceReader,
  tenant: Tenant,
  indexes: readonly TraceIndex[],
  signal?: AbortSignal,
): Promise<Producers> {
  const wanted = new Map<TraceId, Set<EntityId>>()
  const linked = new Set<TraceId>()
  for (const index of indexes) {
    if (hasLinks(index) && addWanted(wanted, index)) linked.add(index.trace.id)
  }
  const producers = new Map<string, LinkProducer>()
  const ids = [...wanted.keys()]
  const activeSeconds = new Set<number>()
  for (let at = 0; at < ids.length; at += BATCH) {
    const traces = await reader.outlined(tenant, ids.slice(at, at + BATCH), signal)
    for (const trace of traces.values()) {
      const index = indexTrace(trace)
      for (const id of wanted.get(trace.id) ?? []) {
        const producer = linkProducer(index, id)
        if (producer !== undefined) producers.set(keyOf(trace.id, id), producer)
      }
      addMinutes(activeSeconds, index)
    }
    await nextTurn()
    signal?.throwIfAborted()
  }
  const isComplete =
    producers.size === Array.from(wanted.values(), ({ size }) => size).reduce((sum, size) => sum + size, 0)
  return {
    producerOf: (traceId, id) => producers.get(keyOf(traceId, id)),
    consumers: linked,
    activeSeconds: isComplete && activeSeconds.size <= MAX_MINUTES ? activeSeconds : undefined,
  }
}

/** The minutes between the first start and the last end of anything in a trace, as far as there may be some to look at. */
function addMinutes(minutes: Set<number>, { trace, segments, subsegments }: TraceIndex): void {
  let [first, last] = [Infinity, -Infinity]
  const reach = ({ startTime, endTime = startTime }: Entity): void => {
    first = Math.min(first, startTime)
    last = Math.max(last, startTime, endTime)
  }
  for (const { entity } of trace.roots) reach(entity)
  for (const { entity } of segments) reach(entity)
  for (const { entity } of subsegments) reach(entity)
  const [from, to] = [Math.floor(first / 60), Math.floor(last / 60)]
  for (let minute = from; minute <= to && minutes.size <= MAX_MINUTES; minute++) minutes.add(minute * 60)
}

/** Few traces have any, and finding out is much cheaper than their graph. */
function hasLinks({ placedSegments, subsegments }: TraceIndex): boolean {
  return (
    placedSegments.some(({ entity }) => entity.links !== undefined) ||
    subsegments.some(({ entity }) => entity.links !== undefined)
  )
}

/** Adds what a trace was sent from elsewhere. Answers whether there is any. */
function addWanted(wanted: Map<TraceId, Set<EntityId>>, index: TraceIndex): boolean {
  let areAny = false
  for (const { link } of traceGraph(index).links) {
    const traceId = link.traceId === undefined ? undefined : readTraceId(link.traceId)
    const id = link.id === undefined ? undefined : readEntityId(link.id)
    if (traceId === undefined || id === undefined || traceId === index.trace.id) continue
    const known = wanted.get(traceId)
    if (known === undefined) wanted.set(traceId, new Set([id]))
    else known.add(id)
    areAny = true
  }
  return areAny
}

const keyOf = (traceId: TraceId, id: EntityId): string => `${traceId} ${id}`
