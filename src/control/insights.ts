import type { DetectorState } from '../model/insights/detector-state.ts'
import type { Insight, InsightChange, InsightEvent } from '../model/insights/insight.ts'
import type { Json } from '../model/json.ts'
import type { Tenant } from '../model/tenant.ts'
import type { ControlChange } from '../store/control-log.ts'
import type { Answer, Decision } from './answer.ts'
import { invalid } from './answer.ts'
import { bodyMember } from './body-member.ts'
import type { Control } from './control.ts'
import type { TenantState } from './tenant-state.ts'
import { bodiesOf, bodyOf } from './tenant-state.ts'

/** Whose insight it is. An ARN is that of one group for ever, a name may be used again. */
export type InsightGroup = { readonly name: string; readonly arn: string }

/** An insight as it is kept. */
export type KeptInsight = { readonly group: InsightGroup; readonly insight: Insight }

/** What a detector of a group has come to. */
export type DetectorProgress = {
  readonly group: InsightGroup
  /** How far the state was that was kept before, and that this one goes on from; 0 for none. */
  readonly sinceSeconds: number
  readonly state: DetectorState
  readonly changes: readonly InsightChange[]
}

/** The insights of each account and region, with what their detectors know. They are kept for 30 days. */
export type Insights = {
  /** All who have set anything. */
  tenants(): readonly Tenant[]
  /** The newest first. */
  list(tenant: Tenant, nowSeconds: number): readonly KeptInsight[]
  find(tenant: Tenant, id: string, nowSeconds: number): Promise<Answer<KeptInsight>>
  /** The newest first. */
  events(tenant: Tenant, id: string): readonly InsightEvent[]
  /** The groups that have a detector, and where each of them is. */
  detectors(tenant: Tenant): readonly { readonly group: InsightGroup; readonly throughSeconds: number }[]
  /** What a group's detector knew when that was last kept. */
  detector(tenant: Tenant, groupArn: string): DetectorState | undefined
  /**
   * Keeps what a detector knows, and what it has found since, all of it or nothing. Where another server of a cluster has
   * kept something meanwhile, nothing is kept, and the answer is false: what is kept is one story, not two in turns.
   */
  save(tenant: Tenant, progress: DetectorProgress, nowSeconds: number): Promise<boolean>
  /** Keeps what became of the insights of a group that nobody watches any more, and forgets its detector. */
  end(tenant: Tenant, group: InsightGroup, changes: readonly InsightChange[]): Promise<void>
}

const INSIGHT = 'insight'
const EVENT = 'insight-event'
const DETECTOR = 'insight-detector'

const LIFETIME_SECONDS = 30 * 86_400
/** Of an insight; older ones go. */
const MAX_EVENTS = 1_000
/** Of a tenant; beyond, the oldest closed ones go. */
const MAX_INSIGHTS = 5_000

/** Insights over the control state, so that they survive a restart and all servers of a cluster know them. */
export function createInsights(control: Control): Insights {
  return {
    tenants: () => control.tenants(),

    list: (tenant, nowSeconds) => listOf(control.state(tenant)).filter((kept) => !isExpired(kept, nowSeconds)),

    async find(tenant, id, nowSeconds) {
      const known = readInsight(bodyOf(control.state(tenant), INSIGHT, id))
      if (known !== undefined && !isExpired(known, nowSeconds)) return { ok: true, value: known }
      // Another server of a cluster may have found it a moment ago: a decision sees the newest state.
      return control.change(tenant, (state): Decision<KeptInsight> => {
        const found = readInsight(bodyOf(state, INSIGHT, id))
        if (found === undefined || isExpired(found, nowSeconds)) return invalid('Insight not found')
        return { ok: true, value: found, changes: [] }
      })
    },

    events: (tenant, id) =>
      bodiesOf(control.state(tenant), EVENT)
        .filter(([key]) => key.startsWith(`${id}/`))
        .flatMap(([, body]) => readEvent(body) ?? [])
        .toSorted((a, b) => b.number - a.number),

    detectors: (tenant) =>
      bodiesOf(control.state(tenant), DETECTOR).flatMap(([arn, body]) => {
        const name = bodyMember(body, 'group')
        const throughSeconds = bodyMember(bodyMember(body, 'state'), 'throughSeconds')
        if (typeof name !== 'string' || typeof throughSeconds !== 'number') return []
        return [{ group: { name, arn }, throughSeconds }]
      }),

    detector: (tenant, groupArn) => readDetector(bodyOf(control.state(tenant), DETECTOR, groupArn)),

    async save(tenant, { group, sinceSeconds, state: detector, changes }, nowSeconds) {
      const saved = await control.change(tenant, (state): Decision<boolean> => {
        const kept = readDetector(bodyOf(state, DETECTOR, group.arn))
        if ((kept?.throughSeconds ?? 0) !== sinceSeconds) return { ok: true, value: false, changes: [] }
        // It is JSON: `DetectorState` has no other values.
        const body = { group: group.name, state: detector as unknown as Json }
        const set = [...write(group, changes), { kind: DETECTOR, key: group.arn, body }]
        const written = new Set(set.map(({ kind, key }) => `${kind} ${key}`))
        const dropped = dropOld(state, nowSeconds).filter(({ kind, key }) => !written.has(`${kind} ${key}`))
        return { ok: true, value: true, changes: [...set, ...dropped] }
      })
      return saved.ok && saved.value
    },

    async end(tenant, group, changes) {
      await control.change(tenant, (state): Decision<undefined> => {
        if (bodyOf(state, DETECTOR, group.arn) === undefined) return { ok: true, value: undefined, changes: [] }
        const ended = [...write(group, changes), { kind: DETECTOR, key: group.arn, body: undefined }]
        return { ok: true, value: undefined, changes: ended }
      })
    },
  }
}

/** Each insight as the last change left it, and all events; no two changes are of one thing. */
function write(group: InsightGroup, changes: readonly InsightChange[]): readonly ControlChange[] {
  const written = new Map<string, ControlChange>()
  for (const { insight, event } of changes) {
    // Both are JSON: their types have no other values.
    const body = { group: group.name, arn: group.arn, insight: insight as unknown as Json }
    written.set(insight.id, { kind: INSIGHT, key: insight.id, body })
    const key = eventKey(insight.id, event.number)
    written.set(key, { kind: EVENT, key, body: event })
    const old = eventKey(insight.id, event.number - MAX_EVENTS)
    if (event.number > MAX_EVENTS) written.set(old, { kind: EVENT, key: old, body: undefined })
  }
  return [...written.values()]
}

const eventKey = (id: string, number: number): string => `${id}/${number}`

/** Insights that have lived long enough, and their events. */
function dropOld(state: TenantState, nowSeconds: number): readonly ControlChange[] {
  const all = listOf(state)
  const old = all.filter((kept) => isExpired(kept, nowSeconds))
  const closed = all.filter(
    ({ insight }) => insight.state === 'CLOSED' && !old.some((kept) => kept.insight === insight),
  )
  const many = closed.slice(Math.max(0, closed.length - Math.max(0, all.length - old.length - MAX_INSIGHTS)))
  const ids = new Set([...old, ...many].map(({ insight }) => insight.id))
  if (ids.size === 0) return []
  const events = bodiesOf(state, EVENT).filter(([key]) => ids.has(key.slice(0, key.indexOf('/'))))
  return [
    ...[...ids].map((key) => ({ kind: INSIGHT, key, body: undefined })),
    ...events.map(([key]) => ({ kind: EVENT, key, body: undefined })),
  ]
}

function listOf(state: TenantState): readonly KeptInsight[] {
  return bodiesOf(state, INSIGHT)
    .flatMap(([, body]) => readInsight(body) ?? [])
    .toSorted((a, b) => compareNewestFirst(a.insight, b.insight))
}

/** The newest first; of one time, by id. */
export function compareNewestFirst(
  a: Pick<Insight, 'id' | 'startSeconds'>,
  b: Pick<Insight, 'id' | 'startSeconds'>,
): number {
  return b.startSeconds - a.startSeconds || (a.id < b.id ? -1 : a.id === b.id ? 0 : 1)
}

const isExpired = ({ insight }: KeptInsight, nowSeconds: number): boolean =>
  insight.endSeconds !== undefined && insight.endSeconds < nowSeconds - LIFETIME_SECONDS

/** Nothing when it was not written by `write`, of this version. */
function readInsight(body: Json | undefined): KeptInsight | undefined {
  const name = bodyMember(body, 'group')
  const arn = bodyMember(body, 'arn')
  const insight = bodyMember(body, 'insight')
  if (typeof name !== 'string' || typeof arn !== 'string' || insight === undefined) return undefined
  // Only `write` writes this kind, and what it writes is an insight.
  return { group: { name, arn }, insight: insight as unknown as Insight }
}

function readEvent(body: Json | undefined): InsightEvent | undefined {
  if (typeof bodyMember(body, 'number') !== 'number') return undefined
  // The same.
  return body as unknown as InsightEvent
}

function readDetector(body: Json | undefined): DetectorState | undefined {
  const state = bodyMember(body, 'state')
  // The same; what another version kept begins anew.
  return bodyMember(state, 'version') === 1 ? (state as unknown as DetectorState) : undefined
}
