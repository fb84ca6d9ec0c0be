import { type CriticalPath } from './critical-path.ts'
import { findRepeats, noRepeats, orderMembers, type Repeats } from './find-repeats.ts'
import { findWrappers } from './find-wrappers.ts'
import { idOf, indexOfId, type TraceModel } from './trace-model.ts'

/** What may be toggled at a node: bits of `Fold.state`. */
export const FOLD_BITS = {
  /** What is below it is shown. */
  open: 1,
  /** The group of repeats that it is the first of is shown one by one. */
  groupOpen: 1 << 1,
  /** The chain of wrappers that it is the first of is shown one by one. */
  chainOpen: 1 << 2,
  /** What is below it is not shown where only matches are. */
  closedInMatches: 1 << 3,
  /** Orphans of the missing parent, whose first it is, are not shown. */
  missingClosed: 1 << 4,
} as const

/** How repeats are shown one by one; those with problems come first either way. */
export type RepeatOrder = 'time' | 'duration'
/** From how many on siblings of a kind are folded: 5 for `auto`. `off` folds nothing at all. */
export type FoldRepeats = 'auto' | 'off' | number

/** What is folded (console §4.6.3). Values are never changed: every step makes another. */
export type Fold = {
  readonly setting: FoldRepeats
  readonly repeats: Repeats
  /** By the head of each chain of wrappers, its last node, which the row stands for; else -1. */
  readonly chainEnd: Int32Array
  /** What folding began with: the trace's own, or everything open down to a level. */
  readonly level: number | 'auto'
  /** `FOLD_BITS` by node. */
  readonly state: Uint8Array
  /** What they were in the beginning: the difference is what a link tells. */
  readonly initial: Uint8Array
  /** By first member, how many hundreds of an open group are shown; 1 where absent. */
  readonly pages: ReadonlyMap<number, number>
  readonly order: RepeatOrder
}

/** How many members an open group shows at a time. */
export const PAGE = 100
/** A level that no trace reaches: everything open. */
export const ALL_LEVELS = 1_000_000

const LEAST_REPEATS = 5
/** Up to so many nodes all is open but repeats and wrappers. */
const SMALL = 2_000
const COLD_DEPTH = 3

/** How a trace is folded when it is opened; `selected` is shown, wherever it is. */
export function initialFold(
  model: TraceModel,
  {
    repeats,
    critical,
    order = 'time',
    selected,
  }: {
    readonly repeats: FoldRepeats
    readonly critical: CriticalPath
    readonly order?: RepeatOrder
    readonly selected?: number | undefined
  },
): Fold {
  const isOff = repeats === 'off'
  const initial = openInitially(model, isOff ? undefined : critical)
  const least = repeats === 'auto' ? LEAST_REPEATS : repeats === 'off' ? 0 : Math.max(2, Math.floor(repeats))
  const fold: Fold = {
    setting: repeats,
    repeats: isOff ? noRepeats(model) : findRepeats(model, least),
    chainEnd: isOff ? new Int32Array(model.count).fill(-1) : findWrappers(model),
    level: 'auto',
    state: initial,
    initial,
    pages: new Map(),
    order,
  }
  return selected === undefined || selected < 0 ? fold : openPathTo(model, fold, selected)
}

/** Large traces begin with the first levels, every path to a problem, and the critical path. */
function openInitially(model: TraceModel, critical: CriticalPath | undefined): Uint8Array {
  const state = new Uint8Array(model.count).fill(FOLD_BITS.open)
  if (critical === undefined || model.count <= SMALL) return state
  for (let node = 0; node < model.count; node++) {
    const isCold = (model.depth[node] ?? 0) >= COLD_DEPTH && (model.problems[node] ?? 0) === 0
    if (isCold && (model.size[node] ?? 1) > 1) state[node] = 0
  }
  for (const { node } of critical.steps) {
    const above = model.parent[node] ?? -1
    if (above !== -1) state[above] = FOLD_BITS.open
  }
  return state
}

/** Flips one bit of one node. */
export function toggleBit(fold: Fold, node: number, bit: number): Fold {
  const state = fold.state.slice()
  state[node] = (state[node] ?? 0) ^ bit
  return { ...fold, state }
}

/** Shows the next hundred members of the group whose first member this is. */
export function showMore(fold: Fold, first: number): Fold {
  return { ...fold, pages: new Map(fold.pages).set(first, (fold.pages.get(first) ?? 1) + 1) }
}

/** Lists members of open groups by time, or the longest first. */
export function orderRepeats(fold: Fold, order: RepeatOrder): Fold {
  return { ...fold, order }
}

/** Everything open down to a level, 1 being the topmost alone; groups and chains stay closed. */
export function openToLevel(model: TraceModel, fold: Fold, level: number): Fold {
  const initial = new Uint8Array(model.count)
  for (let node = 0; node < model.count; node++) {
    if ((model.depth[node] ?? 0) + 1 < level) initial[node] = FOLD_BITS.open
  }
  return { ...fold, level, initial, state: initial, pages: new Map() }
}

/** Opens or closes a node and all that is below it. */
export function openSubtree(model: TraceModel, fold: Fold, node: number, isOpen: boolean): Fold {
  const state = fold.state.slice()
  const end = node + (model.size[node] ?? 1)
  for (let at = node; at < end; at++) {
    const rest = (state[at] ?? 0) & ~(FOLD_BITS.open | FOLD_BITS.closedInMatches)
    state[at] = rest | (isOpen ? FOLD_BITS.open : FOLD_BITS.closedInMatches)
  }
  return { ...fold, state }
}

/** Opens whatever keeps a node from having a row: what is above it, groups, chains. The same fold if nothing does. */
export function openPathTo(model: TraceModel, fold: Fold, node: number): Fold {
  const state = fold.state.slice()
  const pages = new Map(fold.pages)
  let isChanged = false
  const set = (at: number, bits: number, clear: number) => {
    const next = ((state[at] ?? 0) | bits) & ~clear
    isChanged ||= next !== state[at]
    state[at] = next
  }
  for (let at = node; at !== -1; at = model.parent[at] ?? -1) {
    if (at !== node) set(at, FOLD_BITS.open, FOLD_BITS.closedInMatches)
    const group = fold.repeats.groups[fold.repeats.groupOf[at] ?? -1]
    if (group === undefined) continue
    const [first = at] = group.members
    set(first, FOLD_BITS.groupOpen, 0)
    const needed = Math.floor(orderMembers(model, group, fold.order).indexOf(at) / PAGE) + 1
    if (needed <= (pages.get(first) ?? 1)) continue
    pages.set(first, needed)
    isChanged = true
  }
  for (const orphan of orphansBeside(model, node)) set(orphan, 0, FOLD_BITS.missingClosed)
  const head = chainHeadOf(model, fold, node)
  if (head !== -1) set(head, FOLD_BITS.chainOpen, 0)
  return isChanged ? { ...fold, state, pages } : fold
}

/** The orphan that a node is or is below of, and those that miss the same parent. */
function orphansBeside({ parent, missingParents }: TraceModel, node: number): readonly number[] {
  let root = node
  for (let above = parent[root] ?? -1; above !== -1; above = parent[root] ?? -1) root = above
  const missing = missingParents.get(root)
  if (missing === undefined) return []
  return [...missingParents].flatMap(([orphan, parentId]) => (parentId === missing ? [orphan] : []))
}

/** The head of the closed chain that a node is inside of, but not the end of, which has a row of its own; else -1. */
function chainHeadOf(model: TraceModel, fold: Fold, node: number): number {
  for (let at = node; at !== -1; at = model.parent[at] ?? -1) {
    const last = fold.chainEnd[at] ?? -1
    if (last !== -1) return last > node ? at : -1
    if (at !== node && (model.size[at] ?? 1) - 1 !== (model.size[at + 1] ?? 0)) return -1
  }
  return -1
}

/** The same folding for the next revision of a trace: what was toggled, by ids. */
export function carryFold(before: TraceModel, fold: Fold, model: TraceModel, critical: CriticalPath): Fold {
  const begun = initialFold(model, { repeats: fold.setting, critical, order: fold.order })
  const next = fold.level === 'auto' ? begun : openToLevel(model, begun, fold.level)
  const state = next.state.slice()
  for (let node = 0; node < before.count; node++) {
    const toggled = (fold.state[node] ?? 0) ^ (fold.initial[node] ?? 0)
    if (toggled === 0) continue
    const now = indexOfId(model, idOf(before, node))
    if (now === -1) continue
    // What somebody opened stays open, also where the trace would have opened it by itself by now.
    const kept = (state[now] ?? 0) & ~toggled
    state[now] = kept | ((fold.state[node] ?? 0) & toggled)
  }
  const pages = [...fold.pages].map(([first, shown]) => [indexOfId(model, idOf(before, first)), shown] as const)
  return { ...next, state, pages: new Map(pages.filter(([first]) => first !== -1)) }
}
