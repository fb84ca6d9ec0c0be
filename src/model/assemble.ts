import { assembleDistinct } from './assemble-distinct.ts'
import { compareByStart } from './compare-by-start.ts'
import type { Entity } from './entity.ts'
import type { EntityId, TraceId } from './ids.ts'
import { cycleCuts } from './parent-cycles.ts'
import type { ReceivedDocument } from './received-document.ts'
import { supersedes } from './supersedes.ts'
import { copiesOf, isSegment, survivingSubsegments, type EntityCopy } from './surviving-copies.ts'
import type { Trace, TraceRoot } from './trace.ts'

/**
 * Merges all documents of one trace (spec/ingest §3.1, §3.2).
 *
 * Each entity is there once, in the copy that supersedes the others. Independent subsegments stand under their parents,
 * wherever these are, and siblings are ordered by start time, then id, whichever way they came. A subsegment whose
 * parent is not there is a root of its own, and so is, of a cycle of subsegments, the earliest of those sent on their
 * own. Documents marked `inferred` are ignored. The order of `documents` does not matter; the time is n log n, and no
 * depth is too deep.
 */
export function assemble(id: TraceId, revision: number, documents: readonly ReceivedDocument[]): Trace {
  const distinct = assembleDistinct(documents)
  if (distinct !== undefined) return traceOf(id, revision, distinct, documents)
  return traceOf(id, revision, assembleGeneral(documents), currentOf(documents))
}

/** The rules for traces in which entities came more than once, or hang on each other; they hold for all others, too. */
export function assembleGeneral(documents: readonly ReceivedDocument[]): readonly TraceRoot[] {
  const current = currentOf(documents)
  const copies = current.flatMap(({ document, received }) => copiesOf(document, received))
  const subsegments = survivingSubsegments(copies)
  const segments = new Map(copies.filter(isSegment).map((copy) => [copy.entity.id, copy]))
  const placed = [...segments.values(), ...subsegments.values()]
  const children = childrenByParent(placed, parentsOf(placed, subsegments, segments))
  return rootsOf(children)
}

function traceOf(
  id: TraceId,
  revision: number,
  roots: readonly TraceRoot[],
  documents: readonly ReceivedDocument[],
): Trace {
  let storedBytes = 0
  for (const { bytes } of documents) if (bytes !== undefined) storedBytes += bytes
  return storedBytes === 0 ? { id, revision, roots } : { id, revision, roots, storedBytes }
}

function currentOf(documents: readonly ReceivedDocument[]): readonly ReceivedDocument[] {
  const rank = ({ document, received }: ReceivedDocument) => ({ complete: !document.entity.inProgress, received })
  const current = new Map<string, ReceivedDocument>()
  for (const one of documents) {
    if (one.document.inferred) continue
    const key = `${one.document.kind} ${one.document.entity.id}`
    const known = current.get(key)
    if (known === undefined || supersedes(rank(one), rank(known))) current.set(key, one)
  }
  return [...current.values()]
}

type Copies = ReadonlyMap<EntityId, EntityCopy>

/** The parent of each copy, undefined for roots; without cycles. */
function parentsOf(placed: readonly EntityCopy[], subsegments: Copies, segments: Copies): (EntityCopy | undefined)[] {
  const parents = placed.map((copy) => {
    const { container, document } = copy
    if (container !== undefined || isSegment(copy) || document.parentId === undefined) return container
    const subsegment = subsegments.get(document.parentId)
    const segment = segments.get(document.parentId)
    // Subsegments come first, but for the one that asks, when there is a segment that it can mean.
    return subsegment === copy ? (segment ?? subsegment) : (subsegment ?? segment)
  })
  const positions = new Map(placed.map((copy, position) => [copy, position]))
  const cuts = cycleCuts({
    parents: parents.map((parent) => (parent === undefined ? undefined : positions.get(parent))),
    // Containment is a fact, `parent_id` only a claim.
    mayCut: (position) => placed[position]?.container === undefined,
    compare: (a, b) => compareCopies(placed[a], placed[b]),
  })
  for (const cut of cuts) parents[cut] = undefined
  return parents
}

function compareCopies(a: EntityCopy | undefined, b: EntityCopy | undefined): number {
  return a === undefined || b === undefined ? 0 : compareByStart(a.entity, b.entity)
}

type Children = ReadonlyMap<EntityCopy | undefined, readonly EntityCopy[]>

/** The children of each parent, in order; those without a parent under undefined. */
function childrenByParent(placed: readonly EntityCopy[], parents: readonly (EntityCopy | undefined)[]): Children {
  const children = new Map<EntityCopy | undefined, EntityCopy[]>()
  for (const [position, copy] of placed.entries()) {
    const siblings = children.get(parents[position])
    if (siblings === undefined) children.set(parents[position], [copy])
    else siblings.push(copy)
  }
  // Segments were placed before subsegments, and stay so where start and id are equal: sorting is stable.
  for (const siblings of children.values()) siblings.sort(compareCopies)
  return children
}

function rootsOf(children: Children): readonly TraceRoot[] {
  const roots = children.get(undefined) ?? []
  const parentsFirst: EntityCopy[] = [...roots]
  // The list grows while it is walked: each copy brings its children.
  for (const copy of parentsFirst) for (const child of children.get(copy) ?? []) parentsFirst.push(child)

  const built = new Map<EntityCopy, Entity>()
  const build = (copy: EntityCopy): Entity => built.get(copy) ?? copy.entity
  for (const copy of parentsFirst.toReversed()) {
    built.set(copy, withSubsegments(copy.entity, (children.get(copy) ?? []).map(build)))
  }
  return roots.map((copy) => ({
    kind: isSegment(copy) ? 'segment' : 'orphan',
    ...(copy.document.parentId === undefined ? {} : { parentId: copy.document.parentId }),
    entity: build(copy),
  }))
}

/** The entity itself where nothing changes, as in most traces. */
function withSubsegments(entity: Entity, subsegments: readonly Entity[]): Entity {
  const same =
    subsegments.length === entity.subsegments.length &&
    subsegments.every((subsegment, position) => subsegment === entity.subsegments[position])
  return same ? entity : { ...entity, subsegments }
}
