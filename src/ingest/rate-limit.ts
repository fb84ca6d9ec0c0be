import type { Tenant } from '../model/tenant.ts'
import type { Ingest } from './ingest.ts'
import { OverloadError } from './ingest.ts'

/** How many documents each account and region may send (spec/ingest §1.7). */
export type RateLimit = {
  /** Whether a call of so many documents may come in now; if so, they are counted. */
  take(tenant: Tenant, documents: number): boolean
  /** How many of so many single documents may come in now; these are counted. */
  takeUpTo(tenant: Tenant, documents: number): number
}

type Bucket = { tokens: number; atMs: number }

/** Whoever invents accounts faster than this gets fresh buckets, and takes nothing from others. */
const MAX_BUCKETS = 10_000

/**
 * A token bucket for each account and region: so many documents a second, and those of one second in a burst. A call
 * that is larger than the bucket passes when that is full, and is paid for afterwards. Infinity is no limit.
 */
export function createRateLimit(perSecond: number, now: () => number): RateLimit {
  if (perSecond === Infinity) return { take: () => true, takeUpTo: (_, documents) => documents }
  const buckets = new Map<string, Bucket>()

  const bucketOf = ({ account, region }: Tenant): Bucket => {
    const key = `${account}/${region}`
    const atMs = now()
    let bucket = buckets.get(key)
    if (bucket === undefined) {
      if (buckets.size >= MAX_BUCKETS) buckets.clear()
      buckets.set(key, (bucket = { tokens: perSecond, atMs }))
    }
    // A clock that is set back brings no tokens, and takes none.
    const elapsedSeconds = Math.max(0, atMs - bucket.atMs) / 1000
    bucket.tokens = Math.min(perSecond, bucket.tokens + elapsedSeconds * perSecond)
    bucket.atMs = atMs
    return bucket
  }

  return {
    take(tenant, documents) {
      const bucket = bucketOf(tenant)
      if (bucket.tokens < Math.min(documents, perSecond)) return false
      bucket.tokens -= documents
      return true
    },
    takeUpTo(tenant, documents) {
      const bucket = bucketOf(tenant)
      const admitted = Math.max(0, Math.min(documents, Math.floor(bucket.tokens)))
      bucket.tokens -= admitted
      return admitted
    },
  }
}

/** Lets calls in as the limit allows, and refuses the others whole with an `OverloadError`. */
export function limitCalls(ingest: Ingest, limit: RateLimit): Ingest {
  return {
    async accept(tenant, texts, source) {
      if (!limit.take(tenant, texts.length)) throw new OverloadError('documents arrive faster than they may')
      return ingest.accept(tenant, texts, source)
    },
  }
}
