import { type Fold } from './fold.ts'
import { type TraceModel } from './trace-model.ts'

/** What a row shows. */
export const ROW = {
  /** `node`. */
  node: 0,
  /** A closed or open group of repeats; `value` is its position in `fold.repeats.groups`, `node` its first member. */
  repeat: 1,
  /** The rest of an open group; `value` is how many, `node` the group's first member. */
  more: 2,
  /** What "only matches" leaves out under one parent; `value` is how many nodes, `node` the first of them. */
  gap: 3,
  /** A parent that is not in the trace; `node` is the first of its orphans. */
  missing: 4,
  /** A chain of wrappers as one: `node` is the last, whose children stand below; `value` the first. */
  chain: 5,
} as const
export type RowKind = (typeof ROW)[keyof typeof ROW]

/** What rows are made from beside the trace. */
export type RowsView = {
  readonly fold: Fold
  /** Names of services whose nodes are left out; what other services did below them stays. */
  readonly hiddenServices: ReadonlySet<string>
  /** By node, 1 where it matches what is looked for. */
  readonly matches?: Uint8Array | undefined
  /** Leaves out what does not match and has no match below. Only with `matches`; nothing repeats or wraps then. */
  readonly onlyMatches: boolean
}

/** The rows of the waterfall, as arrays by row. */
export type Rows = {
  readonly view: RowsView
  readonly count: number
  /** `ROW`. */
  readonly kind: Uint8Array
  readonly node: Int32Array
  readonly value: Int32Array
  /** The row that it stands under, -1 for the topmost. */
  readonly parentRow: Int32Array
  /** `aria-level`: 1 for the topmost. */
  readonly level: Int32Array
  /** `aria-posinset` and `aria-setsize`. */
  readonly position: Int32Array
  readonly setSize: Int32Array
  /** -1 where there is nothing to open, else 0 or 1. */
  readonly expanded: Int8Array
  /** By node, the row that shows it, of its own or in a chain; -1 for none. */
  readonly rowOf: Int32Array
  /** By position in `fold.repeats.groups`; -1 for none. */
  readonly rowOfGroup: Int32Array
  /** How many nodes have a row: "showing 61 of 50,000". */
  readonly shown: number
}

/** The row of a node, or else of what it is folded into; -1 where it is hidden with everything above it. */
export function nearestRow(model: TraceModel, { view, rowOf, rowOfGroup }: Rows, node: number): number {
  const { groupOf } = view.fold.repeats
  for (let at = node; at !== -1; at = model.parent[at] ?? -1) {
    const own = rowOf[at] ?? -1
    if (own !== -1) return own
    const group = rowOfGroup[groupOf[at] ?? -1] ?? -1
    if (group !== -1) return group
  }
  return -1
}
