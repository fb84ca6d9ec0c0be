import type { Json } from '../model/json.ts'
import type { Tenant } from '../model/tenant.ts'
import type { Answer, Decision, Refusal } from './answer.ts'
import { invalid } from './answer.ts'
import { bodyMember } from './body-member.ts'
import type { Control } from './control.ts'
import { bodiesOf, bodyOf } from './tenant-state.ts'

/** What is asked for: traces by id, as far as they were active in a stretch of time, both ends included. */
export type RetrievalRequest = {
  readonly traceIds: readonly string[]
  /** Epoch seconds. */
  readonly fromSeconds: number
  readonly toSeconds: number
}

/** How a retrieval stands; SCHEDULED until it has ended. */
export type RetrievalStatus = 'SCHEDULED' | 'COMPLETE' | 'FAILED' | 'CANCELLED' | 'TIMEOUT'

/** A retrieval of traces (spec/query §4.11). Once complete, its ids are those that were found. */
export type Retrieval = RetrievalRequest & { readonly status: RetrievalStatus; readonly startedSeconds: number }

/** The retrievals of each account and region. They are kept for a day. */
export type Retrievals = {
  /** Answers its token. */
  start(tenant: Tenant, request: RetrievalRequest, nowSeconds: number): Promise<string>
  find(tenant: Tenant, token: string, nowSeconds: number): Promise<Answer<Retrieval>>
  /** Ends one that has not ended, as complete with the traces that were found, or as failed. */
  end(
    tenant: Tenant,
    token: string,
    end: { readonly status: 'COMPLETE'; readonly traceIds: readonly string[] } | { readonly status: 'FAILED' },
    nowSeconds: number,
  ): Promise<void>
  cancel(tenant: Tenant, token: string, nowSeconds: number): Promise<Answer<undefined>>
}

const KIND = 'retrieval'
const LIFETIME_SECONDS = 86_400
const TIMEOUT_SECONDS = 3_600

/** Retrievals of a tenant at a time; beyond, the oldest one goes. Each holds up to a hundred ids in memory. */
const MAX_KEPT = 1_000

/** Retrievals over the control state, so that they survive a restart and all servers of a cluster know them. */
export function createRetrievals(control: Control, newToken: () => string): Retrievals {
  /** Refuses what is not there; decides over what is. */
  const change = (
    tenant: Tenant,
    token: string,
    nowSeconds: number,
    decide: (retrieval: Retrieval) => Decision<undefined>,
  ): Promise<Answer<undefined>> =>
    control.change(tenant, (state) => {
      const found = readRetrieval(bodyOf(state, KIND, token), nowSeconds)
      return found === undefined ? UNKNOWN : decide(found)
    })

  return {
    async start(tenant, request, nowSeconds) {
      const token = newToken()
      await control.change(tenant, (state) => {
        const kept = bodiesOf(state, KIND)
          .map(([key, body]) => ({ key, retrieval: readRetrieval(body, nowSeconds) }))
          .toSorted((a, b) => (a.retrieval?.startedSeconds ?? 0) - (b.retrieval?.startedSeconds ?? 0))
        const gone = kept.filter(({ retrieval }, index) => retrieval === undefined || index <= kept.length - MAX_KEPT)
        return {
          ok: true,
          value: undefined,
          changes: [
            { kind: KIND, key: token, body: write({ ...request, status: 'SCHEDULED', startedSeconds: nowSeconds }) },
            ...gone.map(({ key }) => ({ kind: KIND, key, body: undefined })),
          ],
        }
      })
      return token
    },

    async find(tenant, token, nowSeconds) {
      const known = readRetrieval(bodyOf(control.state(tenant), KIND, token), nowSeconds)
      if (known !== undefined) return { ok: true, value: known }
      // Another server of a cluster may have started it a moment ago: a decision sees the newest state.
      return control.change(tenant, (state): Decision<Retrieval> => {
        const found = readRetrieval(bodyOf(state, KIND, token), nowSeconds)
        return found === undefined ? UNKNOWN : { ok: true, value: found, changes: [] }
      })
    },

    async end(tenant, token, end, nowSeconds) {
      await change(tenant, token, nowSeconds, (before) => ({
        ok: true,
        value: undefined,
        changes: hasEnded(before) ? [] : [{ kind: KIND, key: token, body: write({ ...before, ...end }) }],
      }))
    },

    cancel: (tenant, token, nowSeconds) =>
      change(tenant, token, nowSeconds, (before) => {
        if (hasEnded(before)) {
          return invalid(`The retrieval cannot be cancelled: its status is ${before.status}.`)
        }
        const cancelled = write({ ...before, status: 'CANCELLED', traceIds: [] })
        return { ok: true, value: undefined, changes: [{ kind: KIND, key: token, body: cancelled }] }
      }),
  }
}

/** Whether nothing will change any more. */
export function hasEnded({ status }: Retrieval): boolean {
  return status !== 'SCHEDULED'
}

const UNKNOWN = {
  ok: false,
  refusal: { code: 'unknownResource', message: 'No retrieval has this RetrievalToken, or it has expired.' },
} as const satisfies { readonly ok: false; readonly refusal: Refusal }

function write({ traceIds, fromSeconds, toSeconds, status, startedSeconds }: Retrieval): Json {
  return { traceIds, fromSeconds, toSeconds, status, startedSeconds }
}

/** Nothing when it has expired, or is none. */
function readRetrieval(body: Json | undefined, nowSeconds: number): Retrieval | undefined {
  const ids = bodyMember(body, 'traceIds')
  const fromSeconds = bodyMember(body, 'fromSeconds')
  const toSeconds = bodyMember(body, 'toSeconds')
  const status = STATUSES.find((known) => known === bodyMember(body, 'status'))
  const startedSeconds = bodyMember(body, 'startedSeconds')
  if (!Array.isArray(ids) || typeof fromSeconds !== 'number' || typeof toSeconds !== 'number') return undefined
  if (status === undefined || typeof startedSeconds !== 'number') return undefined
  const ageSeconds = nowSeconds - startedSeconds
  if (ageSeconds >= LIFETIME_SECONDS) return undefined
  const traceIds = (ids as readonly Json[]).filter((id) => typeof id === 'string')
  const hasTimedOut = status === 'SCHEDULED' && ageSeconds >= TIMEOUT_SECONDS
  return { traceIds, fromSeconds, toSeconds, status: hasTimedOut ? 'TIMEOUT' : status, startedSeconds }
}

const STATUSES = ['SCHEDULED', 'COMPLETE', 'FAILED', 'CANCELLED', 'TIMEOUT'] as const
