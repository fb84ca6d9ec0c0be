import type { NodeGroup } from './model/group-nodes.ts'

/** A column of numbers. */
export type ColumnId = 'count' | 'totalUs' | 'selfUs' | 'averageUs' | 'maxUs' | 'share' | 'problems'

export const COLUMNS: readonly { readonly id: ColumnId; readonly label: string; readonly hint: string }[] = [
  { id: 'count', label: 'Count', hint: 'How many segments and subsegments' },
  { id: 'totalUs', label: 'Total', hint: 'How long all of them took; what ran at once is counted as often' },
  { id: 'selfUs', label: 'Self', hint: 'How long nothing below them was at work' },
  { id: 'averageUs', label: 'Average', hint: 'How long one took' },
  { id: 'maxUs', label: 'Longest', hint: 'How long the longest took' },
  { id: 'share', label: 'Share', hint: 'Of the self time of the whole trace' },
  { id: 'problems', label: 'Problems', hint: 'Faults, errors and throttles' },
]

/** A column of numbers, or the position of a grouping. */
export type TableSort = { readonly column: ColumnId | number; readonly isDescending: boolean }

/** Groups in the order of a column; equal ones keep theirs. Numbers in texts, such as statuses, count as numbers. */
export function sortGroups(groups: readonly NodeGroup[], { column, isDescending }: TableSort): readonly NodeGroup[] {
  const sign = isDescending ? -1 : 1
  if (typeof column !== 'number') return groups.toSorted((a, b) => sign * (a[column] - b[column]))
  const order = new Intl.Collator('en', { numeric: true })
  return groups.toSorted((a, b) => sign * order.compare(a.values[column] ?? '', b.values[column] ?? ''))
}
