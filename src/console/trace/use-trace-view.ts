import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { announce } from '../frame/toasts.tsx'
import { readHidden } from './hidden-services.ts'
import { buildRows } from './model/build-rows.ts'
import { type CriticalPath } from './model/critical-path.ts'
import { openPathTo, type Fold } from './model/fold.ts'
import { nearestRow, type Rows } from './model/rows.ts'
import { idOf, indexOfId, type TraceModel } from './model/trace-model.ts'
import { useDraft } from './use-draft.ts'
import { useFind, type Find } from './use-find.ts'
import { useFold } from './use-fold.ts'
import type { TraceUrl } from './use-trace-url.ts'
import type { Zoom } from './zoom.ts'

/** Where the keyboard is in the waterfall. `count` grows with every time that something led there. */
export type RowFocus = {
  readonly row: number
  readonly count: number
  /** Whether the row is to have the focus of the keyboard, too, and not only be seen. */
  readonly takesFocus: boolean
}

/** All that the parts of the page of one trace share. Nodes are positions in the model, -1 for none. */
export type TraceState = {
  readonly model: TraceModel
  readonly path: CriticalPath
  readonly url: TraceUrl
  readonly find: Find
  readonly fold: Fold
  readonly setFold: (fold: Fold) => void
  readonly rows: Rows
  readonly hidden: ReadonlySet<string>
  readonly whole: Zoom
  readonly selected: number
  readonly select: (node: number) => void
  readonly focus: RowFocus
  /** The node that the focused row stands for. */
  readonly focusNode: number
  readonly focusRow: (row: number, takesFocus?: boolean) => void
  /** Opens the way to a node, and focuses its row; shows its details if details are shown. */
  readonly goTo: (node: number, takesFocus?: boolean) => void
}

/** The same, with the part of the time that is drawn. */
export type TraceView = TraceState & { readonly zoom: Zoom; readonly setZoom: (zoom: Zoom) => void }

/** The state of the page of one trace. What a link should carry is in the URL. */
export function useTraceView(model: TraceModel, path: CriticalPath, url: TraceUrl): TraceState {
  const { search } = url
  const find = useFind(model, search.find ?? '')
  const hidden = useMemo(() => readHidden(search.hide), [search.hide])
  const [selected, select] = useSelected(model, url)
  const [fold, setFold] = useFold(model, path, url, selected)
  const rows = useMemo(
    () =>
      buildRows(model, { fold, hiddenServices: hidden, matches: find.matches, onlyMatches: isOnly(search.only, find) }),
    [model, fold, hidden, find, search.only],
  )
  const whole = useMemo(() => wholeOf(model), [model])
  const [target, setTarget] = useState<FocusTarget>({
    model,
    node: -1,
    row: 0,
    rows: undefined,
    count: 0,
    takesFocus: false,
  })
  const row = Math.min(rowOfTarget(model, rows, target, selected), Math.max(rows.count - 1, 0))
  const focusNode = target.count === 0 ? selected : nodeOfTarget(model, target)
  const focus = useMemo(
    () => ({ row, count: target.count, takesFocus: target.takesFocus }),
    [row, target.count, target.takesFocus],
  )
  const latest = useRef({ model, rows, fold, hidden, selected, select, setFold })
  useEffect(() => {
    latest.current = { model, rows, fold, hidden, selected, select, setFold }
  })
  const [moves] = useState(() => movesOf(latest, setTarget))
  return useMemo(
    () => ({
      model,
      path,
      url,
      find,
      fold,
      setFold,
      rows,
      hidden,
      whole,
      selected,
      select,
      focus,
      focusNode,
      ...moves,
    }),
    [model, path, url, find, fold, setFold, rows, hidden, whole, selected, select, focus, focusNode, moves],
  )
}

type Latest = Pick<TraceState, 'model' | 'rows' | 'fold' | 'hidden' | 'selected' | 'select' | 'setFold'>

/** Moves the focus; the same functions for as long as the page is shown. */
function movesOf(
  latest: { readonly current: Latest },
  setTarget: (change: (before: FocusTarget) => FocusTarget) => void,
): Pick<TraceState, 'focusRow' | 'goTo'> {
  return {
    focusRow: (next, takesFocus = true) => {
      const { model, rows } = latest.current
      const within = Math.max(0, Math.min(next, rows.count - 1))
      setTarget(({ count }) => ({
        model,
        node: rows.node[within] ?? -1,
        row: within,
        rows,
        count: count + 1,
        takesFocus,
      }))
    },
    goTo: (node, takesFocus = true) => {
      const { model, fold, hidden, selected, select, setFold } = latest.current
      const service = model.services[model.service[node] ?? -1]?.name
      if (service !== undefined && hidden.has(service)) announce(`${service} is hidden`)
      const opened = openPathTo(model, fold, node)
      if (opened !== fold) setFold(opened)
      setTarget(({ count }) => ({ model, node, row: 0, rows: undefined, count: count + 1, takesFocus }))
      if (selected !== -1) select(node)
    },
  }
}

/** Where the focus went: to a row of those rows, or, when others have come, to whatever shows the node. */
type FocusTarget = {
  /** That `node` is a position in. */
  readonly model: TraceModel
  readonly node: number
  readonly row: number
  readonly rows: Rows | undefined
  readonly count: number
  readonly takesFocus: boolean
}

/** In the next revision of a trace, the same node may stand elsewhere. */
function nodeOfTarget(model: TraceModel, target: FocusTarget): number {
  if (target.model === model || target.node === -1) return target.node
  return indexOfId(model, idOf(target.model, target.node))
}

function rowOfTarget(model: TraceModel, rows: Rows, target: FocusTarget, selected: number): number {
  if (target.rows === rows) return target.row
  const node = target.count === 0 ? selected : nodeOfTarget(model, target)
  if (node < 0) return 0
  // A group's own row stays the place when it was opened or closed.
  const before = target.rows
  const isOwn = before === undefined || before.rowOf[target.node] === target.row
  const group = isOwn ? -1 : rows.view.fold.repeats.groupOf[node]
  const groupRow = group === undefined || group === -1 ? -1 : (rows.rowOfGroup[group] ?? -1)
  return Math.max(groupRow === -1 ? nearestRow(model, rows, node) : groupRow, 0)
}

function isOnly(only: string | undefined, find: Find): boolean {
  return only === '1' && find.matches !== undefined
}

function wholeOf(model: TraceModel): Zoom {
  let fromUs = 0
  // What has only begun is at the end of what is known; it should be seen.
  let toUs = Math.max(model.durationUs * (model.inProgress ? 1.04 : 1), 10)
  for (const root of model.roots) {
    // Mistakes of senders are far outside; they are pointed at, and the rest stays readable.
    const [start, end] = [model.start[root] ?? 0, model.end[root] ?? 0]
    if (start < 0 && start > -toUs) fromUs = Math.min(fromUs, start)
    if (end > toUs && end < 2 * toUs) toUs = end
  }
  return { fromUs, toUs }
}

function useSelected(model: TraceModel, { search, change }: TraceUrl): readonly [number, (node: number) => void] {
  const [id, setId] = useDraft(search.seg, search.seg, (seg) => {
    change({ seg })
  })
  const select = useCallback(
    (node: number) => {
      setId(node === -1 ? undefined : idOf(model, node))
    },
    [model, setId],
  )
  return [useMemo(() => (id === undefined ? -1 : indexOfId(model, id)), [model, id]), select]
}
