import { createHash } from 'node:crypto'
import type { TraceId } from '../model/ids.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import type { Wire } from '../wire/xray/shapes.generated.ts'

/** What a request for a sample keeps. */
export type Sampling =
  /** Those of which `keeps` is true; absent, all. */
  | { readonly kind: 'fixed-rate'; readonly keeps?: (id: TraceId) => boolean }
  /** This share of the window's traces, the newest ones. */
  | { readonly kind: 'partial-scan'; readonly share: number }

const EVERYTHING: Sampling = { kind: 'fixed-rate' }

/**
 * Which traces a request for a sample keeps: the same ones at every call, so that pages and repeated calls agree
 * (spec/query §2.1). A strategy without `Sampling` is not looked at; `Sampling` without a strategy keeps everything.
 */
export function sampling(sample: boolean, strategy: Wire['SamplingStrategy'] | undefined): Sampling {
  if (!sample || strategy === undefined) return EVERYTHING
  const rate = strategy.Value ?? 1
  if (rate < 0 || rate > 1) fail('InvalidRequestException', 'SamplingStrategy.Value must be between 0 and 1')
  if (strategy.Name === 'PartialScan') return { kind: 'partial-scan', share: rate }
  return rate === 1 ? EVERYTHING : { kind: 'fixed-rate', keeps: (id) => shareOf(id) < rate }
}

/** A number in [0, 1) that depends on the trace id alone: the first 8 bytes of its SHA-256 over 2^64. */
export const shareOf = (id: TraceId): number =>
  Number(createHash('sha256').update(id).digest().readBigUInt64BE(0)) / 2 ** 64
