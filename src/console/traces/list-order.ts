import type { TracesQuestion } from '../data/search-traces.ts'
import type { TraceRow } from '../data/trace-row.ts'

/** How the list is ordered: the values of `sort` in the URL. */
export type ListOrder = '-start' | 'start' | '-duration' | 'duration' | '-segments' | 'segments'

/** The usual order, which the URL leaves out. */
export const DEFAULT_ORDER: ListOrder = '-start'

const WORDS: Readonly<Record<ListOrder, string>> = {
  '-start': 'newest first',
  start: 'oldest first',
  '-duration': 'longest first',
  duration: 'shortest first',
  '-segments': 'most segments first',
  segments: 'fewest segments first',
}

/** The order that a URL says, or the usual one. */
export function orderOf(sort: string | undefined): ListOrder {
  return sort !== undefined && Object.hasOwn(WORDS, sort) ? (sort as ListOrder) : DEFAULT_ORDER
}

/** `newest first`. */
export function orderWords(order: ListOrder): string {
  return WORDS[order]
}

/** What the server is asked for: it has the newest and the greatest first. For the opposite, it is asked for many. */
export function askedOrder(order: ListOrder): Pick<TracesQuestion, 'sort' | 'limit'> {
  switch (order) {
    case '-start':
      return { sort: 'start', limit: 1_000 }
    case '-duration':
      return { sort: 'duration', limit: 1_000 }
    case '-segments':
      return { sort: 'segments', limit: 1_000 }
    default:
      return { sort: 'start', limit: 5_000 }
  }
}

/** Whether rows can be shown as they come; else only when the search has ended. */
export function isStreamed(order: ListOrder): boolean {
  return order === '-start'
}

/** Rows in the order. Those that came in it stay as they are; by start they come in that of the seconds in their ids. */
export function inOrder(rows: readonly TraceRow[], order: ListOrder): readonly TraceRow[] {
  switch (order) {
    case '-start':
      return rows.toSorted((one, other) => other.start - one.start)
    case 'start':
      return rows.toSorted((one, other) => one.start - other.start)
    case 'duration':
      return rows.toSorted((one, other) => one.duration - other.duration)
    case 'segments':
      return rows.toSorted((one, other) => one.segments - other.segments)
    default:
      return rows
  }
}

/** The order after its column's head was pressed: the greatest first, then the least. */
export function nextOrder(order: ListOrder, column: 'start' | 'duration' | 'segments'): ListOrder {
  return order === `-${column}` ? column : `-${column}`
}
