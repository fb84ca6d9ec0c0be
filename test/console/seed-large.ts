import { seedId, seedTraceId, secondsAgo, type Document, type SeedTrace } from './seed.ts'

export const BIG_ROWS = 50_000
const ROWS_PER_DOCUMENT = 200
/** Every so many rows of the large trace one has a fault. */
const FAULT_EVERY = 997

/**
 * A trace of 50,000 segments and subsegments: 250 segments of a dozen services, each called by an earlier one, with 199
 * subsegments three levels deep.
 */
export function bigTrace(): SeedTrace {
  const startSeconds = secondsAgo(200)
  const id = seedTraceId(startSeconds, 0xb16)
  const documents = Array.from({ length: BIG_ROWS / ROWS_PER_DOCUMENT }, (_, index) =>
    bigSegment(id, startSeconds, index),
  )
  return { id, startSeconds, documents }
}

function bigSegment(traceId: string, startSeconds: number, index: number): Document {
  const first = 0xb000000 + index * ROWS_PER_DOCUMENT
  const startAt = startSeconds + index * 0.3
  const timesOf = (row: number) => ({
    start_time: round(startAt + row * 0.001),
    end_time: round(startAt + row * 0.001 + 0.0005 + (row % 17) * 0.0003),
  })
  const faultOf = (row: number) => ((index * ROWS_PER_DOCUMENT + row) % FAULT_EVERY === 5 ? { fault: true } : {})
  const step = (row: number, subsegments: readonly Document[] = []): Document => ({
    name: `step ${row % 23}`,
    id: seedId(first + row),
    ...timesOf(row),
    ...faultOf(row),
    ...(subsegments.length === 0 ? {} : { subsegments }),
  })
  // Row 0 is the segment; then nineteen groups of one with nine below it, and nine more at the end.
  const groups = Array.from({ length: 19 }, (_, group) => {
    const head = 1 + group * 10
    return step(
      head,
      Array.from({ length: 9 }, (__, below) => step(head + 1 + below)),
    )
  })
  const rest = Array.from({ length: 9 }, (_, row) => step(191 + row))
  const caller = index === 0 ? {} : { parent_id: seedId(0xb000000 + Math.floor((index - 1) / 4) * ROWS_PER_DOCUMENT) }
  return {
    trace_id: traceId,
    name: `service-${index % 12}`,
    id: seedId(first),
    ...caller,
    start_time: round(startAt),
    end_time: round(startAt + 0.25 + (index === 0 ? 80 : 0)),
    subsegments: [...groups, ...rest],
  }
}

const round = (seconds: number): number => Math.round(seconds * 1e6) / 1e6

export const DEEP_ROWS = 20_000
const LEVELS_PER_DOCUMENT = 200

/** A chain of 20,000: each the only child of the one before. */
export function deepTrace(): SeedTrace {
  const startSeconds = secondsAgo(190)
  const id = seedTraceId(startSeconds, 0xdee9)
  const entity = (row: number, below: readonly Document[]): Document => ({
    name: `link ${row % 7}`,
    id: seedId(0xd000000 + row),
    start_time: round(startSeconds + row * 0.00001),
    end_time: round(startSeconds + 1 - row * 0.00001),
    ...(below.length === 0 ? {} : { subsegments: below }),
  })
  const documents = Array.from({ length: DEEP_ROWS / LEVELS_PER_DOCUMENT }, (_, index): Document => {
    const top = index * LEVELS_PER_DOCUMENT
    let chain = entity(top + LEVELS_PER_DOCUMENT - 1, [])
    for (let row = top + LEVELS_PER_DOCUMENT - 2; row >= top; row--) chain = entity(row, [chain])
    const parent = index === 0 ? {} : { type: 'subsegment', parent_id: seedId(0xd000000 + top - 1) }
    return { trace_id: id, ...chain, ...parent }
  })
  return { id, startSeconds, documents }
}

export const MAP_NODES = 500
const MAP_EDGES = 900

/** One request that goes through 500 services and 900 different calls between them. Every 50th service fails. */
export function wideTrace(): SeedTrace {
  const startSeconds = secondsAgo(180)
  const id = seedTraceId(startSeconds, 0x500)
  const calls: { from: number; to: number }[] = []
  for (let to = 1; to < MAP_NODES; to++) calls.push({ from: Math.floor((to - 1) / 3), to })
  for (let to = MAP_NODES - 1; calls.length < MAP_EDGES; to--) calls.push({ from: Math.floor((to - 1) / 3) - 1, to })
  const callsFrom = new Map<number, { to: number; number: number }[]>()
  for (const [number, { from, to }] of calls.entries()) {
    const list = callsFrom.get(from) ?? []
    callsFrom.set(from, [...list, { to, number }])
  }
  const seen = new Set<number>()
  const documents = [{ from: -1, to: 0 }, ...calls].map(({ from, to }, index): Document => {
    const fails = to % 50 === 49 ? { fault: true } : {}
    const times = { start_time: startSeconds + from * 0.0001 + 0.001, end_time: round(startSeconds + 1 + to * 0.001) }
    // Only the first visit of a service calls on, or the trace would never end.
    const callees = seen.has(to) ? [] : (callsFrom.get(to) ?? [])
    seen.add(to)
    return {
      trace_id: id,
      name: `node-${to}`,
      id: seedId(0xa000000 + index),
      ...(from === -1 ? {} : { parent_id: seedId(0xac00000 + index - 1) }),
      ...times,
      start_time: round(times.start_time),
      ...fails,
      subsegments: callees.map((call) => ({
        name: `node-${call.to}`,
        id: seedId(0xac00000 + call.number),
        namespace: 'remote',
        start_time: round(times.start_time),
        end_time: times.end_time,
      })),
    }
  })
  return { id, startSeconds, documents }
}
