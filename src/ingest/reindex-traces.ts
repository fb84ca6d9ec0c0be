import { currentDocuments } from '../model/current-documents.ts'
import type { Tenant } from '../model/tenant.ts'
import type { StoredTrace, TraceKey, TraceStore, TraceTrack } from '../store/store.ts'
import type { ObsoleteRow, TraceRow } from '../store/trace-row.ts'
import { byTenant } from './assembler.ts'
import type { RowTexts } from './make-row.ts'
import { makeRow } from './make-row.ts'

export type ReindexParts = {
  readonly store: TraceStore
  readonly texts: RowTexts
  /** A stamp greater than all there are. */
  readonly version: number
  readonly nowSeconds: number
  /** Told after every page how many traces are done. */
  readonly onProgress: (traces: number) => void
  /** Told of a trace of which no row can be made; the others go on. */
  readonly onError: (error: Error) => void
}

/** What has been done. */
export type Reindexed = { readonly traces: number; readonly failed: number }

/** Traces that are listed, and rows that are written, at a time. */
const PAGE = 2_000
/** Traces that are read with their documents at a time. */
const READ_CHUNK = 100

/**
 * Makes the rows of all traces anew from their documents, as the assembler would, and declares rows under other times
 * obsolete. Holds one page in memory. Rows hold as soon as they are written, so it can be stopped and begun again at any
 * time. Documents MUST NOT be stored meanwhile by whoever keeps rows of them, or the newer row may be lost.
 */
export async function reindexTraces(parts: ReindexParts): Promise<Reindexed> {
  const { store } = parts
  let [traces, failed] = [0, 0]
  let after: TraceKey | undefined
  do {
    const keys: readonly TraceKey[] = await store.tracesSince(0, PAGE, after)
    const page: Page = { rows: [], obsolete: [], failed: 0 }
    for (const [tenant, members] of byTenant(keys)) {
      for (let at = 0; at < members.length; at += READ_CHUNK) {
        await addRows(parts, tenant, members.slice(at, at + READ_CHUNK), page)
      }
    }
    await store.writeRows(page.rows, page.obsolete)
    traces += keys.length
    failed += page.failed
    parts.onProgress(traces)
    after = keys.length < PAGE ? undefined : keys.at(-1)
  } while (after !== undefined)
  return { traces, failed }
}

type Page = { readonly rows: TraceRow[]; readonly obsolete: ObsoleteRow[]; failed: number }

async function addRows(parts: ReindexParts, tenant: Tenant, keys: readonly TraceKey[], to: Page): Promise<void> {
  const { store, version, onError } = parts
  const ids = keys.map(({ id }) => id)
  const [stored, tracks] = [await store.read(tenant, ids), await store.track(tenant, ids)]
  for (const trace of stored.values()) {
    try {
      const row = rowOf(parts, tenant, trace)
      if (row !== undefined) to.rows.push(row)
      to.obsolete.push(
        ...otherTimes(tracks.get(trace.id), row).map((timeSeconds) => ({ tenant, id: trace.id, timeSeconds, version })),
      )
    } catch (error) {
      to.failed += 1
      onError(new Error(`trace ${trace.id} cannot be summarised`, { cause: error }))
    }
  }
}

function rowOf(parts: ReindexParts, tenant: Tenant, { id, calls, documents }: StoredTrace): TraceRow | undefined {
  const trace = { id, revision: calls.length, documents: currentDocuments(documents) }
  const row = makeRow(trace, parts.nowSeconds, parts.texts)
  return row && { tenant, id, version: parts.version, ...row }
}

function otherTimes(track: TraceTrack | undefined, row: TraceRow | undefined): readonly number[] {
  return (track?.rowTimes ?? []).filter((timeSeconds) => timeSeconds !== row?.timeSeconds)
}
