import { type CriticalPath } from './critical-path.ts'
import { isProblem, type TraceModel } from './trace-model.ts'
import { type Rows } from './rows.ts'
import { shownNodes } from './shown-nodes.ts'

/** Where a key press leads: a node, which may be folded (`openPathTo`), as number `position` of `of`. */
export type Step = {
  readonly node: number
  /** From 1. */
  readonly position: number
  readonly of: number
  /** Whether it began again at the other end. */
  readonly isWrapped: boolean
}
export type Direction = 'next' | 'previous'

/** The next fault, error or throttle in pre-order, folded ones included; -1 as `from` begins at the first. */
export function nextProblem(model: TraceModel, rows: Rows, from: number, direction: Direction): Step | undefined {
  return nextOf(
    showable(model, rows, (node) => isProblem(model, node)),
    from,
    direction,
  )
}

/** The next node of the critical path, downwards. */
export function nextCritical(
  model: TraceModel,
  critical: CriticalPath,
  rows: Rows,
  from: number,
  direction: Direction,
): Step | undefined {
  return nextOf(
    showable(model, rows, (node) => critical.onPath[node] === 1),
    from,
    direction,
  )
}

/** The next match of what is looked for. */
export function nextMatch(model: TraceModel, rows: Rows, from: number, direction: Direction): Step | undefined {
  const { matches } = rows.view
  return matches === undefined
    ? undefined
    : nextOf(
        showable(model, rows, (node) => matches[node] === 1),
        from,
        direction,
      )
}

/** Hidden services are passed over, and what "only matches" leaves out. */
function showable(model: TraceModel, { view }: Rows, isWanted: (node: number) => boolean): readonly number[] {
  const { isHidden, isKept } = shownNodes(model, view)
  const nodes: number[] = []
  for (let node = 0; node < model.count; node++) {
    if (isWanted(node) && !isHidden(node) && isKept(node)) nodes.push(node)
  }
  return nodes
}

function nextOf(nodes: readonly number[], from: number, direction: Direction): Step | undefined {
  const found =
    direction === 'next' ? nodes.findIndex((node) => node > from) : nodes.findLastIndex((node) => node < from)
  const isWrapped = found === -1
  const at = isWrapped ? (direction === 'next' ? 0 : nodes.length - 1) : found
  const node = nodes[at]
  return node === undefined ? undefined : { node, position: at + 1, of: nodes.length, isWrapped }
}
