import { type RowsView } from './rows.ts'
import { type TraceModel } from './trace-model.ts'

/** Which nodes hiding services and "only matches" leave. */
export type ShownNodes = {
  /** Whether its service is hidden. */
  readonly isHidden: (node: number) => boolean
  /** Whether it or something below it is wanted. */
  readonly isKept: (node: number) => boolean
  /** How many nodes under a parent (-1: at the top) are not kept, with what is below them. */
  readonly leftOut: (parent: number) => number
  /** Whether anything below it has, or could have, a row. */
  readonly hasBelow: (node: number) => boolean
}

export function shownNodes(model: TraceModel, view: RowsView): ShownNodes {
  const hidden = Uint8Array.from(model.services, ({ name }) => (view.hiddenServices.has(name) ? 1 : 0))
  const isHiding = hidden.includes(1)
  const isHidden = isHiding ? (node: number) => hidden[model.service[node] ?? -1] === 1 : () => false
  const isAny = (node: number) => (model.size[node] ?? 1) > 1
  const only = view.onlyMatches ? view.matches : undefined
  if (!isHiding && only === undefined) return { isHidden, isKept: () => true, leftOut: () => 0, hasBelow: isAny }

  const own = sizesWithout(model, isHidden)
  const hasBelow = (node: number) => (own[node] ?? 0) > (isHidden(node) ? 0 : 1)
  if (only === undefined) return { isHidden, isKept: () => true, leftOut: () => 0, hasBelow }
  const kept = keptNodes(model, only, isHidden)
  const gaps = new Int32Array(model.count + 1)
  for (let node = 0; node < model.count; node++) {
    const above = model.parent[node] ?? -1
    const isCut = kept[node] === 0 && (above === -1 || kept[above] === 1)
    if (isCut) gaps[above + 1] = (gaps[above + 1] ?? 0) + (own[node] ?? 0)
  }
  return { isHidden, isKept: (node) => kept[node] === 1, leftOut: (parent) => gaps[parent + 1] ?? 0, hasBelow }
}

/** How many nodes each sub-tree has without those of hidden services. */
function sizesWithout({ parent, count }: TraceModel, isHidden: (node: number) => boolean): Int32Array {
  const sizes = new Int32Array(count)
  for (let node = count - 1; node >= 0; node--) {
    const size = (sizes[node] ?? 0) + (isHidden(node) ? 0 : 1)
    sizes[node] = size
    const above = parent[node] ?? -1
    if (above !== -1) sizes[above] = (sizes[above] ?? 0) + size
  }
  return sizes
}

function keptNodes({ parent, count }: TraceModel, only: Uint8Array, isHidden: (node: number) => boolean): Uint8Array {
  const kept = new Uint8Array(count)
  for (let node = count - 1; node >= 0; node--) {
    if (kept[node] === 0 && (only[node] !== 1 || isHidden(node))) continue
    kept[node] = 1
    const above = parent[node] ?? -1
    if (above !== -1) kept[above] = 1
  }
  return kept
}
