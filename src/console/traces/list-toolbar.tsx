import { useState } from 'react'
import type { TraceRow } from '../data/trace-row.ts'
import { Button } from '../frame/button.tsx'
import { CopyButton } from '../frame/copy-button.tsx'
import { MenuButton } from '../frame/menu.tsx'
import { prefer } from '../frame/preferences.ts'
import { ColumnsDialog } from './columns-dialog.tsx'
import { writeColumns, type ListColumn } from './list-columns.ts'
import { orderWords, type ListOrder } from './list-order.ts'
import { clearMarks, useMarked } from './marked-traces.ts'
import styles from './traces-page.module.css'
import { useNarrow } from './use-narrow.ts'

const ORDERS: readonly ListOrder[] = ['-start', 'start', '-duration', 'duration', '-segments', 'segments']

/** Above the list: what can be done with marked traces, the order where there are no heads of columns, the columns. */
export function ListToolbar({
  rows,
  columns,
  order,
  onOrder,
  onColumns,
}: {
  readonly rows: readonly TraceRow[]
  readonly columns: readonly ListColumn[]
  readonly order: ListOrder
  readonly onOrder: (order: ListOrder) => void
  readonly onColumns: (cols: string) => void
}) {
  const marked = useMarked(({ ids }) => ids)
  const isNarrow = useNarrow(700)
  const [isChoosing, setChoosing] = useState(false)
  return (
    <div className={styles['toolbar']}>
      {marked.length === 0 && rows.length === 0 ? undefined : marked.length === 0 ? (
        <span className={styles['hint']}>
          <kbd>j</kbd> <kbd>k</kbd> move · <kbd>Enter</kbd> opens · <kbd>o</kbd> in a new tab · <kbd>x</kbd> marks
        </span>
      ) : (
        <span className={styles['marks']}>
          {marked.length} marked
          <CopyButton label="Copy ids" isIconOnly={false} getText={() => marked.join('\n')} />
          <Button kind="quiet" onPress={clearMarks}>
            Clear
          </Button>
        </span>
      )}
      <span className={styles['right']}>
        {isNarrow ? (
          <MenuButton
            kind="quiet"
            label={`${orderWords(order).charAt(0).toUpperCase()}${orderWords(order).slice(1)}`}
            items={ORDERS.map((id) => ({
              id,
              label: orderWords(id),
              onAction: () => {
                onOrder(id)
              },
            }))}
          />
        ) : (
          <ColumnsDialog
            isOpen={isChoosing}
            onOpen={setChoosing}
            rows={rows}
            columns={columns}
            onChange={(next) => {
              const cols = writeColumns(next)
              prefer({ columns: cols })
              onColumns(cols)
            }}
          />
        )}
      </span>
    </div>
  )
}
