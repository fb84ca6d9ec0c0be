import { calledNodeAs, isCall, isTraced } from './called-node.ts'
import type { Entity } from './entity.ts'
import type { EntityId } from './ids.ts'
import { segmentNodeAs, type MakeNode } from './node.ts'
import { nodeNumbers, numberNode, type NumberedNode } from './numbered-nodes.ts'
import type { ServiceId } from './summary.ts'
import type { Trace, TraceRoot } from './trace.ts'

/** An entity, where it stands, and what calls it has to do with. All have all members, for speed. */
export type PlacedEntity = {
  readonly entity: Entity
  /** The root it stands under: itself, for a segment and for an orphan. */
  readonly root: TraceRoot
  /** What it stands in; absent for roots. */
  readonly parent: PlacedEntity | undefined
  /** The node of the segment that it is or stands in; absent under an orphan. */
  readonly owner: NumberedNode | undefined
  /** The real segments that name it as their parent, in the order of the roots. */
  readonly called: readonly PlacedEntity[]
  /** For a segment: what it names as its parent, where that is in the trace. */
  readonly caller: PlacedEntity | undefined
  /** For a subsegment: the node that it calls and that is inferred, since nobody there reports (`inferSegments`). */
  readonly inferred: NumberedNode | undefined
}

/** A trace, with what is needed to go from one segment to another. */
export type TraceIndex = {
  readonly trace: Trace
  /** The real segments, in the order of the roots. */
  readonly segments: readonly TraceRoot[]
  /** The same segments, with their surroundings. */
  readonly placedSegments: readonly PlacedEntity[]
  /** All subsegments, orphans included, in the order of the roots, parents first. */
  readonly subsegments: readonly PlacedEntity[]
  /** Each node once: the client, the segments' in their order, the inferred ones in the order of the calls. */
  readonly services: readonly ServiceId[]
  /** The first segment without a parent. */
  readonly top: PlacedEntity | undefined
  /** Who called `top` (spec/query §3.1 "client node"); without a first caller there is none (§3.3 source 4). */
  readonly client: NumberedNode | undefined
  /** The real segments by what they name as their parent, in the order of the roots. */
  readonly calledBy: ReadonlyMap<EntityId, readonly PlacedEntity[]>
  /**
   * The entity with this id; a subsegment before a segment (spec/ingest §3.1). Few need it: the first question makes a
   * map of all entities.
   */
  readonly find: (id: EntityId) => PlacedEntity | undefined
  /** The roots of `calledBy`. */
  readonly segmentsCalledBy: (id: EntityId) => readonly TraceRoot[]
}

type Growing = { -readonly [Key in keyof PlacedEntity]: PlacedEntity[Key] }
type CalledBy = Map<EntityId, Growing[]>
type NodeAt = MakeNode<NumberedNode>

const NOTHING: readonly PlacedEntity[] = []
const NO_ROOTS: readonly TraceRoot[] = []

/**
 * Indexes a trace, and finds its nodes. Linear time, not recursive. Every trace passes here, mostly with some dozen
 * entities, of which nearly all are calls: it looks at each once, and makes one object for it.
 */
export function indexTrace(trace: Trace): TraceIndex {
  const numbers = nodeNumbers()
  const nodeAt: NodeAt = (name, type, accountId) => numberNode(numbers, name, type, accountId)
  const topRoot = firstTop(trace.roots)
  // The client is the first node, though that of the top segment may be any.
  const client = topRoot && nodeAt(topRoot.entity.name, 'client', undefined)
  const segments: TraceRoot[] = []
  const placedSegments: Growing[] = []
  const calledBy: CalledBy = new Map()
  let top: Growing | undefined
  for (const root of trace.roots) {
    if (root.kind === 'orphan') continue
    const placed = place(root.entity, root, undefined, segmentNodeAs(root.entity, nodeAt))
    segments.push(root)
    placedSegments.push(placed)
    if (root === topRoot) top = placed
    if (root.parentId === undefined) continue
    const siblings = calledBy.get(root.parentId)
    if (siblings === undefined) calledBy.set(root.parentId, [placed])
    else siblings.push(placed)
  }
  const subsegments: PlacedEntity[] = []
  let next = 0
  for (const root of trace.roots) {
    let placed = placedSegments[next]
    if (placed?.root === root) {
      next++
      joinCalls(placed, calledBy)
    } else {
      placed = placeSubsegment(root.entity, root, undefined, calledBy, nodeAt)
      subsegments.push(placed)
    }
    if (root.entity.subsegments.length > 0) placeBelow(placed, subsegments, calledBy, nodeAt)
  }
  return {
    trace,
    segments,
    placedSegments,
    subsegments,
    services: numbers.services,
    top,
    client,
    calledBy,
    find: finder(placedSegments, subsegments),
    segmentsCalledBy: (id) => calledBy.get(id)?.map(({ root }) => root) ?? NO_ROOTS,
  }
}

function firstTop(roots: readonly TraceRoot[]): TraceRoot | undefined {
  for (const root of roots) if (root.kind === 'segment' && root.parentId === undefined) return root
  return undefined
}

function place(
  entity: Entity,
  root: TraceRoot,
  parent: PlacedEntity | undefined,
  owner: NumberedNode | undefined,
): Growing {
  return { entity, root, parent, owner, called: NOTHING, caller: undefined, inferred: undefined }
}

/** All that stands in an entity, parents first. */
function placeBelow(top: PlacedEntity, subsegments: PlacedEntity[], calledBy: CalledBy, nodeAt: NodeAt): void {
  const { root } = top
  /** For each entity from the top down to the parent, but for the parent, how many of its subsegments are placed. */
  const positions: number[] = []
  let position = 0
  for (let parent: PlacedEntity | undefined = top; parent !== undefined;) {
    const siblings: readonly Entity[] = parent.entity.subsegments
    const entity: Entity | undefined = position < siblings.length ? siblings[position] : undefined
    if (entity === undefined) {
      parent = parent === top ? undefined : parent.parent
      position = positions.pop() ?? 0
      continue
    }
    position++
    const placed: PlacedEntity = placeSubsegment(entity, root, parent, calledBy, nodeAt)
    subsegments.push(placed)
    if (entity.subsegments.length === 0) continue
    positions.push(position)
    parent = placed
    position = 0
  }
}

function placeSubsegment(
  entity: Entity,
  root: TraceRoot,
  parent: PlacedEntity | undefined,
  calledBy: CalledBy,
  nodeAt: NodeAt,
): Growing {
  const placed = place(entity, root, parent, parent?.owner)
  joinCalls(placed, calledBy)
  if (placed.called.length === 0 && isCall(entity) && !isTraced(entity)) placed.inferred = calledNodeAs(entity, nodeAt)
  return placed
}

/** Joins an entity with the segments that name it as their parent. */
function joinCalls(placed: Growing, calledBy: CalledBy): void {
  if (calledBy.size === 0) return
  const called = calledBy.get(placed.entity.id)
  if (called === undefined) return
  placed.called = called
  const isSegment = placed.parent === undefined && placed.root.kind === 'segment'
  for (const segment of called) {
    // Of a segment and a subsegment of one id, the subsegment is the parent (spec/ingest §3.1).
    if (!isSegment || segment.caller === undefined) segment.caller = placed
  }
}

function finder(segments: readonly PlacedEntity[], subsegments: readonly PlacedEntity[]): TraceIndex['find'] {
  let byId: Map<EntityId, PlacedEntity> | undefined
  return (id) => {
    if (byId === undefined) {
      byId = new Map()
      for (const placed of segments) byId.set(placed.entity.id, placed)
      for (const placed of subsegments) byId.set(placed.entity.id, placed)
    }
    return byId.get(id)
  }
}
