import { queryOptions } from '@tanstack/react-query'
import type { OwnStatus } from '../../wire/own/status.ts'
import type { OwnCompletion } from '../../wire/own/traces.ts'
import { ask } from './ask.ts'

/** `GET api/status`, again and again: what the frame shows, and whether the server is there. */
export function statusQuery() {
  return queryOptions({
    queryKey: ['status'],
    queryFn: ({ signal }) => ask<OwnStatus>('api/status', {}, { signal }),
    staleTime: 5_000,
    refetchInterval: (query) =>
      query.state.status === 'error' || query.state.data?.hasData === false ? 2_000 : 15_000,
    retry: false,
  })
}

/** A group, as `GetGroups` tells it (spec/query §2.6). */
export type Group = { readonly GroupName: string; readonly GroupARN: string; readonly FilterExpression?: string }

/** `POST Groups`: all groups, `Default` included. */
export function groupsQuery() {
  return queryOptions({
    queryKey: ['groups'],
    queryFn: ({ signal }) => allGroups(signal),
    staleTime: 60_000,
  })
}

type GroupsPage = { readonly Groups?: readonly Group[]; readonly NextToken?: string }

async function allGroups(signal: AbortSignal): Promise<readonly Group[]> {
  const groups: Group[] = []
  let token: string | undefined
  do {
    const body = JSON.stringify(token === undefined ? {} : { NextToken: token })
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal }
    const page: GroupsPage = await ask<GroupsPage>('Groups', {}, init)
    groups.push(...(page.Groups ?? []))
    token = page.NextToken
  } while (token !== undefined)
  return groups
}

/** The names of services of the last day, those first that most traces have. */
export function servicesQuery() {
  return queryOptions({
    queryKey: ['services'],
    queryFn: async ({ signal }) => {
      const { values } = await ask<OwnCompletion>(
        'api/complete',
        { kind: 'service', from: '24h', limit: 1_000 },
        { signal },
      )
      return values.map(({ value }) => String(value))
    },
    staleTime: 60_000,
  })
}
