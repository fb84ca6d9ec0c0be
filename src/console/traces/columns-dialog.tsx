import { Columns3 } from 'lucide-react'
import { useMemo } from 'react'
import { Dialog, DialogTrigger, Popover } from 'react-aria-components'
import type { TraceRow } from '../data/trace-row.ts'
import { Button } from '../frame/button.tsx'
import { COLUMN_NAMES, DEFAULT_COLUMNS, toggledColumn, type ListColumn } from './list-columns.ts'
import styles from './traces-page.module.css'

/** Which columns the list has: those that are always possible, and one for each annotation that listed traces have. */
export function ColumnsDialog({
  isOpen,
  rows,
  columns,
  onOpen,
  onChange,
}: {
  readonly isOpen: boolean
  readonly rows: readonly TraceRow[]
  readonly columns: readonly ListColumn[]
  readonly onOpen: (isOpen: boolean) => void
  readonly onChange: (columns: readonly ListColumn[]) => void
}) {
  const keys = useMemo(() => (isOpen ? keysOf(rows, columns) : []), [isOpen, rows, columns])
  const named = Object.entries(COLUMN_NAMES) as [keyof typeof COLUMN_NAMES, string][]
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={onOpen}>
      <Button kind="quiet">
        <Columns3 size={14} aria-hidden="true" /> Columns
      </Button>
      <Popover placement="bottom end" className={styles['popover'] ?? ''}>
        <Dialog aria-label="Columns" className={styles['columns'] ?? ''}>
          {named.map(([column, name]) => (
            <ColumnBox key={column} column={column} name={name} columns={columns} onChange={onChange} />
          ))}
          {keys.length === 0 ? undefined : <p className={styles['muted']}>Annotations of the list</p>}
          {keys.map((key) => (
            <ColumnBox key={key} column={`annotation.${key}`} name={key} columns={columns} onChange={onChange} />
          ))}
          <Button
            kind="quiet"
            onPress={() => {
              onChange(DEFAULT_COLUMNS)
            }}
          >
            As usual
          </Button>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

function ColumnBox({
  column,
  name,
  columns,
  onChange,
}: {
  readonly column: ListColumn
  readonly name: string
  readonly columns: readonly ListColumn[]
  readonly onChange: (columns: readonly ListColumn[]) => void
}) {
  return (
    <label className={styles['columnBox']}>
      <input
        type="checkbox"
        checked={columns.includes(column)}
        onChange={() => {
          onChange(toggledColumn(columns, column))
        }}
      />
      <bdi>{name}</bdi>
    </label>
  )
}

const MOST_KEYS = 40

function keysOf(rows: readonly TraceRow[], columns: readonly ListColumn[]): readonly string[] {
  const shown = columns.filter((column) => column.startsWith('annotation.')).map((column) => column.slice(11))
  const keys = new Set(shown)
  for (const row of rows.slice(0, 500)) for (const [key] of row.annotations) keys.add(key)
  return [...keys].slice(0, MOST_KEYS).toSorted()
}
