import { printFilter } from '../../../filter/print-filter.ts'
import { RawNumber } from '../../../model/raw-number.ts'
import { both, quoteFilter } from '../../words/quote-filter.ts'
import type { DetailAnnotation, Fact } from './read-details.ts'

/** Texts of which only a beginning can be searched for are not offered. */
const SEARCHABLE = 1_000

/** The filter expression that finds traces with the same annotation; undefined where none can. */
export function annotationClause({ key, value }: DetailAnnotation): string | undefined {
  // The language has no way to write that.
  if (key.includes(']')) return undefined
  if (typeof value === 'string' && value.length >= SEARCHABLE) return undefined
  const wanted = value instanceof RawNumber ? value.value : value
  return printFilter({ kind: 'annotation', key, test: { operator: '=', value: wanted } })
}

/** The filter expression that finds traces in which a segment of the service says the same; undefined where none can. */
export function factClause(service: string | undefined, { keyword, text, isNumber }: Fact): string | undefined {
  if (keyword === undefined || text.length >= SEARCHABLE) return undefined
  const body = `${keyword} = ${isNumber === true ? text : quoteFilter(text)}`
  if (keyword === 'user' || keyword === 'account.id' || keyword === 'resource.arn') return body
  return service === undefined ? undefined : `service(${quoteFilter(service)}) { ${body} }`
}

/** A filter with a clause more, or without what it means. */
export function withClause(filter: string | undefined, clause: string, isWanted: boolean): string {
  return both(filter ?? '', isWanted ? clause : `!${clause}`)
}
