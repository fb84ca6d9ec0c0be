import { orderMembers, type RepeatGroup } from './find-repeats.ts'
import { FOLD_BITS, PAGE } from './fold.ts'
import { shownNodes, type ShownNodes } from './shown-nodes.ts'
import { ROW, type RowKind, type Rows, type RowsView } from './rows.ts'
import { type TraceModel } from './trace-model.ts'

/** The rows of a trace as folded, searched and hidden. A few milliseconds for 50,000 nodes. */
export function buildRows(model: TraceModel, view: RowsView): Rows {
  const walked = walk(model, view)
  const { count } = walked
  const kind = walked.kind.subarray(0, count)
  const parentRow = walked.parentRow.subarray(0, count)
  return {
    view,
    count,
    kind,
    node: walked.node.subarray(0, count),
    value: walked.value.subarray(0, count),
    parentRow,
    level: walked.level.subarray(0, count),
    expanded: walked.expanded.subarray(0, count),
    rowOf: walked.rowOf,
    rowOfGroup: walked.rowOfGroup,
    shown: walked.shown,
    ...placesOf(parentRow),
  }
}

function placesOf(parentRow: Int32Array): Pick<Rows, 'position' | 'setSize'> {
  const count = parentRow.length
  const [position, setSize] = [new Int32Array(count), new Int32Array(count)]
  // The topmost are counted at 0, the children of a row at that row + 1.
  const counts = new Int32Array(count + 1)
  for (let row = 0; row < count; row++) {
    const at = (parentRow[row] ?? -1) + 1
    const next = (counts[at] ?? 0) + 1
    counts[at] = next
    position[row] = next
  }
  for (let row = 0; row < count; row++) setSize[row] = counts[(parentRow[row] ?? -1) + 1] ?? 0
  return { position, setSize }
}

/** Rows as they come; the arrays are longer than `count`. */
type Draft = {
  count: number
  shown: number
  readonly kind: Uint8Array
  readonly node: Int32Array
  readonly value: Int32Array
  readonly parentRow: Int32Array
  readonly level: Int32Array
  readonly expanded: Int8Array
  readonly rowOf: Int32Array
  readonly rowOfGroup: Int32Array
  /** By node, the row under which its children stand. */
  readonly holder: Int32Array
}

/** Where a walk goes on after an open group, or after the orphans of one parent, and which members are still to come. */
type Pause = {
  readonly at: number
  readonly end: number
  readonly row: number
  readonly first: number
  readonly members: Int32Array
  readonly limit: number
  next: number
}

function draftOf({ count }: TraceModel, { groups }: RowsView['fold']['repeats']): Draft {
  // A row for each node, two for each group, a gap for each parent, and one for each missing parent.
  const most = 3 * count + 2 * groups.length + 1
  return {
    count: 0,
    shown: 0,
    kind: new Uint8Array(most),
    node: new Int32Array(most),
    value: new Int32Array(most),
    parentRow: new Int32Array(most),
    level: new Int32Array(most),
    expanded: new Int8Array(most),
    rowOf: new Int32Array(count).fill(-1),
    rowOfGroup: new Int32Array(groups.length).fill(-1),
    holder: new Int32Array(count).fill(-1),
  }
}

function add(
  draft: Draft,
  kind: RowKind,
  node: number,
  value: number,
  parentRow: number,
  expanded: -1 | 0 | 1,
): number {
  const row = draft.count
  draft.count += 1
  draft.kind[row] = kind
  draft.node[row] = node
  draft.value[row] = value
  draft.parentRow[row] = parentRow
  draft.level[row] = parentRow === -1 ? 1 : (draft.level[parentRow] ?? 0) + 1
  draft.expanded[row] = expanded
  return row
}

/** In pre-order; each step says where to go on. What is below an open group's members comes member by member. */
function walk(model: TraceModel, view: RowsView): Draft {
  const draft = draftOf(model, view.fold.repeats)
  const shown = shownNodes(model, view)
  const gaps = new Uint8Array(model.count + 1)
  const context: Context = { model, view, draft, shown, gaps, orphans: orphansOf(model, shown) }
  const pauses: Pause[] = []
  let [at, end] = [0, model.count]
  for (;;) {
    if (at < end) {
      const pause = enterMissing(context, at, end) ?? enterGroup(context, at, end)
      if (pause === undefined) at = step(context, at, holderOf(context, at))
      else if (pause.limit > 0) {
        pauses.push(pause)
        at = end
      } else at = pause.at
      continue
    }
    const pause = pauses.at(-1)
    if (pause === undefined) return draft
    const member = pause.next < pause.limit ? pause.members[pause.next] : undefined
    if (member === undefined) {
      const left = pause.members.length - pause.limit
      if (left > 0) add(draft, ROW.more, pause.first, left, pause.row, -1)
      pauses.pop()
      ;[at, end] = [pause.at, pause.end]
      continue
    }
    pause.next += 1
    end = member + (model.size[member] ?? 1)
    at = step(context, member, pause.row)
  }
}

type Context = {
  readonly model: TraceModel
  readonly view: RowsView
  readonly draft: Draft
  readonly shown: ShownNodes
  /** By parent + 1, whether its gap has a row. */
  readonly gaps: Uint8Array
  readonly orphans: ReadonlyMap<number, Int32Array>
}

/** If a node is in a group: its row, when it is the first, and how to go on. `limit` 0 goes on at `at`. */
function enterGroup(context: Context, node: number, end: number): Pause | undefined {
  const { model, view, draft, shown } = context
  const { fold } = view
  const position = fold.repeats.groupOf[node] ?? -1
  const group = view.onlyMatches ? undefined : fold.repeats.groups[position]
  if (group === undefined || shown.isHidden(node)) return undefined
  const [first = node] = group.members
  const at = node + (model.size[node] ?? 1)
  const closed: Pause = { at, end, row: -1, first, members: group.members, limit: 0, next: 0 }
  if (first !== node) return closed
  const isOpen = ((fold.state[node] ?? 0) & FOLD_BITS.groupOpen) !== 0
  const row = add(draft, ROW.repeat, node, position, holderOf(context, node), isOpen ? 1 : 0)
  draft.rowOfGroup[position] = row
  if (!isOpen) return closed
  return { ...closed, row, ...membersOf(model, view, group, first) }
}

function membersOf(
  model: TraceModel,
  { fold }: RowsView,
  group: RepeatGroup,
  first: number,
): Pick<Pause, 'members' | 'limit'> {
  const members = orderMembers(model, group, fold.order)
  return { members, limit: Math.min(members.length, PAGE * (fold.pages.get(first) ?? 1)) }
}

/** The same for the orphans of a missing parent, which stand together. */
function enterMissing({ model, view, draft, orphans }: Context, node: number, end: number): Pause | undefined {
  const members = orphans.get(node)
  if (members === undefined) return undefined
  const [first = node] = members
  const at = node + (model.size[node] ?? 1)
  const closed: Pause = { at, end, row: -1, first, members, limit: 0, next: 0 }
  if (first !== node) return closed
  const isOpen = ((view.fold.state[node] ?? 0) & FOLD_BITS.missingClosed) === 0
  const row = add(draft, ROW.missing, node, 0, -1, isOpen ? 1 : 0)
  return isOpen ? { ...closed, row, limit: members.length } : closed
}

/** By orphan that has a row or something below that has, all of these that miss the same parent. */
function orphansOf({ missingParents }: TraceModel, shown: ShownNodes): ReadonlyMap<number, Int32Array> {
  const byParent = new Map<string, number[]>()
  for (const [node, parentId] of missingParents) {
    if (!shown.isKept(node) || (shown.isHidden(node) && !shown.hasBelow(node))) continue
    const known = byParent.get(parentId)
    if (known === undefined) byParent.set(parentId, [node])
    else known.push(node)
  }
  const lists = [...byParent.values()].map((nodes) => Int32Array.from(nodes).toSorted())
  return new Map(lists.flatMap((members) => Array.from(members, (node) => [node, members] as const)))
}

/** The row that a node stands under, -1 for none. */
function holderOf({ model, draft }: Context, node: number): number {
  const above = model.parent[node] ?? -1
  return above === -1 ? -1 : (draft.holder[above] ?? -1)
}

/** The row of one node, or none; answers where to go on: at its first child, or behind its sub-tree. */
function step({ model, view, draft, shown, gaps }: Context, node: number, holder: number): number {
  const next = node + (model.size[node] ?? 1)
  if (!shown.isKept(node)) {
    const above = model.parent[node] ?? -1
    const left = shown.leftOut(above)
    if (gaps[above + 1] === 0 && left > 0) add(draft, ROW.gap, node, left, holder, -1)
    gaps[above + 1] = 1
    return next
  }
  draft.holder[node] = holder
  if (shown.isHidden(node)) return node + 1
  const state = view.fold.state[node] ?? 0
  if (view.onlyMatches) {
    const isOpen = (state & FOLD_BITS.closedInMatches) === 0
    return addNode(draft, node, holder, next, shown.hasBelow(node) ? isOpen : undefined)
  }
  const last = view.fold.chainEnd[node] ?? -1
  if (last !== -1 && (state & FOLD_BITS.chainOpen) === 0) {
    const isOpen = ((view.fold.state[last] ?? 0) & FOLD_BITS.open) !== 0
    return addChain(draft, node, last, holder, next, shown.hasBelow(last) ? isOpen : undefined)
  }
  return addNode(draft, node, holder, next, shown.hasBelow(node) ? (state & FOLD_BITS.open) !== 0 : undefined)
}

function addNode(draft: Draft, node: number, holder: number, next: number, isOpen: boolean | undefined): number {
  const row = add(draft, ROW.node, node, 0, holder, isOpen === undefined ? -1 : isOpen ? 1 : 0)
  draft.holder[node] = row
  draft.rowOf[node] = row
  draft.shown += 1
  return isOpen === true ? node + 1 : next
}

/** Of a chain the nodes stand one behind the other, each the only child of the one before. */
function addChain(
  draft: Draft,
  head: number,
  last: number,
  holder: number,
  next: number,
  isOpen: boolean | undefined,
): number {
  const row = add(draft, ROW.chain, last, head, holder, isOpen === undefined ? -1 : isOpen ? 1 : 0)
  for (let node = head; node <= last; node++) {
    draft.holder[node] = row
    draft.rowOf[node] = row
  }
  draft.shown += last - head + 1
  return isOpen === true ? last + 1 : next
}
