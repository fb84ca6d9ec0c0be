import type { Entity } from '../model/entity.ts'
import type { TraceRoot } from '../model/trace.ts'
import type { SegmentFacts, TraceFacts } from './trace-facts.ts'

/**
 * Says of a segment whether any of the segments above it, at whatever distance, is one that is asked for: the one that
 * called it, the one that called that, and so on. Linear time for a whole trace, and no recursion; segments that call
 * each other in a circle are above each other.
 */
export function belowSome(
  trace: TraceFacts,
  isAskedFor: (segment: SegmentFacts) => boolean,
): (s: SegmentFacts) => boolean {
  const { index } = trace
  const factsOf = new Map<Entity, SegmentFacts>()
  const callOwners = new Map<Entity, TraceRoot>()
  for (const facts of trace.segments()) if (!facts.isInferred) factsOf.set(facts.entity, facts)
  for (const { call } of trace.inferred()) callOwners.set(call.entity, call.root)
  const parents = new Map<Entity, Entity>()
  for (const { entity, parentId } of index.segments) {
    const parent = parentId === undefined ? undefined : index.find(parentId)?.root.entity
    if (parent !== undefined && parent !== entity) parents.set(entity, parent)
  }
  const answers = new Map<Entity, boolean>()
  /** Whether a real segment is asked for, or is below one that is. */
  const isOnWay = (start: Entity | undefined): boolean => {
    const passed: Entity[] = []
    let answer = false
    const seen = new Set<Entity>()
    for (let at = start; at !== undefined && !seen.has(at); at = parents.get(at)) {
      const known = answers.get(at)
      const facts = factsOf.get(at)
      answer = known ?? (facts !== undefined && isAskedFor(facts))
      if (known !== undefined || answer) break
      seen.add(at)
      passed.push(at)
    }
    for (const entity of passed) answers.set(entity, answer)
    return answer
  }
  return ({ entity, isInferred }) => isOnWay(isInferred ? callOwners.get(entity)?.entity : parents.get(entity))
}
