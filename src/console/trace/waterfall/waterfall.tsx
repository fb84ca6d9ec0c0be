import { useElementScrollRestoration } from '@tanstack/react-router'
import { defaultRangeExtractor, useVirtualizer, type VirtualItem } from '@tanstack/react-virtual'
import { useCallback, useEffect, useMemo, useRef, useState, type RefObject, type SyntheticEvent } from 'react'
import { usePreferences } from '../../frame/preferences.ts'
import { ROW } from '../model/rows.ts'
import { toggleChain, toggleRow } from '../model/toggle-row.ts'
import { hasFlag, idOf } from '../model/trace-model.ts'
import { useWaterfallShortcuts } from '../use-steps.ts'
import type { TraceView } from '../use-trace-view.ts'
import { isWhole } from '../zoom.ts'
import { GridLines, ticksIn } from './grid-lines.tsx'
import { MeasureStrip } from './measure-strip.tsx'
import type { RowActions, RowContext } from './row-context.ts'
import { onRowKey } from './row-keys.ts'
import { useGridWidth } from './use-grid-width.ts'
import { useNameWidth } from './use-name-width.ts'
import { useWheelZoom } from './use-wheel-zoom.ts'
import { WaterfallHead } from './waterfall-head.tsx'
import { rowId, WaterfallRow } from './waterfall-row.tsx'
import styles from './waterfall.module.css'

/** What the place in the list is remembered under. */
const SCROLLER = 'waterfall'

/** The segments of a trace as a tree, each with a bar where it was at work (console §4.6.2). */
export function Waterfall({ view, shifts }: { readonly view: TraceView; readonly shifts: Float64Array | undefined }) {
  const { model, rows, focus, focusRow, zoom, whole } = view
  const scroller = useRef<HTMLDivElement>(null)
  const rowHeight = usePreferences(({ density }) => (density === 'compact' ? 24 : 28))
  const [nameWidth, setNameWidth] = useNameWidth()
  const marks = useMarks(view)
  const ticks = ticksIn(useGridWidth(scroller) - nameWidth)
  const restored = useElementScrollRestoration({ id: SCROLLER })?.scrollY
  const virtualizer = useRowVirtualizer(view, scroller, rowHeight, restored)
  useReveal(view, virtualizer, restored !== undefined)
  useWheelZoom(scroller, view)
  const context = useRowContext(view, shifts)
  useWaterfallShortcuts(view, marks.mark)
  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 3)
  return (
    <div className={styles['frame']}>
      <div
        ref={scroller}
        className={styles['scroller']}
        style={{ '--name-width': `${nameWidth}px`, '--row-height': `${rowHeight}px` }}
        data-scroll-restoration-id={SCROLLER}
      >
        <div className={styles['grid']}>
          <WaterfallHead
            view={view}
            width={nameWidth}
            onWidth={setNameWidth}
            isZoomed={!isWhole(zoom, whole)}
            ticks={ticks}
          />
          <div
            role="treegrid"
            aria-label="Timeline"
            aria-rowcount={rows.count}
            aria-colcount={2}
            onKeyDown={(event) => {
              onRowKey(event, view, page, context.names.act.open)
            }}
            onFocus={(event) => {
              const row = event.target.hasAttribute('data-row') ? rowOf(event) : undefined
              if (row !== undefined && row !== focus.row) focusRow(row, false)
            }}
            onClick={(event) => {
              const row = rowOf(event)
              if (row !== undefined) context.names.act.open(row)
            }}
          >
            <div className={styles['rows']} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
              <GridLines zoom={zoom} ticks={ticks} />
              {keyed(view, virtualizer.getVirtualItems()).map(({ item, key }) => (
                <WaterfallRow
                  key={key}
                  context={context}
                  row={item.index}
                  top={item.start}
                  isFocused={item.index === focus.row}
                  isSelected={isSelected(view, item.index)}
                  isMarked={marks.rows.includes(item.index)}
                />
              ))}
            </div>
          </div>
        </div>
      </div>
      {marks.nodes.length > 0 ? <MeasureStrip model={model} nodes={marks.nodes} onClear={marks.clear} /> : undefined}
    </div>
  )
}

/** The rows in view, and a few around them. */
function useRowVirtualizer(
  { rows, focus }: TraceView,
  scroller: RefObject<HTMLDivElement | null>,
  rowHeight: number,
  restored: number | undefined,
) {
  const virtualizer = useVirtualizer({
    count: rows.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 4,
    ...(restored === undefined ? {} : { initialOffset: restored }),
    scrollPaddingStart: 56,
    scrollPaddingEnd: 36,
    rangeExtractor: useCallback(
      (range: Parameters<typeof defaultRangeExtractor>[0]) => {
        const shown = defaultRangeExtractor(range)
        // The row with the focus stays, wherever it is, or the focus would be lost.
        return shown.includes(focus.row) || focus.row >= range.count ? shown : [...shown, focus.row]
      },
      [focus.row],
    ),
  })
  useEffect(() => {
    virtualizer.measure()
  }, [virtualizer, rowHeight])
  return virtualizer
}

/** Rows are told apart by what they show, so that one with the focus keeps it when others come before it. */
function keyed({ model, rows }: TraceView, items: readonly VirtualItem[]) {
  const taken = new Set<string>()
  return items.map((item) => {
    const node = rows.node[item.index] ?? -1
    const name = `${rows.kind[item.index]} ${hasFlag(model, node, 'segment') ? 's' : ''}${idOf(model, node)}`
    const key = taken.has(name) ? `${name} ${item.index}` : name
    taken.add(key)
    return { item, key }
  })
}

function rowOf(event: SyntheticEvent): number | undefined {
  if (!(event.target instanceof Element)) return undefined
  const row = event.target.closest('[data-row]')?.getAttribute('data-row')
  return row === null || row === undefined ? undefined : Number(row)
}

function isSelected({ rows, selected }: TraceView, row: number): boolean {
  const kind = rows.kind[row]
  return selected !== -1 && (kind === ROW.node || kind === ROW.chain) && rows.node[row] === selected
}

/** Brings the row that was led to into view, and gives it the focus of the keyboard when it asks for it. */
function useReveal(
  { focus, selected }: TraceView,
  virtualizer: ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>,
  isRestored: boolean,
) {
  const { row, count, takesFocus } = focus
  const revealed = useRef(-1)
  const isOpened = count > 0 || selected !== -1
  useEffect(() => {
    if (revealed.current === count || !isOpened) return
    const isFirst = revealed.current === -1 && count === 0
    revealed.current = count
    // Where one was before is a better place than the middle.
    if (isFirst && isRestored) return
    virtualizer.scrollToIndex(row, { align: isFirst ? 'center' : 'auto' })
    if (!takesFocus) return
    document.getElementById(rowId(row))?.focus({ preventScroll: true })
  }, [count, row, takesFocus, isOpened, isRestored, virtualizer])
}

function useRowContext(view: TraceView, shifts: Float64Array | undefined): RowContext {
  const latest = useRef(view)
  useEffect(() => {
    latest.current = view
  })
  const act = useMemo<RowActions>(
    () => ({
      toggle: (row) => {
        const { rows, setFold, focusRow } = latest.current
        focusRow(row)
        setFold(toggleRow(rows, row))
      },
      open: (row) => {
        const { rows, select, setFold, focusRow } = latest.current
        const kind = rows.kind[row]
        focusRow(row)
        if (kind === ROW.node || kind === ROW.chain) select(rows.node[row] ?? -1)
        else setFold(toggleRow(rows, row))
      },
      openChain: (head) => {
        latest.current.setFold(toggleChain(latest.current.fold, head))
      },
      openProblem: (node) => {
        const { model, goTo } = latest.current
        const first = model.firstProblem[node] ?? -1
        if (first !== -1) goTo(first)
      },
    }),
    [],
  )
  const { model, rows, zoom, path, find } = view
  const names = useMemo(() => ({ model, rows, act }), [model, rows, act])
  return useMemo(
    () => ({ names, model, rows, zoom, path, matches: find.matches, shifts }),
    [names, model, rows, zoom, path, find.matches, shifts],
  )
}

type Marks = {
  readonly nodes: readonly number[]
  readonly rows: readonly number[]
  readonly mark: () => void
  readonly clear: () => void
}

/** The two rows between which time is measured: the third press begins anew. */
function useMarks({ rows, focusNode, focus }: TraceView): Marks {
  const [nodes, setNodes] = useState<readonly number[]>([])
  const node = focusNode === -1 ? (rows.node[focus.row] ?? -1) : focusNode
  return {
    nodes,
    rows: nodes.map((marked) => rows.rowOf[marked] ?? -1),
    mark: () => {
      setNodes((before) => (before.length === 1 && before[0] !== node ? [...before, node] : [node]))
    },
    clear: () => {
      setNodes([])
    },
  }
}
