import type { SearchFacts } from '../model/search-facts.ts'
import type { Tenant } from '../model/tenant.ts'
import type { StoredTrace, TraceKey, TraceStore, TraceTrack } from '../store/store.ts'
import type { ObsoleteRow, TraceRow } from '../store/trace-row.ts'
import { byTenant } from './by-tenant.ts'
import { OpenTraces } from './open-traces.ts'
import { addStored } from './traced-documents.ts'
import { traceRowOf } from './trace-row-of.ts'

export type ReindexParts = {
  readonly store: TraceStore
  readonly searchFacts: (raw: string) => SearchFacts
  /** A stamp greater than all there are. */
  readonly version: number
  /** Told after every page how many traces are done. */
  readonly onProgress: (traces: number) => void
}

/** Traces that are listed, and rows that are written, at a time. */
const PAGE = 2_000
/** Traces that are read with their documents at a time. */
const READ_CHUNK = 100

/**
 * Makes the rows of all traces anew from their documents, as the assembler would, and declares rows under other times
 * obsolete. Holds one page in memory. Rows hold as soon as they are written, so it can be stopped and begun again at any
 * time. Answers how many traces there are. Documents MUST NOT be stored meanwhile by whoever keeps rows of them, or the newer row may be lost.
 */
export async function reindexTraces(parts: ReindexParts): Promise<number> {
  const { store } = parts
  let traces = 0
  let after: TraceKey | undefined
  do {
    const keys: readonly TraceKey[] = await store.tracesSince(0, PAGE, after)
    const page: Page = { rows: [], obsolete: [] }
    for (const [tenant, members] of byTenant(keys)) {
      for (let at = 0; at < members.length; at += READ_CHUNK) {
        await addRows(parts, tenant, members.slice(at, at + READ_CHUNK), page)
      }
    }
    await store.writeRows(page.rows, page.obsolete)
    traces += keys.length
    parts.onProgress(traces)
    after = keys.length < PAGE ? undefined : keys.at(-1)
  } while (after !== undefined)
  return traces
}

type Page = { readonly rows: TraceRow[]; readonly obsolete: ObsoleteRow[] }

async function addRows(parts: ReindexParts, tenant: Tenant, keys: readonly TraceKey[], to: Page): Promise<void> {
  const { store, version } = parts
  const ids = keys.map(({ id }) => id)
  const [stored, tracks] = [await store.read(tenant, ids), await store.track(tenant, ids)]
  for (const trace of stored.values()) {
    const row = rowOf(parts, tenant, trace)
    if (row !== undefined) to.rows.push(row)
    for (const timeSeconds of otherTimes(tracks.get(trace.id), row)) {
      to.obsolete.push({ tenant, id: trace.id, timeSeconds, version })
    }
  }
}

function rowOf({ version, searchFacts }: ReindexParts, tenant: Tenant, stored: StoredTrace): TraceRow | undefined {
  const open = new OpenTraces(Infinity)
  const trace = open.touch(tenant, stored.id)
  addStored(open, trace, stored, searchFacts)
  open.compact(trace)
  return traceRowOf(trace, version)
}

function otherTimes(track: TraceTrack | undefined, row: TraceRow | undefined): readonly number[] {
  return (track?.rowTimes ?? []).filter((timeSeconds) => timeSeconds !== row?.timeSeconds)
}
