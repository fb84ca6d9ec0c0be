import { ArrowDown, ArrowUp } from 'lucide-react'
import { nextOrder, orderWords, type ListOrder } from './list-order.ts'
import styles from './traces-table.module.css'

/** The head of a column that the list can be ordered by. */
export function SortHead({
  column,
  label,
  order,
  onOrder,
}: {
  readonly column: 'start' | 'duration' | 'segments'
  readonly label: string
  readonly order: ListOrder
  readonly onOrder: (order: ListOrder) => void
}) {
  const next = nextOrder(order, column)
  const direction = order === column ? 'ascending' : order === `-${column}` ? 'descending' : 'none'
  const Arrow = direction === 'ascending' ? ArrowUp : ArrowDown
  return (
    <span role="columnheader" aria-sort={direction} className={column === 'start' ? '' : styles['right']}>
      <button
        type="button"
        className={styles['sort']}
        title={`Show ${orderWords(next)}`}
        onClick={() => {
          onOrder(next)
        }}
      >
        {label}
        {direction === 'none' ? undefined : <Arrow size={12} aria-hidden="true" />}
      </button>
    </span>
  )
}
