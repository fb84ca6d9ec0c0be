import type { KeyboardEvent } from 'react'
import { openSubtree } from '../model/fold.ts'
import { ROW } from '../model/rows.ts'
import { toggleRow } from '../model/toggle-row.ts'
import type { TraceView } from '../use-trace-view.ts'

/** The keys of a treegrid (console §4.14): arrows, Home, End, pages, Enter. `page` is how many rows are seen. */
export function onRowKey(event: KeyboardEvent, view: TraceView, page: number, open: (row: number) => void): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return
  const { rows, focus, focusRow } = view
  const { row } = focus
  const moves: { readonly [key: string]: () => void } = {
    ArrowDown: () => {
      focusRow(row + 1)
    },
    ArrowUp: () => {
      focusRow(row - 1)
    },
    Home: () => {
      focusRow(0)
    },
    End: () => {
      focusRow(rows.count - 1)
    },
    PageDown: () => {
      focusRow(row + page)
    },
    PageUp: () => {
      focusRow(row - page)
    },
    ArrowRight: () => {
      goIn(view, row, event.shiftKey)
    },
    ArrowLeft: () => {
      goOut(view, row, event.shiftKey)
    },
    Enter: () => {
      open(row)
    },
    ' ': () => {
      open(row)
    },
  }
  if (!Object.hasOwn(moves, event.key)) return
  event.preventDefault()
  event.stopPropagation()
  moves[event.key]?.()
}

function goIn(view: TraceView, row: number, isDeep: boolean): void {
  const { model, rows, fold } = view
  const expanded = rows.expanded[row] ?? -1
  if (isDeep && isNode(view, row)) view.setFold(openSubtree(model, fold, rows.node[row] ?? -1, true))
  else if (expanded === 0 || rows.kind[row] === ROW.more) view.setFold(toggleRow(rows, row))
  else if (expanded === 1) view.focusRow(row + 1)
}

function goOut(view: TraceView, row: number, isDeep: boolean): void {
  const { model, rows, fold } = view
  const parent = rows.parentRow[row] ?? -1
  if (isDeep && isNode(view, row)) view.setFold(openSubtree(model, fold, rows.node[row] ?? -1, false))
  else if (rows.expanded[row] === 1) view.setFold(toggleRow(rows, row))
  else if (parent !== -1) view.focusRow(parent)
}

function isNode({ rows }: TraceView, row: number): boolean {
  return rows.kind[row] === ROW.node || rows.kind[row] === ROW.chain
}
