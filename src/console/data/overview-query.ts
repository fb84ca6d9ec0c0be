import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Overview } from '../../wire/own/overview.ts'
import { ask } from './ask.ts'

/** `GET api/overview`: how long the traces of a filter took over time, and what they have in common. */
export function overviewQuery(asked: {
  readonly filter: string
  readonly dialect: 'aws' | 'extended'
  readonly from: string
  readonly to?: string
  readonly columns: number
}) {
  const { dialect, ...parameters } = asked
  return queryOptions({
    queryKey: ['overview', asked],
    queryFn: ({ signal }) =>
      ask<Overview>('api/overview', { ...parameters, ...(dialect === 'extended' ? { dialect } : {}) }, { signal }),
    placeholderData: keepPreviousData,
  })
}
