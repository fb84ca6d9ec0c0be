import type { Json } from '../model/json.ts'
import type { ControlEntry, ControlStamp } from '../store/control-log.ts'
import { compareStamps } from '../store/control-log.ts'

/** The last change of one thing. A deleted thing stays, without a body, so that an older change cannot bring it back. */
type Held = { readonly stamp: ControlStamp; readonly body: Json | undefined }

/** All that one tenant has set: by kind, then by key. Never changed; a later state is another value. */
export type TenantState = {
  readonly kinds: ReadonlyMap<string, ReadonlyMap<string, Held>>
  /** The greatest `timeUs` of any change. */
  readonly timeUs: number
}

/** The state of a tenant that has never set anything. */
export const emptyState: TenantState = { kinds: new Map(), timeUs: 0 }

/**
 * The state with these entries of its tenant. The last write of a thing wins, whatever the order of the entries, and
 * entries that are known already change nothing; then the state is the same value.
 */
export function fold(state: TenantState, entries: readonly Omit<ControlEntry, 'tenant'>[]): TenantState {
  const changed = new Map<string, Map<string, Held>>()
  let { timeUs } = state
  for (const { kind, key, stamp, body } of entries) {
    const things = changed.get(kind) ?? state.kinds.get(kind)
    const held = things?.get(key)
    if (held !== undefined && compareStamps(held.stamp, stamp) >= 0) continue
    let copy = changed.get(kind)
    if (copy === undefined) changed.set(kind, (copy = new Map(things)))
    copy.set(key, { stamp, body })
    timeUs = Math.max(timeUs, stamp.timeUs)
  }
  return changed.size === 0 ? state : { kinds: new Map([...state.kinds, ...changed]), timeUs }
}

/** What a thing is set to; nothing when it is not set, or deleted. */
export function bodyOf(state: TenantState, kind: string, key: string): Json | undefined {
  return state.kinds.get(kind)?.get(key)?.body
}

/** Everything of a kind that is set, in no promised order. */
export function bodiesOf(state: TenantState, kind: string): readonly (readonly [key: string, body: Json])[] {
  return [...(state.kinds.get(kind) ?? [])].flatMap(([key, { body }]) => (body === undefined ? [] : [[key, body]]))
}

/** The time of the last change of anything of a kind, in microseconds since the epoch; deletions count. 0 for none. */
export function lastChangeUs(state: TenantState, kind: string): number {
  let lastUs = 0
  for (const { stamp } of state.kinds.get(kind)?.values() ?? []) lastUs = Math.max(lastUs, stamp.timeUs)
  return lastUs
}
