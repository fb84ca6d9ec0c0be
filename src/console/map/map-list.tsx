import { ArrowDown, ArrowUp } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import type { OwnEdge, OwnNode } from '../../wire/own/graph.ts'
import { Button } from '../frame/button.tsx'
import { useKeptScroll } from '../frame/use-kept-scroll.ts'
import { OutcomeMark } from '../words/outcome-mark.tsx'
import type { Outcome } from '../words/outcome.ts'
import { KindGlyph } from './graph-glyphs.tsx'
import { LIST_COLUMNS, listRows, nextSort, readListSort, type ListColumn, type ListRow } from './list-rows.ts'
import styles from './map-list.module.css'
import { shortName, timeText, titleOf } from './map-words.ts'
import { kindOf } from './node-kind.ts'
import { formatRate, formatShare, shareOf } from './outcome-shares.ts'

const WORDS: Readonly<Record<ListColumn, string>> = {
  name: 'Service',
  type: 'Type',
  rate: 'Per minute',
  fault: 'Fault',
  error: 'Error',
  throttle: 'Throttle',
  p50: 'p50',
  p95: 'p95',
  p99: 'p99',
}
const isText = (column: ListColumn): boolean => column === 'name' || column === 'type'

/** More rows than this are shown when they are asked for. */
const MOST_ROWS = 500

/** The map as a table: the same services with the same numbers, and the same panel (console §4.4). */
export function MapList({
  graph,
  minutes,
  sort,
  selected,
  onSort,
  onSelect,
}: {
  readonly graph: { readonly nodes: readonly OwnNode[]; readonly edges: readonly OwnEdge[] }
  readonly minutes: number
  readonly sort: string | undefined
  readonly selected: string | undefined
  readonly onSort: (sort: string) => void
  readonly onSelect: (selected: string) => void
}) {
  const order = readListSort(sort)
  const rows = useMemo(() => listRows(graph, readListSort(sort)), [graph, sort])
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? rows : rows.slice(0, MOST_ROWS)
  const scroller = useRef<HTMLDivElement>(null)
  useKeptScroll(scroller, 'services', sort ?? '', shown.length)
  return (
    <div
      ref={scroller}
      className={styles['frame']}
      role="region"
      aria-label="List of services"
      tabIndex={-1}
      id="services"
    >
      <table className={styles['table']}>
        <caption className="visually-hidden">Services, their requests and response times</caption>
        <Head order={order} onSort={onSort} />
        <tbody>
          {shown.map((row) => (
            <Row
              key={row.node.key}
              row={row}
              minutes={minutes}
              isSelected={selected === `n:${row.node.key}`}
              onSelect={onSelect}
            />
          ))}
        </tbody>
      </table>
      {shown.length === rows.length ? undefined : (
        <Button
          onPress={() => {
            setWhole(true)
          }}
        >
          Show all {rows.length}
        </Button>
      )}
    </div>
  )
}

function Head({
  order,
  onSort,
}: {
  readonly order: ReturnType<typeof readListSort>
  readonly onSort: (sort: string) => void
}) {
  return (
    <thead>
      <tr>
        {LIST_COLUMNS.map((column) => {
          const isSorted = order.column === column
          const Arrow = order.isDown ? ArrowDown : ArrowUp
          return (
            <th
              key={column}
              scope="col"
              data-text={isText(column) ? '' : undefined}
              data-column={column}
              aria-sort={isSorted ? (order.isDown ? 'descending' : 'ascending') : undefined}
            >
              <button
                type="button"
                onClick={() => {
                  onSort(nextSort(order, column))
                }}
              >
                {WORDS[column]}
                {isSorted ? <Arrow size={12} aria-hidden="true" /> : <span className={styles['noArrow']} />}
              </button>
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

function Row({
  row: { node, traffic },
  minutes,
  isSelected,
  onSelect,
}: {
  readonly row: ListRow
  readonly minutes: number
  readonly isSelected: boolean
  readonly onSelect: (selected: string) => void
}) {
  const { p50, p95, p99 } = node.requests.responseTimes
  return (
    <tr data-selected={isSelected ? '' : undefined}>
      <th scope="row">
        <button
          type="button"
          title={node.name}
          aria-pressed={isSelected}
          onClick={() => {
            onSelect(`n:${node.key}`)
          }}
        >
          <KindGlyph kind={kindOf(node)} size={14} />
          <bdi>{node.client ? titleOf(node) : shortName(node.name, 80)}</bdi>
        </button>
      </th>
      <td className={styles['type']}>
        <bdi>{node.type ?? '–'}</bdi>
      </td>
      <td>{formatRate(traffic / minutes)}</td>
      {(['fault', 'error', 'throttle'] as const).map((outcome) => (
        <td key={outcome}>{node.client ? '' : <Share node={node} outcome={outcome} />}</td>
      ))}
      {[p50, p95, p99].map((seconds, at) => (
        <td key={LIST_COLUMNS[6 + at]}>{node.client ? '' : timeText(seconds)}</td>
      ))}
    </tr>
  )
}

function Share({ node, outcome }: { readonly node: OwnNode; readonly outcome: Outcome }) {
  const share = shareOf(node.requests, outcome)
  return share === 0 ? (
    <span className={styles['none']}>0 %</span>
  ) : (
    <OutcomeMark outcome={outcome} text={formatShare(share)} />
  )
}
