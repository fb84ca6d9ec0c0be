/** What a rule asks of a request: patterns, in which `*` is any run of characters and `?` any one of them. */
export type SamplingMatchers = {
  readonly resourceArn: string
  readonly serviceName: string
  readonly serviceType: string
  readonly host: string
  readonly httpMethod: string
  readonly urlPath: string
}

/** How far a rule may be lifted for a minute, so that anomalies are caught, and how long it rests after that. */
export type SamplingRateBoost = { readonly maxRate: number; readonly cooldownWindowMinutes: number }

/** Which requests are traced, and how many of them (spec/query §4.3). */
export type SamplingRule = SamplingMatchers & {
  readonly name: string
  /** Of the rules that match, the one with the least priority counts; of equal ones the first by name. */
  readonly priority: number
  /** The share of requests, from 0 to 1, that is sampled beyond the reservoir. */
  readonly fixedRate: number
  /** How many requests a second are sampled before that, by all clients together. */
  readonly reservoirSize: number
  /** Patterns of what a request says of itself. A list, since a name may be `__proto__`. */
  readonly attributes: readonly (readonly [name: string, pattern: string])[]
  readonly boost?: SamplingRateBoost
}

/** The name of the rule that every account and region has, and that is asked last. */
export const DEFAULT_RULE = 'Default'

/** The order in which rules are asked: by priority, then by name, and Default after all others. */
export function compareSamplingRules(a: SamplingRule, b: SamplingRule): number {
  const isLast = Number(a.name === DEFAULT_RULE) - Number(b.name === DEFAULT_RULE)
  if (isLast !== 0) return isLast
  if (a.priority !== b.priority) return a.priority - b.priority
  return a.name === b.name ? 0 : a.name < b.name ? -1 : 1
}
