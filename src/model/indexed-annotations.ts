import type { AnnotationValue } from './entity.ts'
import type { ServiceId, SummaryAnnotation } from './summary.ts'
import type { Trace, TraceRoot } from './trace.ts'
import { walk } from './walk.ts'

const INDEXED_KEYS = 50
const INDEXED_CHARACTERS = 1_000

/**
 * The annotations of a trace that can be searched for, each distinct value once, with the nodes whose segments carry it
 * on themselves or their subsegments (spec/query §2.3). Text is cut to 1,000 characters.
 *
 * Only the first 50 keys count (spec/ingest §2.10), in the order of the assembled trace rather than of arrival, so that
 * the same documents always yield the same annotations.
 */
export function indexedAnnotations(
  trace: Trace,
  nodeOf: (root: TraceRoot) => ServiceId | undefined,
): ReadonlyMap<string, readonly SummaryAnnotation[]> {
  type Carriers = { readonly value: AnnotationValue; readonly nodes: Set<ServiceId> }
  const byKey = new Map<string, Map<AnnotationValue, Carriers>>()
  for (const root of trace.roots) {
    const node = nodeOf(root)
    for (const { annotations } of walk(root.entity)) {
      for (const [key, sent] of annotations ?? []) {
        const known = byKey.get(key)
        if (known === undefined && byKey.size === INDEXED_KEYS) continue
        const byValue = known ?? new Map<AnnotationValue, Carriers>()
        const value = typeof sent === 'string' ? firstCharacters(sent, INDEXED_CHARACTERS) : sent
        const carriers = byValue.get(value) ?? { value, nodes: new Set() }
        if (node !== undefined) carriers.nodes.add(node)
        byKey.set(key, byValue.set(value, carriers))
      }
    }
  }
  return new Map(
    [...byKey].map(([key, byValue]) => [
      key,
      [...byValue.values()].map(({ value, nodes }) => ({ value, serviceIds: [...nodes] })),
    ]),
  )
}

/** Counts code points, as the limit does (spec/ingest §6.10). */
function firstCharacters(text: string, count: number): string {
  if (text.length <= count) return text
  let length = 0
  let seen = 0
  for (const character of text) {
    if (seen === count) break
    seen += 1
    length += character.length
  }
  return text.slice(0, length)
}
