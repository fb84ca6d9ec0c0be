import { sha256 } from '@noble/hashes/sha2.js'
import type { Tenant } from '../tenant.ts'

/** Names the insight that starts at a second with this root cause, always the same. */
export type InsightIdOf = (startSeconds: number, rootKey: string) => string

/**
 * The id of the insight of a group that starts at a minute with this root cause: the same whoever finds it, and a UUID
 * of version 5 by its form (spec/query §4.2 rule 5).
 */
export function insightId(
  { account, region }: Tenant,
  groupArn: string,
  startSeconds: number,
  rootKey: string,
): string {
  const digest = sha256(bytesOf(JSON.stringify([account, region, groupArn, startSeconds, rootKey])))
  const hex = Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const variant = ((digest[8] ?? 0) & 0x3f) | 0x80
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `${variant.toString(16)}${hex.slice(18, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

/** Only has to be different for different texts: the two bytes of each unit. */
function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2)
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    bytes[at * 2] = unit >> 8
    bytes[at * 2 + 1] = unit & 0xff
  }
  return bytes
}
