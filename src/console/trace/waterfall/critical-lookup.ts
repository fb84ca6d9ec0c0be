import type { CriticalPath, CriticalPiece } from '../model/critical-path.ts'

const lookups = new WeakMap<CriticalPath, ReadonlyMap<number, number>>()

/** Which step of the path a node is; -1 for none. */
function stepOfNode(path: CriticalPath, node: number): number {
  let steps = lookups.get(path)
  if (steps === undefined) {
    steps = new Map(path.steps.map((step, at) => [step.node, at]))
    lookups.set(path, steps)
  }
  return steps.get(node) ?? -1
}

/** When everything waited for this node, the latest first. */
export function piecesOfNode(path: CriticalPath, node: number): readonly CriticalPiece[] {
  return path.onPath[node] === 1 ? (path.pieces[stepOfNode(path, node)] ?? []) : []
}
