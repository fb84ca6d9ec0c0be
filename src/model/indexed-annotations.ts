import type { AnnotationValue, Entity } from './entity.ts'
import { RawNumber } from './raw-number.ts'
import type { ServiceId, SummaryAnnotation } from './summary.ts'
import type { TraceIndex } from './trace-index.ts'
import type { TraceRoot } from './trace.ts'

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
  { trace, subsegments }: TraceIndex,
  nodeOf: (root: TraceRoot) => ServiceId | undefined,
): ReadonlyMap<string, readonly SummaryAnnotation[]> {
  const byKey: ByKey = new Map()
  let next = 0
  for (const root of trace.roots) {
    const node = nodeOf(root)
    if (root.kind === 'segment') addAnnotations(byKey, root.entity, node)
    // Subsegments are in the order of their roots.
    for (let placed = subsegments[next]; placed?.root === root; placed = subsegments[++next]) {
      addAnnotations(byKey, placed.entity, node)
    }
  }
  const annotations = new Map<string, readonly SummaryAnnotation[]>()
  for (const [key, byValue] of byKey) {
    const values = Array.from(byValue, ([value, nodes]) => ({ value, serviceIds: [...nodes] }))
    annotations.set(key, values)
  }
  return annotations
}

type ByKey = Map<string, Map<AnnotationValue, Set<ServiceId>>>

function addAnnotations(byKey: ByKey, { annotations }: Entity, node: ServiceId | undefined): void {
  if (annotations === undefined) return
  for (const [key, sent] of annotations) {
    let byValue = byKey.get(key)
    if (byValue === undefined) {
      if (byKey.size === INDEXED_KEYS) continue
      byKey.set(key, (byValue = new Map<AnnotationValue, Set<ServiceId>>()))
    }
    const value = indexedValue(sent)
    let nodes = byValue.get(value)
    if (nodes === undefined) byValue.set(value, (nodes = new Set<ServiceId>()))
    if (node !== undefined) nodes.add(node)
  }
}

function indexedValue(sent: AnnotationValue | RawNumber): AnnotationValue {
  if (typeof sent === 'string') return firstCharacters(sent, INDEXED_CHARACTERS)
  return sent instanceof RawNumber ? sent.value : sent
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
