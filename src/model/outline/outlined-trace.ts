import { compareByStart } from '../compare-by-start.ts'
import type { Entity } from '../entity.ts'
import type { EntityId } from '../ids.ts'
import { inferSegments } from '../infer-segments.ts'
import { segmentNodeAs } from '../node.ts'
import { nodeNumbers, numberNode } from '../numbered-nodes.ts'
import { cycleCuts } from '../parent-cycles.ts'
import { processedDocuments, type ProcessedDocument } from '../processed-documents.ts'
import type { ServiceId } from '../summary.ts'
import { indexTrace, type TraceIndex } from '../trace-index.ts'
import type { Trace } from '../trace.ts'

/** An entity of a trace, and where it stands. */
export type OutlinedEntity = {
  /** As it is returned, its subsegments still in it. */
  readonly entity: Entity
  readonly kind: 'segment' | 'subsegment' | 'inferred'
  /** The processed document that holds it. */
  readonly document: ProcessedDocument
  /** Position of what it stands in or was called by, which is smaller than its own; -1 for roots. */
  readonly parent: number
  /** Position of the node of the segment that it is or stands in; -1 in an orphan. */
  readonly service: number
  /** The parent that it names and that is not in the trace. */
  readonly missingParentId: EntityId | undefined
}

/** A trace as one list. */
export type OutlinedTrace = {
  readonly index: TraceIndex
  /**
   * Every entity of the processed documents once, in pre-order: segments under what called them, roots and siblings by
   * start, then id. Of segments that call each other in a circle the earliest is a root.
   */
  readonly entities: readonly OutlinedEntity[]
  /** The nodes that segments belong to, inferred ones included, in the order of the entities. */
  readonly services: readonly ServiceId[]
}

/** Lists a trace. No depth is too deep, and the time is n log n. */
export function outlineTrace(trace: Trace): OutlinedTrace {
  const index = indexTrace(trace)
  const rows = rowsOf(processedDocuments(trace))
  const { parents, missing } = parentsOf(rows)
  const called = new Map(inferSegments(index).map(({ call, node }) => [call.entity.id, node]))
  const numbers = nodeNumbers()
  const numberOf = (name: string, type: string | undefined, account: string | undefined): number =>
    numberNode(numbers, name, type, account).number

  const entities: OutlinedEntity[] = []
  const positions = new Int32Array(rows.length).fill(-1)
  for (const at of preOrder(rows, parents)) {
    const row = rows[at]
    if (row === undefined) continue
    const { entity, document, container } = row
    positions[at] = entities.length
    const kind = kindOf(row)
    const node = kind === 'inferred' && document.parentId !== undefined ? called.get(document.parentId) : undefined
    entities.push({
      entity,
      kind,
      document,
      parent: positionOf(positions, parents[at]),
      service:
        kind === 'subsegment'
          ? (entities[positionOf(positions, container)]?.service ?? -1)
          : node === undefined
            ? segmentNodeAs(entity, numberOf)
            : numberOf(node.name, node.type, node.accountId),
      missingParentId: missing.get(at),
    })
  }
  return { index, entities, services: numbers.services }
}

function positionOf(positions: Int32Array, row: number | undefined): number {
  return row === undefined ? -1 : (positions[row] ?? -1)
}

type Row = {
  readonly entity: Entity
  readonly document: ProcessedDocument
  /** The row of what it stands in; absent for documents. */
  readonly container: number | undefined
}

/** All entities, containers before what stands in them. */
function rowsOf(documents: readonly ProcessedDocument[]): readonly Row[] {
  const rows = documents.map((document): Row => ({ entity: document.entity, document, container: undefined }))
  // The list grows while it is walked: each entity brings its subsegments.
  for (const [at, { entity, document }] of rows.entries()) {
    for (const subsegment of entity.subsegments) rows.push({ entity: subsegment, document, container: at })
  }
  return rows
}

function kindOf({ container, document }: Row): OutlinedEntity['kind'] {
  if (container !== undefined || document.kind === 'orphan') return 'subsegment'
  return document.kind
}

type Parents = {
  /** The row of each row's parent, without cycles. */
  readonly parents: readonly (number | undefined)[]
  /** By row, the parent that is not there. */
  readonly missing: ReadonlyMap<number, EntityId>
}

function parentsOf(rows: readonly Row[]): Parents {
  const byId = new Map<EntityId, number>()
  // Of a segment and a subsegment of one id, the subsegment is the parent (spec/ingest §3.1). Nobody can name what was
  // inferred: it would not be there any more.
  for (const kind of ['segment', 'subsegment']) {
    for (const [at, row] of rows.entries()) if (kindOf(row) === kind) byId.set(row.entity.id, at)
  }
  const missing = new Map<number, EntityId>()
  const parents = rows.map(({ document, container }, at) => {
    if (container !== undefined || document.parentId === undefined) return container
    const parent = byId.get(document.parentId)
    if (parent === undefined) missing.set(at, document.parentId)
    return parent
  })
  const cuts = cycleCuts({
    parents,
    // Containment is a fact, `parent_id` only a claim.
    mayCut: (at) => rows[at]?.container === undefined,
    compare: (a, b) => compareRows(rows[a], rows[b]),
  })
  for (const cut of cuts) parents[cut] = undefined
  return { parents, missing }
}

function compareRows(a: Row | undefined, b: Row | undefined): number {
  return a === undefined || b === undefined ? 0 : compareByStart(a.entity, b.entity)
}

/** The rows in pre-order. */
function* preOrder(rows: readonly Row[], parents: readonly (number | undefined)[]): Generator<number> {
  // One more than there are rows: what roots stand under.
  const top = rows.length
  const first = new Int32Array(top + 1).fill(-1)
  const next = new Int32Array(top + 1).fill(-1)
  const inOrder = [...rows.keys()].sort((a, b) => compareRows(rows[a], rows[b]))
  // From the last to the first, since each is put before its siblings.
  for (const row of inOrder.toReversed()) {
    const parent = parents[row] ?? top
    next[row] = first[parent] ?? -1
    first[parent] = row
  }
  let at = first[top] ?? -1
  while (at !== -1) {
    yield at
    let following = first[at] ?? -1
    for (let up = at; following === -1 && up !== top; up = parents[up] ?? top) following = next[up] ?? -1
    at = following
  }
}
