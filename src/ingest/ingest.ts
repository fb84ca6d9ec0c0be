import type { Rejection } from '../model/outcome.ts'
import type { Tenant } from '../model/tenant.ts'

/** Which door the documents came through. */
export type Source = 'http' | 'udp'

/** What became of the documents of one call; everything not listed here is stored. */
export type AcceptOutcome = { readonly rejections: readonly Rejection[] }

/** Takes documents in. Knows no transport. */
export interface Ingest {
  /**
   * Reads, checks and stores the documents of one call, in their order.
   *
   * Resolves once every accepted document would survive a kill −9 and a power failure. Rejects with `OverloadError`
   * when there is no room (nothing of the call is stored), and with another error when the disk failed (some of the
   * call may be stored, none of it is acknowledged).
   */
  accept(tenant: Tenant, texts: readonly string[], source: Source): Promise<AcceptOutcome>
}

/** No room for more documents until some are stored or space is freed; the caller should try again later. */
export class OverloadError extends Error {
  override readonly name = 'OverloadError'
}
