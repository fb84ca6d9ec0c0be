import { useMemo, useState } from 'react'
import { Button } from '../frame/button.tsx'
import { EmptyState } from '../frame/states.tsx'
import { groupNodes, type Grouping } from './model/group-nodes.ts'
import type { TraceModel } from './model/trace-model.ts'
import { TraceTableBy } from './trace-table-by.tsx'
import { COLUMNS, sortGroups, type TableSort } from './trace-table-columns.ts'
import { TraceTableRow } from './trace-table-row.tsx'
import styles from './trace-table.module.css'

/** So many rows are shown at a time. */
const PAGE = 100

/** What took the time of a trace, by one or two of service, name, type and status (console §4.6.7). */
export function TraceTable({
  model,
  hidden,
  by,
  onBy,
  onSelect,
  onFind,
}: {
  readonly model: TraceModel
  /** Names of services that are left out. */
  readonly hidden: ReadonlySet<string>
  readonly by: readonly Grouping[]
  readonly onBy: (by: readonly Grouping[]) => void
  /** Shows the details of a node. */
  readonly onSelect: (node: number) => void
  /** Looks for a text in the trace. */
  readonly onFind: (text: string) => void
}) {
  const groups = useMemo(() => groupNodes(model, by, hidden), [model, by, hidden])
  const [sort, setSort] = useState<TableSort>({ column: 'selfUs', isDescending: true })
  const [pages, setPages] = useState(1)
  const sorted = useMemo(() => sortGroups(groups, sort), [groups, sort])
  const left = sorted.length - pages * PAGE
  return (
    <div className={styles['view']}>
      <TraceTableBy by={by} onBy={onBy} groups={groups.length} />
      {groups.length === 0 ? (
        <EmptyState title="All services are hidden">
          <p>Show one again above to see what it did.</p>
        </EmptyState>
      ) : (
        <div className={styles['scroller']} tabIndex={0} role="region" aria-label="Table of what took the time">
          <table className={styles['table']}>
            <Head by={by} sort={sort} onSort={setSort} />
            <tbody>
              {sorted.slice(0, pages * PAGE).map((group) => (
                <TraceTableRow
                  key={group.values.join('\u0000')}
                  model={model}
                  by={by}
                  group={group}
                  onSelect={onSelect}
                  onFind={onFind}
                />
              ))}
            </tbody>
          </table>
          {left > 0 ? (
            <p className={styles['more']}>
              <Button
                onPress={() => {
                  setPages(pages + 1)
                }}
              >
                {`Show ${Math.min(left, PAGE)} more of ${left}`}
              </Button>
            </p>
          ) : undefined}
        </div>
      )}
    </div>
  )
}

function Head({
  by,
  sort,
  onSort,
}: {
  readonly by: readonly Grouping[]
  readonly sort: TableSort
  readonly onSort: (sort: TableSort) => void
}) {
  return (
    <thead>
      <tr>
        {by.map((grouping, at) => (
          <SortHeader key={grouping} id={at} label={TITLES[grouping]} sort={sort} onSort={onSort} isText />
        ))}
        {COLUMNS.map(({ id, label, hint }) => (
          <SortHeader key={id} id={id} label={label} hint={hint} sort={sort} onSort={onSort} />
        ))}
      </tr>
    </thead>
  )
}

const TITLES: Readonly<Record<Grouping, string>> = {
  service: 'Service',
  name: 'Name',
  type: 'Type',
  status: 'HTTP status',
}

function SortHeader({
  id,
  label,
  hint,
  sort,
  onSort,
  isText = false,
}: {
  /** Of groupings, their position. */
  readonly id: TableSort['column']
  readonly label: string
  readonly hint?: string | undefined
  readonly sort: TableSort
  readonly onSort: (sort: TableSort) => void
  readonly isText?: boolean
}) {
  const isSorted = sort.column === id
  return (
    <th
      scope="col"
      className={isText ? styles['text'] : styles['number']}
      aria-sort={isSorted ? (sort.isDescending ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        className={styles['sort']}
        title={hint}
        onClick={() => {
          onSort({ column: id, isDescending: isSorted ? !sort.isDescending : !isText })
        }}
      >
        {label}
        <span aria-hidden="true" className={styles['arrow']}>
          {isSorted ? (sort.isDescending ? '↓' : '↑') : ''}
        </span>
      </button>
    </th>
  )
}
