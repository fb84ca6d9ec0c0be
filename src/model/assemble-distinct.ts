import { compareByStart } from './compare-by-start.ts'
import type { Entity } from './entity.ts'
import type { EntityId } from './ids.ts'
import type { ReceivedDocument } from './received-document.ts'
import type { TraceRoot } from './trace.ts'

/** A document whose tree may still get subsegments that were sent on their own. */
type Part = { readonly from: ReceivedDocument; entity: Entity }

/** Deeper than any accepted document (spec/ingest §1.3 row 16), and shallow enough to recurse. */
const MAX_DEPTH = 300

/** What the first look at the entities of a trace finds. */
type Survey = {
  /** The part in which each entity stands, segments and subsegments alike. */
  readonly parts: Map<EntityId, Part>
  /** How many there are; more than `parts` has as soon as an id comes twice. */
  count: number
  /** How often a subsegment stands behind one that comes after it in order. */
  misplaced: number
}

/**
 * The roots of a trace none of whose ids came twice, which is nearly every one: what `assemble` would answer, for a
 * fifth of the time. Undefined where one did come twice, were it for a segment and a subsegment, where parents form a
 * circle, and where a document nests deeper than any that is accepted; then the general rules decide.
 */
export function assembleDistinct(documents: readonly ReceivedDocument[]): readonly TraceRoot[] | undefined {
  const survey: Survey = { parts: new Map(), count: 0, misplaced: 0 }
  const segments: Part[] = []
  const independent: Part[] = []
  for (const from of documents) {
    const { kind, entity, inferred } = from.document
    if (inferred) continue
    const part: Part = { from, entity }
    if (kind === 'segment') segments.push(part)
    else independent.push(part)
    const { misplaced } = survey
    if (!addEntity(entity, part, survey, 0)) return undefined
    if (survey.misplaced > misplaced) part.entity = ordered(entity, undefined)
  }
  const orphans = independent.length === 0 ? independent : attach(independent, segments, survey.parts)
  if (orphans === undefined) return undefined
  const roots: TraceRoot[] = []
  for (const part of segments) roots.push(rootOf(part, 'segment'))
  for (const part of orphans) roots.push(rootOf(part, 'orphan'))
  return roots.length === 1 ? roots : roots.sort(compareRoots)
}

/** Adds an entity and all that stands in it; false where an id came twice, or the depth is too great. */
function addEntity(entity: Entity, part: Part, survey: Survey, depth: number): boolean {
  survey.parts.set(entity.id, part)
  // One step instead of two: to set an id that was there does not make the map larger.
  if (survey.parts.size !== ++survey.count || depth > MAX_DEPTH) return false
  let before: Entity | undefined
  for (const subsegment of entity.subsegments) {
    if (!addEntity(subsegment, part, survey, depth + 1)) return false
    if (before !== undefined && compareByStart(before, subsegment) > 0) survey.misplaced++
    before = subsegment
  }
  return true
}

function compareRoots(a: TraceRoot, b: TraceRoot): number {
  return compareByStart(a.entity, b.entity)
}

/**
 * Puts independent subsegments under their parents, those that others hang on last, and answers the ones without a
 * parent. Undefined when they hang on each other in a circle.
 */
function attach(
  independent: readonly Part[],
  segments: readonly Part[],
  parts: ReadonlyMap<EntityId, Part>,
): readonly Part[] | undefined {
  const orphans: Part[] = []
  const parents = new Map<Part, Part>()
  const hanging = new Map<Part, number>()
  for (const part of independent) {
    const { parentId } = part.from.document
    const parent = parentId === undefined ? undefined : parts.get(parentId)
    if (parent === undefined) {
      orphans.push(part)
      continue
    }
    parents.set(part, parent)
    hanging.set(parent, (hanging.get(parent) ?? 0) + 1)
  }
  const children = new Map<Part, Map<EntityId, Entity[]>>()
  const finish = (part: Part): void => {
    const attached = children.get(part)
    if (attached !== undefined) part.entity = ordered(part.entity, attached)
  }
  // A part is complete when nothing that hangs on it is missing; it is then hung on its own parent.
  const ready = independent.filter((part) => !hanging.has(part))
  let settled = 0
  for (let part = ready.pop(); part !== undefined; part = ready.pop()) {
    settled += 1
    finish(part)
    const parent = parents.get(part)
    const { parentId } = part.from.document
    if (parent === undefined || parentId === undefined) continue
    const attached = children.get(parent) ?? new Map<EntityId, Entity[]>()
    children.set(parent, attached)
    const siblings = attached.get(parentId)
    if (siblings === undefined) attached.set(parentId, [part.entity])
    else siblings.push(part.entity)
    const missing = (hanging.get(parent) ?? 0) - 1
    hanging.set(parent, missing)
    if (missing === 0 && parent.from.document.kind !== 'segment') ready.push(parent)
  }
  if (settled < independent.length) return undefined
  for (const part of segments) finish(part)
  return orphans
}

/** The tree with what is attached, siblings in their order; the same object where that changes nothing. */
function ordered(entity: Entity, attached: ReadonlyMap<EntityId, readonly Entity[]> | undefined): Entity {
  const own = entity.subsegments
  const more = attached?.get(entity.id)
  if (own.length === 0 && more === undefined) return entity
  let changed = more !== undefined
  const result: Entity[] = []
  let before: Entity | undefined
  for (const subsegment of own) {
    const child =
      subsegment.subsegments.length === 0 && attached === undefined ? subsegment : ordered(subsegment, attached)
    if (child !== subsegment || (before !== undefined && compareByStart(before, subsegment) > 0)) changed = true
    result.push(child)
    before = subsegment
  }
  if (!changed) return entity
  if (more !== undefined) result.push(...more)
  return { ...entity, subsegments: result.sort(compareByStart) }
}

function rootOf({ from, entity }: Part, kind: TraceRoot['kind']): TraceRoot {
  const { parentId } = from.document
  return parentId === undefined ? { kind, entity } : { kind, parentId, entity }
}
