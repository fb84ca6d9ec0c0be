import type { Entity } from './entity.ts'

/** How the answer of a segment, or the call of a subsegment, went. */
export type EffectiveFlags = { readonly fault: boolean; readonly error: boolean; readonly throttle: boolean }

/**
 * An explicit flag, true or false, wins; an absent one follows `http.response.status`: 5xx is a fault, 4xx an error, 429
 * a throttle (design §8). A throttle is an error as well, unless the document says that it is none (spec/query §0.7).
 */
export function effectiveFlags({ fault, error, throttle, http }: Entity): EffectiveFlags {
  const status = http?.status ?? 0
  const throttled = throttle ?? status === 429
  return {
    fault: fault ?? (status >= 500 && status <= 599),
    error: error ?? (throttled || (status >= 400 && status <= 499)),
    throttle: throttled,
  }
}
