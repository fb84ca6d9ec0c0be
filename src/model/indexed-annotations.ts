import { addOnce, type LongLists } from './add-once.ts'
import type { AnnotationValue, Entity } from './entity.ts'
import { RawNumber } from './raw-number.ts'
import type { ServiceId, SummaryAnnotation } from './summary.ts'
import type { TraceIndex } from './trace-index.ts'

const INDEXED_KEYS = 50
const INDEXED_CHARACTERS = 1_000

/** As many values of one key are compared one by one, which is faster than a map as long as there are few. */
const FEW_VALUES = 8

/**
 * The annotations of a trace that can be searched for, each distinct value once, with the nodes whose segments carry it
 * on themselves or their subsegments (spec/query §2.3). Text is cut to 1,000 characters.
 *
 * Only the first 50 keys count (spec/ingest §2.10), in the order of the assembled trace rather than of arrival, so that
 * the same documents always yield the same annotations.
 */
export function indexedAnnotations(
  { trace, placedSegments, subsegments }: TraceIndex,
  longLists: LongLists,
): ReadonlyMap<string, readonly SummaryAnnotation[]> {
  const byKey: ByKey = new Map()
  let nextSegment = 0
  let next = 0
  for (const root of trace.roots) {
    const segment = placedSegments[nextSegment]
    if (segment?.root === root) {
      nextSegment++
      if (root.entity.annotations !== undefined) {
        addAnnotations(byKey, root.entity.annotations, segment.owner?.service, longLists)
      }
    }
    // Subsegments are in the order of their roots.
    for (let placed = subsegments[next]; placed?.root === root; placed = subsegments[++next]) {
      const { annotations } = placed.entity
      if (annotations !== undefined) addAnnotations(byKey, annotations, placed.owner?.service, longLists)
    }
  }
  const annotations = new Map<string, readonly SummaryAnnotation[]>()
  for (const [key, { values }] of byKey) annotations.set(key, values)
  return annotations
}

type GrowingAnnotation = { readonly value: AnnotationValue; readonly serviceIds: ServiceId[] }

type ByKey = Map<string, Values>

/** The values of one key. They are looked up only when there are many. */
type Values = { readonly values: GrowingAnnotation[]; byValue: Map<AnnotationValue, GrowingAnnotation> | undefined }

function addAnnotations(
  byKey: ByKey,
  annotations: NonNullable<Entity['annotations']>,
  service: ServiceId | undefined,
  longLists: LongLists,
): void {
  for (const [key, sent] of annotations) {
    const known = byKey.get(key)
    if (known === undefined && byKey.size === INDEXED_KEYS) continue
    const value = indexedValue(sent)
    if (known === undefined) {
      byKey.set(key, { values: [annotationOf(value, service)], byValue: undefined })
      continue
    }
    const annotation = find(known, value)
    if (annotation === undefined) add(known, annotationOf(value, service))
    else if (service !== undefined) addOnce(annotation.serviceIds, service, longLists)
  }
}

function annotationOf(value: AnnotationValue, service: ServiceId | undefined): GrowingAnnotation {
  return { value, serviceIds: service === undefined ? [] : [service] }
}

function find({ values, byValue }: Values, value: AnnotationValue): GrowingAnnotation | undefined {
  if (byValue !== undefined) return byValue.get(value)
  for (const annotation of values) if (annotation.value === value) return annotation
  return undefined
}

function add(known: Values, annotation: GrowingAnnotation): void {
  known.values.push(annotation)
  if (known.byValue !== undefined) known.byValue.set(annotation.value, annotation)
  else if (known.values.length > FEW_VALUES) known.byValue = new Map(known.values.map((each) => [each.value, each]))
}

export function indexedValue(sent: AnnotationValue | RawNumber): AnnotationValue {
  if (typeof sent === 'string') return firstCharacters(sent, INDEXED_CHARACTERS)
  const value = sent instanceof RawNumber ? sent.value : sent
  // Zero has two forms, which are one value.
  return value === 0 ? 0 : value
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
