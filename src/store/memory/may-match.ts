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
    case 'no-term':
      return !row.terms.includes(narrowing.term)
    case 'term-like': {
      const { start, text } = narrowing
      return row.terms.some((term) => term.startsWith(start) && term.includes(text, start.length))
    }
    case 'url':
      return row.urls.join('\n').includes(narrowing.text)
    case 'status':
    case 'root-status': {
      const start = narrowing.kind === 'status' ? 's' : 'Rs'
      return row.terms.some((term) => term.startsWith(start) && compares(Number(term.slice(start.length)), narrowing))
    }
    case 'at-least': {
      const { lastEndUs } = row
      return lastEndUs === undefined || lastEndUs - firstUs(row) >= Math.round(narrowing.seconds * 1e6)
    }
    case 'at-most': {
      if (row.lastEndUs === undefined) return true
      const lastUs = row.spans.reduce((last, { endUs }) => Math.max(last, endUs ?? last), -Infinity)
      return lastUs - firstUs(row) <= Math.round(narrowing.seconds * 1e6)
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

function compares(status: number, { operator, value }: Extract<Narrowing, { readonly value: number }>): boolean {
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
