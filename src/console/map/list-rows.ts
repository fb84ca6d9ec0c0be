import type { OwnEdge, OwnNode } from '../../wire/own/graph.ts'
import { titleOf } from './map-words.ts'
import { shareOf } from './outcome-shares.ts'
import { trafficByNode } from './map-graph.ts'

/** The columns of the list that is the map's twin. */
export const LIST_COLUMNS = ['name', 'type', 'rate', 'fault', 'error', 'throttle', 'p50', 'p95', 'p99'] as const
export type ListColumn = (typeof LIST_COLUMNS)[number]

/** A row of the list. */
export type ListRow = { readonly node: OwnNode; readonly traffic: number }

/** How a list is ordered: `sort` of its URL, a column, with a minus before it where the greatest comes first. */
export type ListSort = { readonly column: ListColumn; readonly isDown: boolean }

/** Reads `sort`; the most requests first when it is none. */
export function readListSort(text: string | undefined): ListSort {
  const column = LIST_COLUMNS.find((one) => one === text?.replace(/^-/, ''))
  return column === undefined ? { column: 'rate', isDown: true } : { column, isDown: text?.startsWith('-') === true }
}

/** What a click on the head of a column makes of an order: texts begin with A, numbers with the greatest. */
export function nextSort(sort: ListSort, column: ListColumn): string {
  const isText = column === 'name' || column === 'type'
  const isDown = sort.column === column ? !sort.isDown : !isText
  return `${isDown ? '-' : ''}${column}`
}

/** A row for each node, in order; of equals by name. What has no value comes last. */
export function listRows(
  graph: { readonly nodes: readonly OwnNode[]; readonly edges: readonly OwnEdge[] },
  { column, isDown }: ListSort,
): readonly ListRow[] {
  const traffic = trafficByNode(graph)
  const rows = graph.nodes.map((node) => ({ node, traffic: traffic.get(node.key) ?? 0 }))
  const valued = rows.map((row) => ({ row, value: valueOf(row, column) }))
  return valued.toSorted((a, b) => compare(a.value, b.value, isDown) || byName(a.row, b.row)).map(({ row }) => row)
}

function valueOf({ node, traffic }: ListRow, column: ListColumn): string | number | undefined {
  switch (column) {
    case 'name':
      return titleOf(node).toLowerCase()
    case 'type':
      return node.type?.toLowerCase()
    case 'rate':
      return traffic
    case 'fault':
    case 'error':
    case 'throttle':
      return node.client ? undefined : shareOf(node.requests, column)
    case 'p50':
    case 'p95':
    case 'p99':
      return node.client ? undefined : node.requests.responseTimes[column]
  }
}

function compare(a: string | number | undefined, b: string | number | undefined, isDown: boolean): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  const order = a === b ? 0 : a < b ? -1 : 1
  return isDown ? -order : order
}

function byName(a: ListRow, b: ListRow): number {
  const [one, other] = [titleOf(a.node), titleOf(b.node)]
  return one === other ? 0 : one < other ? -1 : 1
}
