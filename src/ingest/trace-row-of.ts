import { searchTerm } from '../model/search-facts.ts'
import { rowTimeSeconds } from '../store/row-time.ts'
import type { SegmentSpan, TraceRow } from '../store/trace-row.ts'
import type { OpenTrace } from './open-trace.ts'

/** The row of a trace that was compacted, from the current copies of its documents alone. Undefined when it has none. */
export function traceRowOf(trace: OpenTrace, version: number): TraceRow | undefined {
  const { tenant, id, kinds, starts, ends, names, terms, urls, lastEndUs } = trace
  if (kinds.length === 0) return undefined
  // Where there is no segment, the independent subsegments stand in.
  const hasSegments = kinds.some((kind) => kind > 0)
  const spans: SegmentSpan[] = []
  let firstUs = Infinity
  for (let place = 0; place < kinds.length; place++) {
    if (hasSegments !== (kinds[place] ?? 0) > 0) continue
    const startUs = starts[place] ?? 0
    const endUs = ends[place] ?? Number.NaN
    spans.push(Number.isNaN(endUs) ? { startUs } : { startUs, endUs })
    firstUs = Math.min(firstUs, startUs)
  }
  return {
    tenant,
    id,
    version,
    timeSeconds: rowTimeSeconds(id, firstUs),
    spans,
    names: [...names],
    terms: kinds.includes(2) ? [...terms, searchTerm.root] : [...terms],
    urls: [...urls],
    // Orphans may claim any time, so how long they took together narrows nothing.
    ...(lastEndUs === -Infinity || !hasSegments ? {} : { lastEndUs }),
  }
}
