import { traceFacts, type TraceFacts } from '../filter/trace-facts.ts'
import type { Narrowing } from '../filter/narrowing.ts'
import { SLOW_SECONDS } from '../model/summarize.ts'
import type { Tenant } from '../model/tenant.ts'
import { indexTrace } from '../model/trace-index.ts'
import type { TraceHit, TracePosition, TraceStore } from '../store/store.ts'
import type { TraceReader } from './read-traces.ts'
import type { SummaryWindow } from './traces.ts'

/**
 * Traces that are put together at a time: few at first, so that the first are shown soon, then more, as each statement
 * takes its time; but not many that are large.
 */
const BATCH = { first: 100, most: 500, entities: 20_000 }
/** The part of the window that is asked of the store first, and the shortest. */
const SLICE_SECONDS = 900
/** A slice that was answered sooner is followed by one twice as long, and one that took longer by one half as long. */
const QUICK_SECONDS = 0.25
const SLOW_SLICE_SECONDS = 1
/** One second after the last that a trace's time can be. */
const END_OF_TIME = 2 ** 32

/** What going through a window needs. */
export type WindowParts = {
  readonly store: Pick<TraceStore, 'findTraces'>
  readonly read: TraceReader['whole']
  /** Epoch seconds. */
  readonly now: () => number
}

/** Some traces of a window, the newest first, ready to be asked. */
export type WindowBatch = {
  readonly traces: readonly { readonly hit: TraceHit; readonly facts: TraceFacts }[]
  /** The trace time down to which everything has been looked at. */
  readonly upToSeconds: number
}

/**
 * Goes through all traces of a window, the newest first. Windows of trace times are asked of the store in slices, so
 * that who waits for a rare trace learns how far it is; other windows have no bound by which to cut them.
 */
export async function* batchesOf(
  { store, read, now }: WindowParts,
  tenant: Tenant,
  window: SummaryWindow,
  narrowing: Narrowing | undefined,
  signal?: AbortSignal,
): AsyncGenerator<WindowBatch> {
  const nowSeconds = now()
  let size = BATCH.first
  const all = hitsOf({ store, now, limit: () => size }, tenant, window, narrowing, signal)
  for await (const { hits, upToSeconds } of all) {
    const ids = hits.map(({ id }) => id)
    const found = await read(tenant, ids, signal)
    let entities = 0
    const traces = hits.flatMap((hit) => {
      const trace = found.get(hit.id)
      if (trace === undefined) return []
      const index = indexTrace(trace)
      entities += index.segments.length + index.subsegments.length
      return [{ hit, facts: traceFacts(index, { nowSeconds, slowSeconds: SLOW_SECONDS }) }]
    })
    if (traces.length > 0) {
      const fitting = Math.ceil((traces.length * BATCH.entities) / entities)
      size = Math.min(2 * size, fitting, BATCH.most)
    }
    yield { upToSeconds, traces }
  }
}

type HitParts = Pick<WindowParts, 'store' | 'now'> & {
  /** How many are wanted next. */
  readonly limit: () => number
}

async function* hitsOf(
  { store, now, limit: nextLimit }: HitParts,
  tenant: Tenant,
  window: SummaryWindow,
  narrowing: Narrowing | undefined,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly hits: readonly TraceHit[]; readonly upToSeconds: number }> {
  const isSliced = window.kind === 'trace-time'
  const fromSeconds = isSliced ? Math.max(0, window.fromSeconds) : window.fromSeconds
  let toSeconds = isSliced ? Math.min(END_OF_TIME, window.toSeconds) : window.toSeconds
  let length = SLICE_SECONDS
  while (toSeconds > fromSeconds) {
    const slice = {
      ...window,
      fromSeconds: isSliced ? Math.max(fromSeconds, toSeconds - length) : fromSeconds,
      toSeconds,
    }
    let tookSeconds = 0
    let after: TracePosition | undefined
    do {
      const limit = nextLimit()
      const askedSeconds = now()
      const found = await store.findTraces(
        tenant,
        {
          ...slice,
          limit,
          ...(narrowing === undefined ? {} : { narrowing }),
          ...(after === undefined ? {} : { after }),
        },
        signal,
      )
      tookSeconds += now() - askedSeconds
      after = found.length < limit ? undefined : found.at(-1)
      yield { hits: found, upToSeconds: after?.timeSeconds ?? slice.fromSeconds }
    } while (after !== undefined)
    if (tookSeconds < QUICK_SECONDS) length *= 2
    else if (tookSeconds > SLOW_SLICE_SECONDS) length = Math.max(SLICE_SECONDS, length / 2)
    toSeconds = slice.fromSeconds
  }
}
