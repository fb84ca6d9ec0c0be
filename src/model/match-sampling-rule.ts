import type { SamplingMatchers, SamplingRule } from './sampling-rule.ts'
import { compareSamplingRules } from './sampling-rule.ts'

/** What is known of a request when it is to be decided whether it is traced. */
export type SamplingRequest = Partial<SamplingMatchers> & {
  readonly attributes?: ReadonlyMap<string, string> | undefined
}

/** A part of a rule that a request does not satisfy. */
export type FailedMatcher =
  | { readonly kind: 'matcher'; readonly name: keyof SamplingMatchers }
  | { readonly kind: 'attribute'; readonly name: string }

/** A rule, and what of it the request does not satisfy: nothing when it matches. */
export type ConsideredRule = { readonly rule: SamplingRule; readonly failed: readonly FailedMatcher[] }

const MATCHERS = ['serviceName', 'serviceType', 'host', 'httpMethod', 'urlPath'] as const

/**
 * Which rules match a request, in the order in which they are asked: the first one without failures decides (spec/query
 * §4.3). As X-Ray's SDKs do it: what the request does not say matches; but a rule for certain resources or attributes is
 * for those that have them.
 */
export function considerRules(rules: readonly SamplingRule[], request: SamplingRequest): readonly ConsideredRule[] {
  return rules.toSorted(compareSamplingRules).map((rule) => ({ rule, failed: failedMatchers(rule, request) }))
}

function failedMatchers(rule: SamplingRule, request: SamplingRequest): readonly FailedMatcher[] {
  const failed: FailedMatcher[] = []
  for (const name of MATCHERS) {
    const text = request[name]
    if (text !== undefined && !matchesWildcards(rule[name], text)) failed.push({ kind: 'matcher', name })
  }
  if (rule.resourceArn !== '*' && !matchesWildcards(rule.resourceArn, request.resourceArn)) {
    failed.push({ kind: 'matcher', name: 'resourceArn' })
  }
  for (const [name, pattern] of rule.attributes) {
    if (!matchesWildcards(pattern, request.attributes?.get(name))) failed.push({ kind: 'attribute', name })
  }
  return failed
}

/**
 * Whether a pattern covers a whole text: `*` is any run of characters, `?` is one, upper and lower case are the same. No
 * text is matched by none. Goes back to the last `*` only, so that the time is at most pattern times text.
 */
export function matchesWildcards(pattern: string, text: string | undefined): boolean {
  if (text === undefined) return false
  const wanted = Array.from(pattern.toLowerCase())
  const given = Array.from(text.toLowerCase())
  let at = 0
  let star = -1
  let resume = 0
  for (let place = 0; place < given.length;) {
    if (wanted[at] === '*') {
      star = at
      at += 1
      resume = place
    } else if (wanted[at] === '?' || wanted[at] === given[place]) {
      at += 1
      place += 1
    } else if (star !== -1) {
      at = star + 1
      resume += 1
      place = resume
    } else {
      return false
    }
  }
  while (wanted[at] === '*') at += 1
  return at === wanted.length
}
