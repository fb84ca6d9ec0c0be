import type { Narrowing } from '../../filter/narrowing.ts'
import type { TraceRow } from '../trace-row.ts'

/** Whether a row satisfies a narrowing: what `store/sql/narrowing.ts` says in SQL. */
export function mayMatch(row: TraceRow, narrowing: Narrowing): boolean {
  switch (narrowing.kind) {
    case 'everything':
      return true
    case 'all':
      return narrowing.terms.every((term) => mayMatch(row, term))
    case 'any':
      return narrowing.terms.some((term) => mayMatch(row, term))
    case 'name':
      return row.names.includes(narrowing.name)
    case 'term':
      return row.terms.includes(narrowing.term)
    case 'term-like': {
      const { start, text } = narrowing
      return row.terms.some((term) => term.startsWith(start) && term.includes(text, start.length))
    }
    case 'url':
      return row.urls.join('\n').includes(narrowing.text)
    case 'status':
      return row.terms.some((term) => term.startsWith('s') && compares(Number(term.slice(1)), narrowing))
    case 'at-least': {
      const { lastEndUs } = row
      return lastEndUs === undefined || lastEndUs - firstUs(row) >= Math.round(narrowing.seconds * 1e6)
    }
    case 'at-most': {
      if (row.lastEndUs === undefined) return true
      const ends = row.spans.map(({ endUs }) => endUs ?? -(2 ** 53))
      return Math.max(...ends) - firstUs(row) <= Math.round(narrowing.seconds * 1e6)
    }
    case 'segment-at-least': {
      const leastUs = Math.round(narrowing.seconds * 1e6)
      return row.spans.some(({ startUs, endUs }) => endUs !== undefined && endUs - startUs >= leastUs)
    }
    default:
      return narrowing satisfies never
  }
}

function firstUs({ spans }: TraceRow): number {
  return spans.reduce((first, { startUs }) => Math.min(first, startUs), 2 ** 53)
}

function compares(status: number, { operator, value }: Extract<Narrowing, { readonly kind: 'status' }>): boolean {
  switch (operator) {
    case '=':
      return status === value
    case '<':
      return status < value
    case '<=':
      return status <= value
    case '>':
      return status > value
    case '>=':
      return status >= value
    default:
      return operator satisfies never
  }
}
