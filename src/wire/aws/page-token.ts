import { createHash } from 'node:crypto'

/** Where the next page of a list of traces begins; the wire's own copy of the store's position. */
export type PagePosition = {
  readonly timeSeconds: number
  readonly id: string
  /** How many more traces may be looked at on the pages to come, where that is limited. */
  readonly left?: number
}

const LIFETIME_SECONDS = 24 * 3600

/** Clocks of two servers behind one address may differ by this much. */
const SKEW_SECONDS = 300

/**
 * An opaque token for the next page. `parameters` names everything that the pages of one list have in common; the token
 * is good for one day and for these parameters only (spec/query §0.6).
 */
export function writePageToken(parameters: readonly unknown[], position: PagePosition, nowSeconds: number): string {
  const { timeSeconds, id, left } = position
  const content = [hash(parameters), Math.floor(nowSeconds), timeSeconds, id, ...(left === undefined ? [] : [left])]
  return Buffer.from(JSON.stringify(content)).toString('base64url')
}

/** The position a token was written for; nothing when it is malformed, expired, or of other parameters. */
export function readPageToken(
  token: string,
  parameters: readonly unknown[],
  nowSeconds: number,
): PagePosition | undefined {
  const bytes = Buffer.from(token, 'base64url')
  // Decoding skips what is not base64url: only the text that was issued may pass.
  if (bytes.toString('base64url') !== token) return undefined
  const content = parse(bytes.toString())
  if (!Array.isArray(content) || (content.length !== 4 && content.length !== 5)) return undefined
  const [hashed, issuedSeconds, timeSeconds, id, left] = content as readonly unknown[]
  if (hashed !== hash(parameters) || typeof issuedSeconds !== 'number') return undefined
  const ageSeconds = nowSeconds - issuedSeconds
  if (!(ageSeconds < LIFETIME_SECONDS && ageSeconds > -SKEW_SECONDS)) return undefined
  // 1e999 is a number to JSON.parse, and infinite.
  if (!Number.isFinite(timeSeconds) || typeof id !== 'string') return undefined
  if (left === undefined) return { timeSeconds: Number(timeSeconds), id }
  return Number.isFinite(left) ? { timeSeconds: Number(timeSeconds), id, left: Number(left) } : undefined
}

function hash(parameters: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parameters)).digest('base64url').slice(0, 16)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
