import { OUTLINE_FLAGS } from '../../../wire/own/outline.ts'
import { durationOf, isProblem, type TraceModel } from './trace-model.ts'

/** What makes a node worth a row of its own. */
const TELLING =
  OUTLINE_FLAGS.segment |
  OUTLINE_FLAGS.inProgress |
  OUTLINE_FLAGS.inferred |
  OUTLINE_FLAGS.hasExceptions |
  OUTLINE_FLAGS.hasLinks
const LEAST_SHARE = 0.01
/** Folding one wrapper would save a row and cost a name. */
const LEAST_WRAPPERS = 2

/**
 * Chains of subsegments that do nothing but call the next one: an only child, and less than 1 % of its time its own
 * (console §4.6.3). By head, the node at the end of the chain, the first that does something; elsewhere -1.
 */
export function findWrappers(model: TraceModel): Int32Array {
  const chainEnd = new Int32Array(model.count).fill(-1)
  for (let node = 0; node < model.count; node++) {
    let last = node
    while (isWrapper(model, last)) last += 1
    if (last - node >= LEAST_WRAPPERS) chainEnd[node] = last
    node = last
  }
  return chainEnd
}

/** An only child stands right behind its parent. */
function isWrapper(model: TraceModel, node: number): boolean {
  const child = node + 1
  if (child >= model.count || model.size[node] !== (model.size[child] ?? 0) + 1) return false
  if (isProblem(model, node) || ((model.flags[node] ?? 0) & TELLING) !== 0) return false
  const isSameService = model.service[node] === model.service[child]
  return isSameService && (model.self[node] ?? 0) < LEAST_SHARE * durationOf(model, node)
}
