import type { Json } from '../model/json.ts'
import type { Tenant } from '../model/tenant.ts'
import type { ControlChange } from '../store/control-log.ts'
import type { Answer, Decision } from './answer.ts'
import { invalid } from './answer.ts'
import { bodyMember } from './body-member.ts'
import type { Control } from './control.ts'
import { bodyOf } from './tenant-state.ts'
import type { TenantState } from './tenant-state.ts'

/** Which share of the traces is indexed while their destination is `CloudWatchLogs` (spec/query §4.10). */
export type IndexingRule = {
  readonly percentage: number
  /** Epoch seconds; 0 when nobody has changed it. */
  readonly modifiedSeconds: number
}

/** The one indexing rule of each account and region, and what follows from it. */
export type IndexingRules = {
  find(tenant: Tenant): IndexingRule
  update(tenant: Tenant, name: string, percentage: number, nowSeconds: number): Promise<Answer<IndexingRule>>
  /**
   * The percentage of the traces that begin at a moment that are indexed: 100 unless the destination was
   * `CloudWatchLogs` then. The moment is asked for only where it matters, since it takes the whole trace to know it.
   */
  percentageAt(tenant: Tenant, startSeconds: () => number): number
}

/** The name of the only rule. */
export const DEFAULT_INDEXING_RULE = 'Default'

const KIND = 'indexing-rule'
const HISTORY = 'indexing-history'
const INITIAL_PERCENTAGE = 1

/** Traces are kept for a month; what was before does not matter. */
const HISTORY_SECONDS = 32 * 86_400
const MAX_HISTORY = 1_000

/** From when on which percentage was in force, or everything when the destination was `XRay`. */
type Period = { readonly fromSeconds: number; readonly destination: string; readonly percentage: number }

/** Indexing rules over the control state. */
export function createIndexingRules(control: Control): IndexingRules {
  return {
    find: (tenant) => ruleOf(control.state(tenant)),

    async update(tenant, name, percentage, nowSeconds) {
      if (name !== DEFAULT_INDEXING_RULE) {
        return { ok: false, refusal: { code: 'unknownResource', message: `Indexing rule ${name} does not exist.` } }
      }
      if (!(percentage >= 0 && percentage <= 100)) {
        return invalid('DesiredSamplingPercentage must be between 0 and 100')
      }
      return control.change(tenant, (state): Decision<IndexingRule> => {
        const rule = { percentage, modifiedSeconds: nowSeconds }
        return {
          ok: true,
          value: rule,
          changes: [
            { kind: KIND, key: DEFAULT_INDEXING_RULE, body: rule },
            indexedFrom(state, nowSeconds, { percentage }),
          ],
        }
      })
    },

    percentageAt(tenant, startSeconds) {
      const history = historyOf(control.state(tenant))
      if (history.length === 0) return 100
      const atSeconds = startSeconds()
      const period = history.findLast(({ fromSeconds }) => fromSeconds <= atSeconds)
      return period?.destination === 'CloudWatchLogs' ? period.percentage : 100
    },
  }
}

/** Notes what is in force from now on, so that a trace is judged by what was in force when it began. */
export function indexedFrom(
  state: TenantState,
  nowSeconds: number,
  changed: { readonly destination?: string; readonly percentage?: number },
): ControlChange {
  const before = historyOf(state)
  const last = before.at(-1) ?? { destination: 'XRay', percentage: ruleOf(state).percentage }
  const { destination = last.destination, percentage = last.percentage } = changed
  // The period that reaches into the kept time has to stay.
  const firstKept = before.findLastIndex(({ fromSeconds }) => fromSeconds <= nowSeconds - HISTORY_SECONDS)
  const kept = before.slice(Math.max(firstKept, before.length - MAX_HISTORY + 1, 0))
  const body = [...kept, { fromSeconds: nowSeconds, destination, percentage }]
  return { kind: HISTORY, key: DEFAULT_INDEXING_RULE, body }
}

function ruleOf(state: TenantState): IndexingRule {
  const body = bodyOf(state, KIND, DEFAULT_INDEXING_RULE)
  const percentage = bodyMember(body, 'percentage')
  const modifiedSeconds = bodyMember(body, 'modifiedSeconds')
  return typeof percentage === 'number' && typeof modifiedSeconds === 'number'
    ? { percentage, modifiedSeconds }
    : { percentage: INITIAL_PERCENTAGE, modifiedSeconds: 0 }
}

function historyOf(state: TenantState): readonly Period[] {
  const body = bodyOf(state, HISTORY, DEFAULT_INDEXING_RULE)
  const periods: readonly Json[] = Array.isArray(body) ? body : []
  return periods.flatMap((period) => {
    const fromSeconds = bodyMember(period, 'fromSeconds')
    const destination = bodyMember(period, 'destination')
    const percentage = bodyMember(period, 'percentage')
    return typeof fromSeconds === 'number' && typeof destination === 'string' && typeof percentage === 'number'
      ? [{ fromSeconds, destination, percentage }]
      : []
  })
}
