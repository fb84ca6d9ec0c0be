import { addTrace, type AddTraceOptions, type GraphWindow } from '../model/graph/add-trace.ts'
import { emptyGraph, type GraphAccumulator } from '../model/graph/graph-accumulator.ts'
import type { Tenant } from '../model/tenant.ts'
import type { TraceIndex } from '../model/trace-index.ts'
import type { GraphMinutes, KeptMinute, TouchedMinute } from '../store/graph-minutes.ts'
import { activeTraces } from './active-traces.ts'
import type { TraceQueriesContext } from './create-trace-queries.ts'
import { findProducers } from './find-producers.ts'
import type { GraphQuery } from './graphs.ts'
import type { TraceReader } from './read-traces.ts'
import { knownTouches, LINK_MINUTES, type KnownTouches, type LinkedMinutes } from './linked-minutes.ts'
import { minutesOf, splitWindow, wholeMinutes, type SplitWindow } from './split-window.ts'

/** What graphs need of the rest of the program. */
export type GraphQueriesContext = TraceQueriesContext & {
  /** What is kept of all traces by minutes; without it, all is counted when it is asked for. */
  readonly minutes?: GraphMinutes
  /** Takes what was counted of whole minutes on the way, so that it need not be counted again. */
  readonly offer?: (counted: readonly Omit<KeptMinute, 'version'>[]) => void
}

type Add = (index: TraceIndex, options: AddTraceOptions) => void

/** How a question adds up what is found. Everything is found once, in one of these ways. */
export type GraphSum = {
  /** What is kept of minutes; not called when there is nothing. */
  readonly addKept: (split: SplitWindow) => Promise<void>
  /** All of the part of a minute, by the second at which the minute starts. */
  readonly addMinute: (startSeconds: number, graph: GraphAccumulator) => void
  readonly add: Add
}

/** Minutes that have ended so lately are left alone: their traces still come in. */
const SETTLED_SECONDS = 20
/** For more minutes at a time it would take too much memory to hold their graphs apart. */
const MAX_OFFERED = 240

/** Adds up all of a window that was acknowledged before: what is kept of it, and each trace to count in the rest. */
export async function collectGraph(
  context: GraphQueriesContext,
  reader: TraceReader,
  tenant: Tenant,
  query: GraphQuery,
  sum: GraphSum,
  linked: LinkedMinutes,
  signal?: AbortSignal,
): Promise<void> {
  const { minutes, offer, now } = context
  await freshen(context, signal)
  const { window, filter } = query
  const hasWhole = filter === undefined && wholeMinutes(window) !== undefined
  const { fromSeconds: firstMinute, toSeconds } = minutesOf(window)
  const range = { fromSeconds: firstMinute - LINK_MINUTES * 60, toSeconds }
  const touched = hasWhole ? await minutes?.touched(tenant, range, signal) : undefined
  const known = knownTouches(touched ?? [])
  const split = splitWindow(window, touched)
  if (split.touched.length > 0) await sum.addKept(split)
  const lastSeconds = now() - SETTLED_SECONDS - 60
  const settled = split.stale.filter(({ startSeconds }) => startSeconds <= lastSeconds)
  const offered = offer === undefined || settled.length > MAX_OFFERED ? [] : settled
  const recalled = new Map<number, GraphAccumulator>()
  for (const { startSeconds } of offered) {
    const graph = linked.recall(tenant, startSeconds, known)
    if (graph !== undefined) recalled.set(startSeconds, graph)
  }
  // What was being written when they were looked up may have touched them already, and not be found yet.
  if (offered.length > recalled.size) await freshen(context, signal)
  for (const part of split.rest) {
    let fromSeconds = part.startSeconds
    const countUntil = async (endSeconds: number): Promise<void> => {
      if (fromSeconds >= endSeconds) return
      await count(
        context,
        reader,
        tenant,
        { ...query, window: { startSeconds: fromSeconds, endSeconds } },
        sum.add,
        signal,
      )
    }
    for (const minute of offered.filter((one) => isWhollyIn(part, one))) {
      await countUntil(minute.startSeconds)
      const graph =
        recalled.get(minute.startSeconds) ??
        (await countMinute(context, reader, tenant, minute, { linked, known }, signal))
      if (graph.nodes.size > 0) sum.addMinute(minute.startSeconds, graph)
      fromSeconds = minute.startSeconds + 60
    }
    await countUntil(part.endSeconds)
  }
}

/** Both: the rows tell which traces there are, and what is counted of them is read from their documents. */
async function freshen(context: GraphQueriesContext, signal?: AbortSignal): Promise<void> {
  await Promise.all([context.freshenRows(), context.freshen()])
  signal?.throwIfAborted()
}

/** On what else a count depends than on the traces that were active in its time. */
type Elsewhere = {
  /** Whether it does. */
  readonly isNeeded: boolean
  /** Epoch seconds at which the minutes start in which those others were active, if that is known. */
  readonly activeSeconds: Set<number> | undefined
}

/** Each trace of a query once, with what has to be known to count it. */
async function count(
  { store, now }: GraphQueriesContext,
  reader: TraceReader,
  tenant: Tenant,
  query: GraphQuery,
  add: Add,
  signal?: AbortSignal,
): Promise<Elsewhere> {
  const { window } = query
  let isNeeded = false
  let activeSeconds: Set<number> | undefined = new Set()
  for await (const batch of activeTraces({ store, reader, nowSeconds: now() }, tenant, query, signal)) {
    const producers = await findProducers(reader, tenant, batch, signal)
    isNeeded ||= producers.areElsewhere
    if (producers.activeSeconds === undefined) activeSeconds = undefined
    else for (const second of producers.activeSeconds) activeSeconds?.add(second)
    for (const index of batch) add(index, { window, producerOf: producers.producerOf })
  }
  return { isNeeded, activeSeconds }
}

/** What remembers a minute, and the touches of minutes from before it was counted. */
type Memory = { readonly linked: LinkedMinutes; readonly known: KnownTouches }

/**
 * Counts a minute, and offers it as soon as it is counted: who gives up leaves behind what was done so far. What depends
 * on traces elsewhere is remembered instead.
 */
async function countMinute(
  context: GraphQueriesContext,
  reader: TraceReader,
  tenant: Tenant,
  { startSeconds, touches }: TouchedMinute,
  { linked, known }: Memory,
  signal?: AbortSignal,
): Promise<GraphAccumulator> {
  const graph = emptyGraph()
  const window = { startSeconds, endSeconds: startSeconds + 60 }
  const add: Add = (index, options) => addTrace(graph, index, options)
  const { isNeeded, activeSeconds } = await count(context, reader, tenant, { window }, add, signal)
  if (!isNeeded) context.offer?.([{ tenant, startSeconds, touches, isExact: true, graph }])
  else if (activeSeconds !== undefined) linked.remember(tenant, startSeconds, graph, activeSeconds, known)
  return graph
}

function isWhollyIn({ startSeconds, endSeconds }: GraphWindow, minute: TouchedMinute): boolean {
  return startSeconds <= minute.startSeconds && minute.startSeconds + 60 <= endSeconds
}
