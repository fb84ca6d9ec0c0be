import type { CriticalPath } from '../model/critical-path.ts'
import type { Rows } from '../model/rows.ts'
import type { TraceModel } from '../model/trace-model.ts'
import type { Zoom } from '../zoom.ts'

/** What the left part of all rows is drawn from, and what can be done with them. */
export type NameContext = {
  readonly model: TraceModel
  readonly rows: Rows
  readonly act: RowActions
}

/** What all rows of the waterfall are drawn from; `names` stays the same while one zooms. */
export type RowContext = {
  readonly names: NameContext
  readonly model: TraceModel
  readonly rows: Rows
  readonly zoom: Zoom
  readonly path: CriticalPath
  /** By node, 1 where it matches what is looked for. */
  readonly matches: Uint8Array | undefined
  /** Whose times were moved so that clocks agree, in microseconds by node. */
  readonly shifts: Float64Array | undefined
}

export type RowActions = {
  readonly toggle: (row: number) => void
  /** Shows its details, or opens what has none. */
  readonly open: (row: number) => void
  /** Shows the wrappers of a chain one by one. */
  readonly openChain: (head: number) => void
  /** Goes to the first problem below. */
  readonly openProblem: (node: number) => void
}
