import { memo } from 'react'
import type { TraceRow } from '../data/trace-row.ts'
import { TimeText } from '../words/time-text.tsx'
import type { ListColumn } from './list-columns.ts'
import { toggleMark } from './marked-traces.ts'
import { shortened } from './request-text.ts'
import { columnText, DurationCell, RequestText, ServicePills, StatusCell } from './trace-cells.tsx'
import styles from './traces-table.module.css'

/** A trace of the list. What happens when it is pressed is the table's to say. */
export const TraceListRow = memo(function TraceListRow({
  row,
  index,
  top,
  longest,
  columns,
  hasDate,
  isCurrent,
  isMarked,
  href,
}: {
  readonly row: TraceRow
  readonly index: number
  /** CSS pixels from the list's beginning. */
  readonly top: number
  /** Seconds. */
  readonly longest: number
  readonly columns: readonly ListColumn[]
  readonly hasDate: boolean
  readonly isCurrent: boolean
  readonly isMarked: boolean
  readonly href: string
}) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-row={row.id}
      className={`${styles['row']} ${isMarked ? styles['marked'] : ''}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      <MarkCell id={row.id} isMarked={isMarked} />
      <span role="cell" className={styles['start']}>
        <TimeText seconds={row.start} precision="millisecond" hasZone={false} isTimeOfDay={!hasDate} />
      </span>
      <span role="cell" className={styles['status']}>
        <StatusCell row={row} />
      </span>
      <span role="cell" className={styles['duration']}>
        <DurationCell row={row} longest={longest} />
      </span>
      <span role="cell" className={styles['requestCell']}>
        <a
          href={href}
          title={shortened(`${row.method} ${row.url}`.trim(), 600)}
          className={styles['link']}
          tabIndex={isCurrent ? 0 : -1}
        >
          <RequestText row={row} />
        </a>
      </span>
      {columns.map((column) => (
        <ColumnCell key={column} row={row} column={column} />
      ))}
    </div>
  )
})

function MarkCell({ id, isMarked }: { readonly id: string; readonly isMarked: boolean }) {
  return (
    <span role="cell" className={styles['mark']}>
      <label>
        <input
          type="checkbox"
          tabIndex={-1}
          checked={isMarked}
          aria-label={`Mark trace ${id}`}
          onChange={() => {
            toggleMark(id)
          }}
        />
      </label>
    </span>
  )
}

const NUMBERS: ReadonlySet<ListColumn> = new Set<ListColumn>(['segments', 'response'])
const MONOSPACED: ReadonlySet<ListColumn> = new Set<ListColumn>(['segments', 'response', 'ip', 'id'])

function ColumnCell({ row, column }: { readonly row: TraceRow; readonly column: ListColumn }) {
  if (column === 'services') {
    return (
      <span role="cell" className={styles['services']}>
        <ServicePills services={row.services} />
      </span>
    )
  }
  const text = columnText(row, column)
  const classes = [
    styles['extra'],
    NUMBERS.has(column) ? styles['right'] : '',
    MONOSPACED.has(column) ? 'mono' : '',
    column === 'segments' ? styles['segments'] : '',
  ]
  return (
    <span role="cell" className={classes.join(' ')} title={column === 'segments' ? undefined : text}>
      <bdi>{text}</bdi>
    </span>
  )
}
