import type { TraceFacts } from '../filter/trace-facts.ts'
import type { TraceId } from '../model/ids.ts'
import { segmentNode } from '../model/node.ts'
import { entityDetail } from '../model/outline/entity-detail.ts'
import type { WindowBatch } from './search-window.ts'

/** What traces have in common that can be compared: where they began, and with which request. */
export type TraceKind = {
  /** The node of the root segment. */
  readonly service: string
  readonly type?: string
  /** Method and path, or what else it did; what looks like an id in a path is `*`. Absent when it says nothing. */
  readonly request?: string
}

/** How long one trace took among those of its kind. */
export type TraceRank = {
  /** Absent while more of the trace is to come: then nothing was compared. */
  readonly kind?: TraceKind
  /** Epoch seconds: the times at which those began that were looked at, half-open. */
  readonly fromSeconds: number
  readonly toSeconds: number
  /** Traces of its kind, without itself and those of which more is to come. */
  readonly compared: number
  /** Those of them that took less time. */
  readonly shorter: number
  /** Whether the whole hour was looked at. */
  readonly isComplete: boolean
}

/** Those that began so long before it are compared. */
export const RANK_SECONDS = 3_600
/** What is nice to know is not worth more of the server's time. */
const MOST_TRACES = 1_000
const MAX_SECONDS = 1

/** What a trace is compared by; nothing when more of it is to come. */
export function kindOfTrace(facts: TraceFacts): TraceKind | undefined {
  if (facts.root === undefined || facts.isPartial()) return undefined
  const { entity } = facts.root
  const { name, type } = segmentNode(entity)
  const request = entityDetail(entity)?.replace(IDS, '*')
  return { service: name, ...(type === undefined ? {} : { type }), ...(request === undefined ? {} : { request }) }
}

/** Parts of a path that tell one thing from another: numbers, and eight or more hex digits and dashes, UUIDs included. */
const IDS = /(?<=\/)(?:\d+|(?=[a-f-]*\d)[\da-f-]{8,})(?=\/|$)/gi

const isSame = (a: TraceKind, b: TraceKind | undefined): boolean =>
  a.service === b?.service && a.type === b.type && a.request === b.request

/** Counts the traces of one kind that took less time, the newest first, until that takes too long. */
export async function rankAmong(
  batches: AsyncIterable<WindowBatch>,
  trace: {
    readonly id: TraceId
    readonly kind: TraceKind
    readonly durationSeconds: number
    readonly fromSeconds: number
    readonly toSeconds: number
  },
  now: () => number,
): Promise<TraceRank> {
  const { id, kind, durationSeconds, fromSeconds, toSeconds } = trace
  const startSeconds = now()
  let [scanned, compared, shorter, upToSeconds] = [0, 0, 0, toSeconds]
  const answer = (isComplete: boolean): TraceRank => {
    return { kind, fromSeconds: isComplete ? fromSeconds : upToSeconds, toSeconds, compared, shorter, isComplete }
  }
  for await (const batch of batches) {
    for (const { hit, facts } of batch.traces) {
      if (scanned === MOST_TRACES || (scanned > 0 && now() - startSeconds >= MAX_SECONDS)) return answer(false)
      scanned += 1
      upToSeconds = hit.timeSeconds
      if (hit.id === id || !isSame(kind, kindOfTrace(facts))) continue
      compared += 1
      if (facts.durationSeconds() < durationSeconds) shorter += 1
    }
    upToSeconds = batch.upToSeconds
    if (upToSeconds > fromSeconds && now() - startSeconds >= MAX_SECONDS) return answer(false)
  }
  return answer(true)
}
