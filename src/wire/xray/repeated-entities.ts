import type { EntityId } from '../../model/ids.ts'
import type { JsonObject } from '../../model/json.ts'
import { endOf, isSubsegment } from './fields.ts'
import { embeddedIn, idOf } from './read-entity.ts'

/** A subsegment, and where its subtree ends in the pre-order list that it stands in. */
type Node = { readonly fields: JsonObject; readonly id: EntityId; end: number }

/**
 * The embedded subsegments to leave out because their id occurs again in the document: the complete one stays, else
 * the last; one that contains the other stays in any case (spec/ingest §3.1). Go lists a child twice when its context
 * was cancelled. A segment's own id is no repetition: it is another kind of entity. The document MUST have been
 * accepted.
 */
export function repeatedEntities(document: JsonObject): ReadonlySet<JsonObject> {
  const nodes: Node[] = []
  if (isSubsegment(document)) addSubtree(document, nodes)
  else for (const subsegment of embeddedIn(document)) addSubtree(subsegment, nodes)

  const positions = positionsById(nodes)
  const omitted = new Set<JsonObject>()
  if (positions.size === nodes.length) return omitted
  for (const group of positions.values()) {
    const alive = group.filter((position) => !isOmitted(nodes, position, omitted))
    const kept = winner(nodes, alive)
    for (const position of alive) if (position !== kept) omit(nodes, position, omitted)
  }
  return omitted
}

function addSubtree(fields: JsonObject, nodes: Node[]): void {
  const node: Node = { fields, id: idOf(fields), end: 0 }
  nodes.push(node)
  for (const subsegment of embeddedIn(fields)) addSubtree(subsegment, nodes)
  node.end = nodes.length
}

function positionsById(nodes: readonly Node[]): ReadonlyMap<EntityId, readonly number[]> {
  const positions = new Map<EntityId, number[]>()
  for (const [position, { id }] of nodes.entries()) {
    const group = positions.get(id)
    if (group === undefined) positions.set(id, [position])
    else group.push(position)
  }
  return positions
}

/** Of the occurrences of one id, the one that stays: the chosen one, or the outermost that contains it. */
function winner(nodes: readonly Node[], alive: readonly number[]): number | undefined {
  const best = alive.findLast((position) => isComplete(nodes[position])) ?? alive.at(-1)
  return best === undefined
    ? undefined
    : alive.find((position) => best < (nodes[position]?.end ?? 0) && position <= best)
}

function isComplete(node: Node | undefined): boolean {
  return node !== undefined && endOf(node.fields) !== 'open'
}

function isOmitted(nodes: readonly Node[], position: number, omitted: ReadonlySet<JsonObject>): boolean {
  const node = nodes[position]
  return node === undefined || omitted.has(node.fields)
}

/** Omits a subtree, so that repetitions inside it no longer count. */
function omit(nodes: readonly Node[], position: number, omitted: Set<JsonObject>): void {
  for (const { fields } of nodes.slice(position, nodes[position]?.end)) omitted.add(fields)
}
