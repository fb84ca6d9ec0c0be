import { useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import type { TraceRow } from '../data/trace-row.ts'
import { useShortcuts } from '../frame/use-shortcuts.ts'
import { toggleMark } from './marked-traces.ts'

/** The row that keys move, and what they do there (console §4.14). */
export type ListKeys = {
  readonly currentId: string
  readonly setCurrent: (id: string) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

/** Moves the focus over the rows of a list by keys: `j k` anywhere, arrows and their like once it is in the list. */
export function useListKeys({
  rows,
  positions,
  scroller,
  height,
  onOpen,
}: {
  readonly rows: readonly TraceRow[]
  readonly positions: ReadonlyMap<string, number>
  readonly scroller: RefObject<HTMLDivElement | null>
  /** CSS pixels of a row. */
  readonly height: number
  readonly onOpen: (index: number) => void
}): ListKeys {
  const [currentId, setCurrentId] = useState('')
  const [wantsFocus, setWantsFocus] = useState(0)
  useFocusedRow(scroller, currentId, wantsFocus)
  const at = positions.get(currentId)
  const go = (to: number): void => {
    const row = rows[Math.min(Math.max(to, 0), rows.length - 1)]
    if (row === undefined) return
    setCurrentId(row.id)
    setWantsFocus((count) => count + 1)
  }
  const step = (by: number): void => {
    go(at === undefined || !isInList(scroller.current) ? (at ?? 0) : at + by)
  }
  const page = (): number => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 2)
  const openNew = (): void => {
    if (at === undefined) return
    onOpen(at)
    const href = linkOf(scroller.current, currentId)?.href
    if (href !== undefined) window.open(href, '_blank', 'noopener')
  }
  useShortcuts('List', {
    j: { label: 'Next row, also ↓', run: () => step(1) },
    k: { label: 'Previous row, also ↑ · Home, End, Page Up and Page Down in the list', run: () => step(-1) },
    o: { label: 'Open the row in a new tab; Enter opens it here', run: openNew },
    x: { label: 'Mark the row', run: () => (currentId === '' ? undefined : toggleMark(currentId)) },
  })
  const moves: { readonly [key: string]: () => void } = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Home: () => go(0),
    End: () => go(rows.length - 1),
    PageDown: () => go((at ?? 0) + page()),
    PageUp: () => go((at ?? 0) - page()),
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const move = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined
    if (move === undefined) return
    event.preventDefault()
    move()
  }
  const setCurrent = useMemo(() => (id: string) => setCurrentId(id), [])
  return { currentId, setCurrent, onKeyDown }
}

function useFocusedRow(scroller: RefObject<HTMLDivElement | null>, id: string, wanted: number): void {
  const given = useRef(0)
  useLayoutEffect(() => {
    if (wanted === given.current) return
    given.current = wanted
    const link = linkOf(scroller.current, id)
    link?.focus({ preventScroll: true })
    link?.closest('[role=row]')?.scrollIntoView({ block: 'nearest' })
  })
}

function linkOf(scroller: HTMLElement | null, id: string): HTMLAnchorElement | undefined {
  return scroller?.querySelector<HTMLAnchorElement>(`[data-row="${CSS.escape(id)}"] a`) ?? undefined
}

function isInList(scroller: HTMLElement | null): boolean {
  return scroller?.contains(document.activeElement) === true
}
