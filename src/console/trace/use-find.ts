import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { findQuery } from '../data/find-query.ts'
import { countMatches, findLocally, matchesOf } from './model/find-locally.ts'
import type { TraceModel } from './model/trace-model.ts'

/** What is looked for, and where it was found. */
export type Find = {
  readonly kind: 'nothing' | 'text' | 'filter'
  /** By node, 1 where it matches; undefined when nothing is looked for, or nothing is known yet. */
  readonly matches: Uint8Array | undefined
  readonly count: number
  /** Whether the server has still to say what else matches. */
  readonly isLooking: boolean
  /** Why the server cannot say. */
  readonly error: Error | null
}

/**
 * Looks for words or a filter expression in a trace. What the outline says is found at once; what only documents say,
 * such as annotations and statements, is the server's answer.
 */
export function useFind(model: TraceModel, typed: string): Find {
  const here = useMemo(() => findLocally(model, typed), [model, typed])
  const isAsked = here.kind === 'text' || here.kind === 'server'
  const what = { kind: here.kind === 'text' ? 'text' : 'filter', text: isAsked ? typed.trim() : '' } as const
  const query = useQuery({ ...findQuery(model.id, what, model.revision), placeholderData: keepPreviousData })
  const isCurrent = isAsked && !query.isPlaceholderData && query.data?.revision === model.revision
  const answer = isCurrent ? query.data : undefined
  const error = isAsked ? query.error : null
  return useMemo(() => {
    if (here.kind === 'nothing') return { kind: 'nothing', matches: undefined, count: 0, isLooking: false, error: null }
    const local = here.kind === 'server' ? undefined : here.matches
    const matches = answer === undefined ? local : matchesOf(model, answer.matches)
    return {
      kind: here.kind === 'text' ? 'text' : 'filter',
      matches,
      count: matches === undefined ? 0 : countMatches(matches),
      isLooking: isAsked && answer === undefined && error === null,
      error,
    }
  }, [here, isAsked, answer, model, error])
}
