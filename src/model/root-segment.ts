import { compareByStart } from './compare-by-start.ts'
import { cycleCuts } from './parent-cycles.ts'
import type { TraceIndex } from './trace-index.ts'
import type { TraceRoot } from './trace.ts'

/**
 * The segment where the trace began: one without a parent, else one whose parent is not in the trace, else one that a
 * cycle of parents is broken at (spec/query §0.8, spec/ingest §3.1). Of several the earliest, then the smallest id.
 * Undefined when the trace has no segment yet.
 */
export function rootSegment({ top, segments, placedSegments }: TraceIndex): TraceRoot | undefined {
  // Roots are in the order of start and id already.
  if (top !== undefined) return top.root
  for (const { root, caller } of placedSegments) if (caller === undefined) return root
  const parents = placedSegments.map(({ caller }) => caller?.root)
  return firstOfCycles(segments, parents) ?? segments[0]
}

function firstOfCycles(
  segments: readonly TraceRoot[],
  parents: readonly (TraceRoot | undefined)[],
): TraceRoot | undefined {
  const positions = new Map(segments.map((segment, position) => [segment, position]))
  const cuts = cycleCuts({
    // A parent that is an orphan leads nowhere, and so ends the chain.
    parents: parents.map((parent) => (parent === undefined ? undefined : positions.get(parent))),
    mayCut: () => true,
    compare: (a, b) => a - b,
  })
  return cuts
    .flatMap((cut) => segments[cut] ?? [])
    .toSorted((a, b) => compareByStart(a.entity, b.entity))
    .at(0)
}
