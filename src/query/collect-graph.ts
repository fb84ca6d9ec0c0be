import { addTraceByPeriod, type AddTraceOptions, type GraphWindow } from '../model/graph/add-trace.ts'
import { emptyGraph, mergeInto, type GraphAccumulator } from '../model/graph/graph-accumulator.ts'
import type { Tenant } from '../model/tenant.ts'
import type { TraceIndex } from '../model/trace-index.ts'
import type { GraphMinutes, KeptMinute, TouchedMinute } from '../store/graph-minutes.ts'
import { activeTraces } from './active-traces.ts'
import type { TraceQueriesContext } from './create-trace-queries.ts'
import { findProducers, type Producers } from './find-producers.ts'
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

type Add = (index: TraceIndex, options: AddTraceOptions, producers: Producers) => void

/** How a question adds up what is found. Everything is found once, in one of these ways. */
export type GraphSum = {
  /** What is kept of minutes; not called when there is nothing. */
  readonly addKept: (split: SplitWindow) => Promise<void>
  /** All of the part of a minute, by the second at which the minute starts. */
  readonly addMinute: (startSeconds: number, graph: GraphAccumulator) => void
  readonly add: (index: TraceIndex, options: AddTraceOptions) => void
}

/** Minutes that have ended so lately are left alone: their traces still come in. */
const SETTLED_SECONDS = 20
/** For more minutes at a time it would take too much memory to hold their graphs apart. */
const MAX_OFFERED = 240
/** So many are counted in one walk: their traces are read once, and what is done is kept when somebody gives up. */
const RUN_MINUTES = 10

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
  const memory = { linked, known }
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
    let run: TouchedMinute[] = []
    const countRun = async (): Promise<void> => {
      if (run.length === 0) return
      const counted = await countMinutes(context, reader, tenant, run, memory, signal)
      for (const [startSeconds, graph] of counted) sum.addMinute(startSeconds, graph)
      run = []
    }
    for (const minute of offered.filter((one) => isWhollyIn(part, one))) {
      const { startSeconds } = minute
      const graph = recalled.get(startSeconds)
      if (fromSeconds < startSeconds || graph !== undefined || run.length === RUN_MINUTES) await countRun()
      await countUntil(startSeconds)
      fromSeconds = startSeconds + 60
      if (graph === undefined) run.push(minute)
      else if (graph.nodes.size > 0) sum.addMinute(startSeconds, graph)
    }
    await countRun()
    await countUntil(part.endSeconds)
  }
}

/** Both: the rows tell which traces there are, and what is counted of them is read from their documents. */
async function freshen(context: GraphQueriesContext, signal?: AbortSignal): Promise<void> {
  await Promise.all([context.freshenRows(), context.freshen()])
  signal?.throwIfAborted()
}

/** Each trace of a query once, with what has to be known to count it. */
async function count(
  { store, now }: GraphQueriesContext,
  reader: TraceReader,
  tenant: Tenant,
  query: GraphQuery,
  add: Add,
  signal?: AbortSignal,
): Promise<void> {
  const { window } = query
  for await (const batch of activeTraces({ store, reader, nowSeconds: now() }, tenant, query, signal)) {
    const producers = await findProducers(reader, tenant, batch, signal)
    for (const index of batch) add(index, { window, producerOf: producers.producerOf }, producers)
  }
}

/** What remembers minutes, and the touches of minutes from before they were counted. */
type Memory = { readonly linked: LinkedMinutes; readonly known: KnownTouches }

/**
 * Counts minutes that follow each other, and offers them: who gives up leaves behind what was done so far. Those that
 * depend on traces elsewhere are remembered instead. Answers those that have anything, by the second they start at.
 */
async function countMinutes(
  context: GraphQueriesContext,
  reader: TraceReader,
  tenant: Tenant,
  run: readonly TouchedMinute[],
  { linked, known }: Memory,
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, GraphAccumulator>> {
  const graphs = new Map<number, GraphAccumulator>()
  /** By minute, the minutes in which those were active that it received something from, if these are known. */
  const elsewhere = new Map<number, Set<number> | undefined>()
  const add: Add = (index, options, { consumers, activeSeconds }) => {
    if (!consumers.has(index.trace.id)) return addTraceByPeriod(graphs, index, 60, options)
    const own = new Map<number, GraphAccumulator>()
    addTraceByPeriod(own, index, 60, options)
    for (const [start, graph] of own) {
      const before = elsewhere.has(start) ? elsewhere.get(start) : new Set<number>()
      elsewhere.set(start, before && activeSeconds && new Set([...before, ...activeSeconds]))
      graphs.set(start, mergeInto(graphs.get(start) ?? emptyGraph(), graph))
    }
  }
  const window = { startSeconds: run[0]?.startSeconds ?? 0, endSeconds: (run.at(-1)?.startSeconds ?? 0) + 60 }
  await count(context, reader, tenant, { window }, add, signal)
  for (const { startSeconds, touches } of run) {
    const graph = graphs.get(startSeconds) ?? emptyGraph()
    const activeSeconds = elsewhere.get(startSeconds)
    if (!elsewhere.has(startSeconds)) context.offer?.([{ tenant, startSeconds, touches, isExact: true, graph }])
    else if (activeSeconds !== undefined) linked.remember(tenant, startSeconds, graph, activeSeconds, known)
  }
  return graphs
}

function isWhollyIn({ startSeconds, endSeconds }: GraphWindow, minute: TouchedMinute): boolean {
  return startSeconds <= minute.startSeconds && minute.startSeconds + 60 <= endSeconds
}
