import { traceFacts, type TraceFacts } from '../filter/trace-facts.ts'
import type { Narrowing } from '../filter/narrowing.ts'
import { SLOW_SECONDS } from '../model/summarize.ts'
import type { Tenant } from '../model/tenant.ts'
import { indexTrace } from '../model/trace-index.ts'
import type { TraceHit, TracePosition, TraceStore } from '../store/store.ts'
import type { TraceReader } from './read-traces.ts'
import type { SummaryWindow } from './traces.ts'

/** Traces that are put together at a time. */
const BATCH = 200
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
  for await (const { hits, upToSeconds } of hitsOf(store, now, tenant, window, narrowing, signal)) {
    const ids = hits.map(({ id }) => id)
    const traces = await read(tenant, ids, signal)
    yield {
      upToSeconds,
      traces: hits.flatMap((hit) => {
        const trace = traces.get(hit.id)
        if (trace === undefined) return []
        return [{ hit, facts: traceFacts(indexTrace(trace), { nowSeconds, slowSeconds: SLOW_SECONDS }) }]
      }),
    }
  }
}

async function* hitsOf(
  store: WindowParts['store'],
  now: () => number,
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
      const askedSeconds = now()
      const found = await store.findTraces(
        tenant,
        {
          ...slice,
          limit: BATCH,
          ...(narrowing === undefined ? {} : { narrowing }),
          ...(after === undefined ? {} : { after }),
        },
        signal,
      )
      tookSeconds += now() - askedSeconds
      after = found.length < BATCH ? undefined : found.at(-1)
      yield { hits: found, upToSeconds: after?.timeSeconds ?? slice.fromSeconds }
    } while (after !== undefined)
    if (tookSeconds < QUICK_SECONDS) length *= 2
    else if (tookSeconds > SLOW_SLICE_SECONDS) length = Math.max(SLICE_SECONDS, length / 2)
    toSeconds = slice.fromSeconds
  }
}
