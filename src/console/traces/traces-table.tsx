import { useVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useMemo, useRef, type ReactNode, type RefObject } from 'react'
import type { TraceRow } from '../data/trace-row.ts'
import { usePreferences } from '../frame/preferences.ts'
import { useKeptScroll } from '../frame/use-kept-scroll.ts'
import { zoneLabel } from '../words/format-time.ts'
import { columnName, type ListColumn } from './list-columns.ts'
import type { ListOrder } from './list-order.ts'
import { useMarked } from './marked-traces.ts'
import { SortHead } from './sort-head.tsx'
import { TraceListRow } from './trace-list-row.tsx'
import styles from './traces-table.module.css'
import { useListKeys } from './use-list-keys.ts'
import { useNarrow } from './use-narrow.ts'
import { rowIdOf, useRowLinks } from './use-row-links.ts'

/** The list of traces: as many rows as there are, of which those in sight are drawn. */
export function TracesTable({
  rows,
  order,
  columns,
  hasDate,
  question,
  search,
  onOrder,
  onOpen,
  children,
}: {
  readonly rows: readonly TraceRow[]
  readonly order: ListOrder
  readonly columns: readonly ListColumn[]
  /** Whether the time is longer than a day, so that starts need their date. */
  readonly hasDate: boolean
  /** What the list shows; another one begins at its top. */
  readonly question: string
  readonly search: { readonly t?: string; readonly g?: string }
  readonly onOrder: (order: ListOrder) => void
  readonly onOpen: (index: number) => void
  /** What stands below the last row. */
  readonly children?: ReactNode
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const height = useRowHeight()
  const positions = useMemo(() => new Map(rows.map((row, index) => [row.id, index])), [rows])
  const keys = useListKeys({ rows, positions, scroller, height, onOpen })
  const links = useRowLinks(search, positions, onOpen)
  const current = positions.get(keys.currentId) ?? 0
  const virtual = useRows(scroller, rows, height, current)
  useKeptScroll(scroller, 'traces', question, rows.length)
  const marked = useMarked(({ ids }) => ids)
  const longest = useMemo(() => rows.reduce((most, row) => Math.max(most, row.duration), 0), [rows])
  return (
    <div ref={scroller} className={styles['scroller']}>
      <div
        role="table"
        aria-label="Traces"
        aria-rowcount={rows.length + 1}
        className={styles['table']}
        style={{ '--columns': templateOf(columns, hasDate) }}
        onKeyDown={keys.onKeyDown}
        onClick={links.onClick}
        onAuxClick={links.onClick}
        onPointerEnter={links.preload}
        onFocus={(event) => {
          const id = rowIdOf(event.target)
          if (id !== undefined) keys.setCurrent(id)
        }}
      >
        <TableHead order={order} columns={columns} onOrder={onOrder} firstMs={(rows[0]?.start ?? 0) * 1_000} />
        <div role="rowgroup" className={styles['rows']} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index]
            return row === undefined ? undefined : (
              <TraceListRow
                key={row.id}
                row={row}
                index={item.index}
                top={item.start}
                longest={longest}
                columns={columns}
                hasDate={hasDate}
                isCurrent={item.index === current}
                isMarked={marked.includes(row.id)}
                href={links.hrefOf(row.id)}
              />
            )
          })}
        </div>
      </div>
      {children}
    </div>
  )
}

/** The rows to draw: those in sight, some around them, and the one with the focus, wherever the list is scrolled to. */
function useRows(
  scroller: RefObject<HTMLDivElement | null>,
  rows: readonly TraceRow[],
  height: number,
  current: number,
) {
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const [first, last] = [Math.max(0, startIndex - overscan), Math.min(count - 1, endIndex + overscan)]
      const range = Array.from({ length: last - first + 1 }, (_, at) => first + at)
      return current >= first && current <= last ? range : [...range, current].toSorted((one, other) => one - other)
    },
  })
  useLayoutEffect(() => {
    virtual.measure()
  }, [virtual, height])
  return virtual
}

function TableHead({
  order,
  columns,
  firstMs,
  onOrder,
}: {
  readonly order: ListOrder
  readonly columns: readonly ListColumn[]
  readonly firstMs: number
  readonly onOrder: (order: ListOrder) => void
}) {
  const zone = usePreferences((preferences) => preferences.zone)
  return (
    <div role="rowgroup" className={styles['headGroup']}>
      <div role="row" aria-rowindex={1} className={`${styles['row']} ${styles['head']}`}>
        <span role="columnheader" className={styles['mark']}>
          <span className="visually-hidden">Mark</span>
        </span>
        <SortHead
          column="start"
          label={`Start (${zoneLabel(firstMs === 0 ? Date.now() : firstMs, zone)})`}
          order={order}
          onOrder={onOrder}
        />
        <span role="columnheader">Status</span>
        <SortHead column="duration" label="Duration" order={order} onOrder={onOrder} />
        <span role="columnheader">Request</span>
        {columns.map((column) =>
          column === 'segments' ? (
            <SortHead key={column} column="segments" label="Segs" order={order} onOrder={onOrder} />
          ) : (
            <span
              key={column}
              role="columnheader"
              className={column === 'response' ? styles['right'] : ''}
              title={columnName(column)}
            >
              <bdi>{columnName(column)}</bdi>
            </span>
          ),
        )}
      </div>
    </div>
  )
}

const WIDTHS: Partial<Record<ListColumn, string>> = {
  segments: '56px',
  services: 'minmax(140px, 0.5fr)',
  user: '110px',
  ip: '120px',
  agent: '180px',
  response: '110px',
  cause: 'minmax(200px, 0.6fr)',
  id: '264px',
}

function templateOf(columns: readonly ListColumn[], hasDate: boolean): string {
  const chosen = columns.map((column) => WIDTHS[column] ?? '130px')
  return ['28px', hasDate ? '178px' : '104px', '76px', '152px', 'minmax(200px, 1fr)', ...chosen].join(' ')
}

/** CSS pixels: one line of the list, or two where it is narrow. */
function useRowHeight(): number {
  const isCompact = usePreferences(({ density }) => density === 'compact')
  const isNarrow = useNarrow(700)
  return isNarrow ? 52 : isCompact ? 24 : 28
}
