import type { Tenant } from '../model/tenant.ts'
import type { Answer, Decision } from './answer.ts'
import { invalid } from './answer.ts'
import { bodyMember } from './body-member.ts'
import type { Control } from './control.ts'
import { indexedFrom } from './indexing-rule.ts'
import { bodyOf } from './tenant-state.ts'
import type { TenantState } from './tenant-state.ts'

/** Where traces go: `CloudWatchLogs` is the mode in which only some of them are indexed (spec/query §4.9). */
export type TraceDestination = {
  readonly destination: 'XRay' | 'CloudWatchLogs'
  readonly status: 'PENDING' | 'ACTIVE'
}

/** The destination of each account's and region's traces. */
export type TraceDestinations = {
  find(tenant: Tenant, nowSeconds: number): TraceDestination
  update(
    tenant: Tenant,
    destination: TraceDestination['destination'],
    nowSeconds: number,
  ): Promise<Answer<TraceDestination>>
}

const KIND = 'trace-destination'
const KEY = 'destination'

/** How long a change is pending. Nothing has to be moved, but clients wait for the change of status. */
const PENDING_SECONDS = 1

/** Destinations over the control state. The new one counts for traces that begin from now on. */
export function createTraceDestinations(control: Control): TraceDestinations {
  return {
    find: (tenant, nowSeconds) => destinationOf(control.state(tenant), nowSeconds),

    update: (tenant, destination, nowSeconds) =>
      control.change(tenant, (state): Decision<TraceDestination> => {
        const before = destinationOf(state, nowSeconds)
        if (before.status === 'PENDING') {
          return invalid('Updates are not allowed while the current status is PENDING')
        }
        if (before.destination === destination) return invalid(`The destination is already set to ${destination}`)
        return {
          ok: true,
          value: { destination, status: 'PENDING' },
          changes: [
            { kind: KIND, key: KEY, body: { destination, changedSeconds: nowSeconds } },
            indexedFrom(state, nowSeconds, { destination }),
          ],
        }
      }),
  }
}

function destinationOf(state: TenantState, nowSeconds: number): TraceDestination {
  const body = bodyOf(state, KIND, KEY)
  const changedSeconds = bodyMember(body, 'changedSeconds')
  // A clock that was set back must not make it wait for long.
  const ageSeconds = typeof changedSeconds === 'number' ? Math.abs(nowSeconds - changedSeconds) : Infinity
  return {
    destination: bodyMember(body, 'destination') === 'CloudWatchLogs' ? 'CloudWatchLogs' : 'XRay',
    status: ageSeconds < PENDING_SECONDS ? 'PENDING' : 'ACTIVE',
  }
}
