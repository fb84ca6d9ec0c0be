import { memo } from 'react'
import { serviceOf } from '../model/trace-model.ts'
import { ROW } from '../model/rows.ts'
import { RowBar } from './row-bar.tsx'
import type { RowContext } from './row-context.ts'
import { RowName } from './row-name.tsx'
import { sayRow } from './row-words.ts'
import styles from './waterfall-row.module.css'

/** One row of the waterfall: what it is at the left, when it was at the right. */
export const WaterfallRow = memo(function WaterfallRow({
  context,
  row,
  top,
  isFocused,
  isSelected,
  isMarked,
}: {
  readonly context: RowContext
  readonly row: number
  /** CSS pixels from the top of the list. */
  readonly top: number
  /** Whether Tab leads to it. */
  readonly isFocused: boolean
  /** Whether its details are shown. */
  readonly isSelected: boolean
  /** Whether it is one end of a measurement. */
  readonly isMarked: boolean
}) {
  const { model, rows, path, matches } = context
  const node = rows.node[row] ?? -1
  const expanded = rows.expanded[row] ?? -1
  const colour = serviceOf(model, node)?.colour
  const words = sayRow(model, rows, row, path.onPath)
  const isMatch = matches?.[node] === 1 && (rows.kind[row] === ROW.node || rows.kind[row] === ROW.chain)
  return (
    <div
      role="row"
      id={rowId(row)}
      className={[
        styles['row'],
        isSelected ? styles['selected'] : '',
        isMatch ? styles['match'] : '',
        isMarked ? styles['marked'] : '',
      ].join(' ')}
      style={{
        transform: `translateY(${top}px)`,
        '--service': colour === undefined ? 'var(--line)' : `var(--service-${colour})`,
      }}
      data-row={row}
      tabIndex={isFocused ? 0 : -1}
      aria-label={words}
      aria-rowindex={row + 1}
      aria-level={rows.level[row] ?? 1}
      aria-posinset={rows.position[row] ?? 1}
      aria-setsize={rows.setSize[row] ?? 1}
      aria-expanded={expanded === -1 ? undefined : expanded === 1}
      aria-selected={isSelected}
    >
      <div role="gridcell" className={styles['name']}>
        <RowName context={context.names} row={row} />
      </div>
      <div role="gridcell" className={styles['time']}>
        {/* Words of its own, and not in the text: to lay out a sentence for each row made frames too long. */}
        <div role="img" aria-label={words} className={styles['track']}>
          <RowBar context={context} row={row} />
        </div>
      </div>
    </div>
  )
})

/** The DOM id of a row. */
export function rowId(row: number): string {
  return `waterfall-row-${row}`
}
