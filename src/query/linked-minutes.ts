import { graphValues, type GraphAccumulator } from '../model/graph/graph-accumulator.ts'
import type { Tenant } from '../model/tenant.ts'
import type { TouchedMinute } from '../store/graph-minutes.ts'

/** So many minutes before a window are looked at, too: what was received in it was sent a little earlier. */
export const LINK_MINUTES = 15
/** All histograms that are remembered have together so many values, at some dozen bytes each. */
const MAX_VALUES = 400_000

type Remembered = {
  readonly graph: GraphAccumulator
  /** By the second at which a minute starts: its touches when this was counted. */
  readonly touches: ReadonlyMap<number, string>
  readonly values: number
}

/** The minutes of a tenant as they were before a question counted anything. */
export type KnownTouches = ReadonlyMap<number, string>

/** The touches of minutes by the second at which they start. Minutes of long traces have none that mean anything. */
export function knownTouches(touched: readonly TouchedMinute[]): KnownTouches {
  return new Map(touched.flatMap(({ startSeconds, touches, isLong }) => (isLong ? [] : [[startSeconds, touches]])))
}

/**
 * Remembers minutes that received something from traces elsewhere. They cannot be kept in the store, because nothing
 * leads from those traces to these minutes; but here it is known in which minutes those were active, and as long as none
 * of these was touched, they are what they were.
 */
export class LinkedMinutes {
  readonly #remembered = new Map<string, Remembered>()
  #values = 0

  /** The graph of a minute, if it is still true. It MUST NOT be changed. */
  recall(tenant: Tenant, startSeconds: number, known: KnownTouches): GraphAccumulator | undefined {
    const key = keyOf(tenant, startSeconds)
    const entry = this.#remembered.get(key)
    if (entry === undefined) return undefined
    this.#forget(key, entry)
    for (const [minute, touches] of entry.touches) if (known.get(minute) !== touches) return undefined
    this.#remembered.set(key, entry)
    this.#values += entry.values
    return entry.graph
  }

  /**
   * Remembers what was counted of a minute, `known` being from before that. `activeSeconds` are the starts of the minutes
   * in which those were active that the minute received something from.
   */
  remember(
    tenant: Tenant,
    startSeconds: number,
    graph: GraphAccumulator,
    activeSeconds: Iterable<number>,
    known: KnownTouches,
  ): void {
    const touches = new Map<number, string>()
    for (const minute of [startSeconds, ...activeSeconds]) {
      const text = known.get(minute)
      // Not among those that were looked at, so that it could not be told when it changes.
      if (text === undefined) return
      touches.set(minute, text)
    }
    const key = keyOf(tenant, startSeconds)
    const before = this.#remembered.get(key)
    if (before !== undefined) this.#forget(key, before)
    const values = graphValues(graph)
    this.#remembered.set(key, { graph, touches, values })
    this.#values += values
    for (const [oldest, entry] of this.#remembered) {
      if (this.#values <= MAX_VALUES) break
      this.#forget(oldest, entry)
    }
  }

  #forget(key: string, { values }: Remembered): void {
    this.#remembered.delete(key)
    this.#values -= values
  }
}

const keyOf = ({ account, region }: Tenant, startSeconds: number): string => `${account} ${region} ${startSeconds}`
