import { compareByStart } from './compare-by-start.ts'
import type { Entity, SegmentDocument } from './entity.ts'
import type { EntityId } from './ids.ts'
import { supersedes, type Copy } from './supersedes.ts'

/** One occurrence of an entity in one document. The same entity may occur in several, and twice in one. */
export type EntityCopy = Copy & {
  readonly document: SegmentDocument
  readonly entity: Entity
  /** The copy it is embedded in; absent at the top of its document. */
  readonly container: EntityCopy | undefined
  /** Its own subsegments, in the order of the document. */
  readonly embedded: readonly EntityCopy[]
}

/** Every entity of one document, each before its subsegments, in the order of the document. */
export function copiesOf(document: SegmentDocument, received: number): readonly EntityCopy[] {
  type Growing = EntityCopy & { readonly embedded: EntityCopy[] }
  const copies: Growing[] = []
  const stack: { readonly entity: Entity; readonly container: Growing | undefined }[] = [
    { entity: document.entity, container: undefined },
  ]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { entity, container } = next
    const copy: Growing = { document, entity, container, received, complete: !entity.inProgress, embedded: [] }
    copies.push(copy)
    container?.embedded.push(copy)
    for (const child of entity.subsegments.toReversed()) stack.push({ entity: child, container: copy })
  }
  return copies
}

/** Whether the copy is a segment, not a subsegment: the two are told apart even under one id (spec/ingest §3.1). */
export function isSegment(copy: EntityCopy): boolean {
  return copy.container === undefined && copy.document.kind === 'segment'
}

/**
 * Chooses one copy of each subsegment: complete beats in progress, then the later received wins, then the later in the
 * document (spec/ingest §3.1 "the same id twice", §3.2). A copy that loses takes all that is embedded in it along, so
 * what stands inside a loser does not compete. A subsegment of which every copy went that way has no entry.
 *
 * The copies of a document come in the order of `copiesOf`; the order of documents does not matter.
 */
export function survivingSubsegments(copies: readonly EntityCopy[]): ReadonlyMap<EntityId, EntityCopy> {
  const contests = new Map<EntityId, EntityCopy[]>()
  for (const copy of copies) {
    if (isSegment(copy)) continue
    const rivals = contests.get(copy.entity.id)
    if (rivals === undefined) contests.set(copy.entity.id, [copy])
    else rivals.push(copy)
  }
  const survivors = new Map<EntityId, EntityCopy>()
  for (const [id, [only, ...others]] of contests) {
    if (only === undefined || others.length > 0) return settle(contests)
    survivors.set(id, only)
  }
  return survivors
}

/**
 * Settles each subsegment once it is known which of its copies stand inside losers, that is, after all subsegments
 * that contain it. Where documents contradict each other (A within B here, B within A there) none is first, and those
 * with a copy known to stand are settled in the order of start and id.
 */
function settle(contests: ReadonlyMap<EntityId, readonly EntityCopy[]>): ReadonlyMap<EntityId, EntityCopy> {
  const survivors = new Map<EntityId, EntityCopy>()
  const settled = new Set<EntityId>()
  const waiting = new Map<EntityId, number>()
  const ready: EntityId[] = []
  const stands = ({ container }: EntityCopy): boolean =>
    container === undefined || isSegment(container) || survivors.get(container.entity.id) === container

  for (const [id, rivals] of contests) {
    const unknown = rivals.filter(({ container }) => container !== undefined && !isSegment(container)).length
    waiting.set(id, unknown)
    if (unknown === 0) ready.push(id)
  }

  const settleOne = (id: EntityId): void => {
    if (settled.has(id)) return
    settled.add(id)
    const rivals = contests.get(id) ?? []
    let best: EntityCopy | undefined
    // On a tie the copies are of one document, and the last one is kept.
    for (const rival of rivals) if (stands(rival) && (best === undefined || !supersedes(best, rival))) best = rival
    if (best !== undefined) survivors.set(id, best)
    for (const { embedded } of rivals) {
      for (const { entity } of embedded) {
        const unknown = (waiting.get(entity.id) ?? 0) - 1
        waiting.set(entity.id, unknown)
        if (unknown === 0) ready.push(entity.id)
      }
    }
  }
  const settleReady = (): void => {
    for (let id = ready.pop(); id !== undefined; id = ready.pop()) settleOne(id)
  }

  settleReady()
  while (settled.size < contests.size) {
    const deadlocked = [...contests.values()].flatMap((rivals) =>
      rivals.filter((rival) => !settled.has(rival.entity.id) && stands(rival)),
    )
    // What is left stands inside losers.
    if (deadlocked.length === 0) break
    for (const { entity } of deadlocked.toSorted((a, b) => compareByStart(a.entity, b.entity))) {
      settleOne(entity.id)
      settleReady()
    }
  }
  return survivors
}
