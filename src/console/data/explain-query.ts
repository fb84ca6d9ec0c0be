import { queryOptions } from '@tanstack/react-query'
import type { OwnExplained } from '../../wire/own/traces.ts'
import { ask } from './ask.ts'

/** `GET api/traces/explain`: how many of the newest traces satisfy each clause of a filter alone. */
export function explainQuery(asked: {
  readonly filter: string
  readonly dialect: 'aws' | 'extended'
  readonly from: string
  readonly to?: string
}) {
  const { dialect, ...parameters } = asked
  return queryOptions({
    queryKey: ['explain', asked],
    queryFn: ({ signal }) =>
      ask<OwnExplained>(
        'api/traces/explain',
        { ...parameters, limit: 20_000, ...(dialect === 'extended' ? { dialect } : {}) },
        { signal },
      ),
  })
}
