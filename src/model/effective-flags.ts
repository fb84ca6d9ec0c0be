import type { Entity } from './entity.ts'

/** How the answer of a segment, or the call of a subsegment, went. */
export type EffectiveFlags = { readonly fault: boolean; readonly error: boolean; readonly throttle: boolean }

/**
 * An explicit flag, true or false, wins; an absent one follows `http.response.status`: 5xx is a fault, 4xx an error, 429
 * a throttle (design §8). A throttle is an error as well, unless the document says that it is none (spec/query §0.7).
 */
export function effectiveFlags(entity: Entity): EffectiveFlags {
  return { fault: isFault(entity), error: isError(entity), throttle: isThrottle(entity) }
}

/** The flag `fault` alone. */
export function isFault({ fault, http }: Entity): boolean {
  if (fault !== undefined) return fault
  const status = http?.status
  return status !== undefined && status >= 500 && status <= 599
}

/** The flag `error` alone. */
export function isError(entity: Entity): boolean {
  if (entity.error !== undefined) return entity.error
  const status = entity.http?.status
  return (status !== undefined && status >= 400 && status <= 499) || isThrottle(entity)
}

/** The flag `throttle` alone. */
export function isThrottle({ throttle, http }: Entity): boolean {
  return throttle ?? http?.status === 429
}

/** The bits of `flagBits`. */
export const FAULT = 1
export const ERROR = 2
export const THROTTLE = 4

/** All three flags in one number: the bits of those that are set. */
export function flagBits(entity: Entity): number {
  return (isFault(entity) ? FAULT : 0) | (isError(entity) ? ERROR : 0) | (isThrottle(entity) ? THROTTLE : 0)
}
