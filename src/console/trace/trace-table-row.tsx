import { ChevronDown, ChevronRight, Search } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../frame/button.tsx'
import { formatDuration } from '../words/format-duration.ts'
import { OutcomeMark } from '../words/outcome-mark.tsx'
import { OUTCOMES } from '../words/outcome.ts'
import { quoteFilter } from '../words/quote-filter.ts'
import { formatShare } from '../map/outcome-shares.ts'
import type { Grouping, NodeGroup } from './model/group-nodes.ts'
import {
  detailOf,
  durationOf,
  isProblem,
  nameOf,
  outcomeOfNode,
  serviceOf,
  type TraceModel,
} from './model/trace-model.ts'
import { COLUMNS, type ColumnId } from './trace-table-columns.ts'
import styles from './trace-table.module.css'

/** Of a group, so many of the longest are listed. */
const LISTED = 10

type RowProps = {
  readonly model: TraceModel
  readonly by: readonly Grouping[]
  readonly group: NodeGroup
  readonly onSelect: (node: number) => void
  readonly onFind: (text: string) => void
}

/** One group; opened, its longest members. */
export function TraceTableRow(props: RowProps) {
  const { model, by, group } = props
  const [isOpen, setOpen] = useState(false)
  const Chevron = isOpen ? ChevronDown : ChevronRight
  return (
    <>
      <tr className={styles['row']}>
        {by.map((grouping, at) => (
          <th key={grouping} scope="row" className={styles['text']}>
            {at === 0 ? (
              <button
                type="button"
                className={styles['open']}
                aria-expanded={isOpen}
                onClick={() => {
                  setOpen(!isOpen)
                }}
              >
                <Chevron size={14} aria-hidden="true" />
                <Value model={model} grouping={grouping} group={group} at={at} />
              </button>
            ) : (
              <Value model={model} grouping={grouping} group={group} at={at} />
            )}
          </th>
        ))}
        {COLUMNS.map(({ id }) => (
          <td key={id} className={styles['number']}>
            <Cell id={id} model={model} group={group} />
          </td>
        ))}
      </tr>
      {isOpen ? (
        <tr>
          <td colSpan={by.length + COLUMNS.length} className={styles['members']}>
            <Members {...props} />
          </td>
        </tr>
      ) : undefined}
    </>
  )
}

function Value({
  model,
  grouping,
  group,
  at,
}: {
  readonly model: TraceModel
  readonly grouping: Grouping
  readonly group: NodeGroup
  readonly at: number
}) {
  const service = grouping === 'service' ? serviceOf(model, group.longest) : undefined
  return (
    <span className={styles['value']}>
      {service === undefined ? undefined : (
        <span
          className={styles['badge']}
          style={{ '--service': `var(--service-${service.colour})` }}
          aria-hidden="true"
        >
          {service.badge}
        </span>
      )}
      <bdi className={styles['words']} title={group.values[at]}>
        {group.values[at]}
      </bdi>
    </span>
  )
}

function Cell({ id, model, group }: { readonly id: ColumnId; readonly model: TraceModel; readonly group: NodeGroup }) {
  if (id === 'count') return group.count.toLocaleString('en')
  if (id === 'problems') {
    if (group.problems === 0) return <span className={styles['none']}>0</span>
    const worst = OUTCOMES.find((outcome) =>
      group.nodes.some((node) => isProblem(model, node) && outcomeOfNode(model, node) === outcome),
    )
    return <OutcomeMark outcome={worst ?? 'fault'} text={String(group.problems)} />
  }
  if (id !== 'share') return formatDuration(group[id] / 1e6)
  return (
    <span className={styles['share']}>
      <span className={styles['gauge']} aria-hidden="true">
        <span style={{ width: `${Math.max(group.share * 100, group.share > 0 ? 1 : 0)}%` }} />
      </span>
      <span className={styles['percent']}>{formatShare(group.share)}</span>
    </span>
  )
}

function Members({ model, by, group, onSelect, onFind }: RowProps) {
  const longest = group.nodes.toSorted((a, b) => durationOf(model, b) - durationOf(model, a) || a - b).slice(0, LISTED)
  const find = findTextOf(by, group)
  return (
    <>
      <ul className={styles['list']}>
        {longest.map((node) => (
          <li key={node}>
            <button
              type="button"
              className={styles['member']}
              onClick={() => {
                onSelect(node)
              }}
            >
              <span className={styles['mark']}>
                <OutcomeMark outcome={outcomeOfNode(model, node)} isShort />
              </span>
              <bdi className={styles['words']}>
                {[nameOf(model, node), detailOf(model, node)].filter((text) => text !== undefined).join(' ')}
              </bdi>
              <span className={styles['time']}>{formatDuration(durationOf(model, node) / 1e6)}</span>
              <span className={styles['since']}>at {formatDuration((model.start[node] ?? 0) / 1e6)}</span>
            </button>
          </li>
        ))}
      </ul>
      <p className={styles['after']}>
        {group.count > LISTED ? (
          <span>{`The ${LISTED} longest of ${group.count.toLocaleString('en')}.`}</span>
        ) : undefined}
        {find === undefined ? undefined : (
          <Button
            kind="quiet"
            onPress={() => {
              onFind(find)
            }}
          >
            <Search size={14} aria-hidden="true" /> Find <code dir="auto">{find}</code>
          </Button>
        )}
      </p>
    </>
  )
}

/** What finds the group's rows in the timeline; of services and types the language has no word for subsegments. */
function findTextOf(by: readonly Grouping[], { values }: NodeGroup): string | undefined {
  const clauses = by.flatMap((grouping, at) => {
    const value = values[at] ?? ''
    if (grouping === 'name') return [`name = ${quoteFilter(value)}`]
    if (grouping !== 'status') return []
    return [value === 'none' ? '!http.status' : `http.status = ${value}`]
  })
  return clauses.length === 0 ? undefined : clauses.join(' AND ')
}
