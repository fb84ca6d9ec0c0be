import type { FilterError } from '../../filter/filter-error.ts'
import { parseExtendedFilter, parseFilter } from '../../filter/parse-filter.ts'
import type { Dialect } from '../../filter/tokenize.ts'

/** Why a text is no filter, in AWS's words, and the characters it is about; equal ends mean a place between two. */
export type FilterProblem = { readonly message: string; readonly from: number; readonly to: number }

/**
 * What is wrong with a filter; nothing when it can be asked, as blank text can. Both dialects are tried, and the one that
 * got further says why.
 */
export function filterProblem(text: string): FilterProblem | undefined {
  if (text.trim() === '') return undefined
  const aws = parseFilter(text)
  if (aws.ok) return undefined
  const extended = parseExtendedFilter(text)
  if (extended.ok) return undefined
  return problemOf(offsetOf(extended.error) > offsetOf(aws.error) ? extended.error : aws.error, text)
}

/** The dialect that a filter has to be asked in: AWS's, unless only ours has its words. */
export function dialectOf(text: string): Dialect {
  return text.trim() === '' || parseFilter(text).ok || !parseExtendedFilter(text).ok ? 'aws' : 'extended'
}

function offsetOf(error: FilterError): number {
  return error.kind === 'syntax' ? error.offset : 0
}

function problemOf(error: FilterError, text: string): FilterProblem {
  if (error.kind !== 'syntax') return { message: error.message, from: 0, to: text.length }
  // The symbol may begin before the place, where the predicate does; what is marked is what cannot stand there.
  const end = text.slice(error.offset).search(/[\s(){},]|$/)
  return { message: error.message, from: error.offset, to: Math.min(text.length, error.offset + Math.max(end, 1)) }
}
